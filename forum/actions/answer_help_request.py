"""What a member says to being asked: not now, not my thing, or by answering. Each teaches whom to ask next time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from forum.actions.learn_expertise import learn_soon
from forum.actions.mute_subject import mute_subject
from forum.kernel.database import lock
from forum.kernel.errors import Invalid, NotFound
from forum.kernel.messages import Message
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.superfans.expertise import Field
from forum.superfans.helping import HelpRequest, Reply
from forum.threads.private_boards import require_readable
from forum.threads.thread import Thread

SNOOZED_FOR = timedelta(hours=4)


def answer_help_request(
    session: Session, request_id: int, reply: str, by: Account, *, mute: str = "", now: datetime
) -> HelpRequest:
    """`mute` names one of the request's reasons, such as tag:mesh: the member wants no more questions about it.

    Not my thing stays said; not now can be said again. Nobody answers for somebody else.
    """
    require(by, Act.ANSWER)
    request = session.get(HelpRequest, request_id)
    if request is None or request.account_id != by.id:
        raise NotFound(Message("Nobody asked you about this."))
    if reply not in (Reply.LATER, Reply.NOT_MINE):
        raise Invalid(Message("Please choose one of these."), {"reply": Message("Please choose one of these.")})
    require_readable(session, session.get_one(Thread, request.thread_id), by)
    lock(session, request)
    if request.reply in (Reply.NOT_MINE, Reply.ANSWERED):
        return request
    request.reply, request.replied_at = Reply(reply), now
    if reply == Reply.LATER:
        request.snoozed_until = now + SNOOZED_FOR
    else:
        _teach(session, request, by, mute, now)
    session.flush()
    return request


def note_answered(session: Session, thread_id: int, by: Account, now: datetime) -> None:
    """The member wrote in the thread, so whoever asked them has an answer."""
    session.execute(
        update(HelpRequest)
        .where(HelpRequest.thread_id == thread_id, HelpRequest.account_id == by.id)
        .where(HelpRequest.reply.is_distinct_from(Reply.ANSWERED))
        .values(reply=Reply.ANSWERED, replied_at=now)
    )


def _teach(session: Session, request: HelpRequest, by: Account, mute: str, now: datetime) -> None:
    learn_soon(session, [by.id], now)
    if not mute:
        return
    if mute not in request.reasons or (field := Field.named(mute)) is None:
        raise Invalid(Message("Please choose one of these."), {"mute": Message("Please choose one of these.")})
    mute_subject(session, field, by, now)
