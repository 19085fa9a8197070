"""Approve a reply that waits for staff, as it is or with words of theirs: the rung of the ladder that a person holds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from forum.actions.note_reply_step import Step, hold_author, note_reply_step
from forum.actions.reword_reply import Reworded, require_fit
from forum.kernel.errors import NotFound
from forum.kernel.messages import Message
from forum.outbox.deciding import Seen, decide
from forum.outbox.delivery import Delivery, Kind, State
from forum.people.account import Account
from forum.people.permissions import Act, require

HELD = Seen(State.HELD, None)


def approve_reply(session: Session, delivery: Delivery, by: Account, *, text: str | None = None, now: datetime) -> bool:
    """Let it go out. `text` is what was shown to the approver; then these very words go, whatever the post says later.

    False, and nothing changes, where somebody has decided already.
    """
    require_right(delivery, by)
    facts = {"text": text} if text else {}
    hold_author(session, delivery)
    if not decide(
        session, delivery, HELD, State.WAITING, now, due_at=now, approved_by_id=by.id, approved_at=now, **facts
    ):
        return False
    note_reply_step(session, delivery, Step.APPROVED, by, now)
    return True


def approve_edited_reply(session: Session, delivery: Delivery, by: Account, words: Reworded, now: datetime) -> bool:
    """Let it go out in these words. Its author stays credited; who changed it stands in the row and in the log.

    Raises Invalid where the network does not take so much. False where somebody has decided already.
    """
    require_right(delivery, by)
    if words.text == words.before:
        return approve_reply(session, delivery, by, text=words.text, now=now)
    require_fit(words)
    hold_author(session, delivery)
    done = decide(
        session, delivery, HELD, State.WAITING, now,
        due_at=now, approved_by_id=by.id, approved_at=now, edited_by_id=by.id, text=words.text,
    )  # fmt: skip
    if done:
        note_reply_step(session, delivery, Step.EDITED, by, now, before=words.before)
    return done


def require_right(delivery: Delivery, by: Account) -> None:
    require(by, Act.APPROVE_REPLIES)
    if delivery.kind != Kind.REPLY:
        raise NotFound(Message("There is no such reply."))
