"""Note what staff did to a reply that waited for approval, and tell the author of the answer what became of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from forum.actions.give_points import hold_members
from forum.actions.tell import About, tell
from forum.moderation.log import LogEntry
from forum.notices.events import REPLY_APPROVED, REPLY_DECLINED
from forum.outbox.delivery import Delivery
from forum.people.account import Account
from forum.people.permissions import Act
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post


class Step(StrEnum):
    APPROVED = "approved"
    EDITED = "edited"  # and approved
    DECLINED = "refused"
    TAKEN_OVER = "taken_over"
    TAKEN_UP = "taken_up"


_TOLD = {
    Step.APPROVED: REPLY_APPROVED,
    Step.EDITED: REPLY_APPROVED,
    Step.DECLINED: REPLY_DECLINED,
    Step.TAKEN_OVER: REPLY_DECLINED,
}


def hold_author(session: Session, delivery: Delivery) -> None:
    """Before the reply is decided: whoever withdraws the acceptance holds the author first and calls the reply back then."""
    hold_members(session, [_post(session, delivery).author_id])


def note_reply_step(
    session: Session, delivery: Delivery, step: Step, by: Account, now: datetime, *, why: str = "", before: str = ""
) -> None:
    """`why` is read by the author too; `before` is the text that staff changed."""
    details = {"step": str(step), **({"why": why} if why else {}), **({"before": before} if before else {})}
    entry = LogEntry(act=Act.APPROVE_REPLIES, about=f"delivery:{delivery.id}", by_id=by.id, at=now, details=details)
    session.add(entry)
    session.flush()
    if step in _TOLD:
        _tell_author(session, delivery, step, by, entry)


def _tell_author(session: Session, delivery: Delivery, step: Step, by: Account, entry: LogEntry) -> None:
    """One notice for each step: a reply that is declined, taken up and declined again is told of twice."""
    post = _post(session, delivery)
    if post.author_id is None:
        return
    key = f"reply:{delivery.id}:{step}:{entry.id}"
    about = About(key, delivery.thread_id, post.id, by.id, {**entry.details, "delivery": delivery.id})
    tell(session, post.author_id, _TOLD[step], about, entry.at)


def _post(session: Session, delivery: Delivery) -> Row[int, int | None]:
    """Its id and its author's."""
    of_reply = select(Post.id, Post.author_id).join(Acceptance).where(Acceptance.id == delivery.acceptance_id)
    return session.execute(of_reply).one()
