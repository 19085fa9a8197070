"""Approve a reply that waits for staff, or say that it is not sent: the rung of the ladder that a person holds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from forum.kernel.errors import NotFound
from forum.kernel.messages import Message
from forum.moderation.log import LogEntry
from forum.outbox.deciding import Seen, decide
from forum.outbox.delivery import Delivery, Kind, State
from forum.people.account import Account
from forum.people.permissions import Act, require

_HELD = Seen(State.HELD, None)


def approve_reply(session: Session, delivery: Delivery, by: Account, *, text: str | None = None, now: datetime) -> bool:
    """Let it go out. `text` is what was shown to the approver; then these very words go, whatever the post says later.

    False, and nothing changes, where somebody has decided already.
    """
    _require(delivery, by)
    facts = {"text": text} if text else {}
    if not decide(
        session, delivery, _HELD, State.WAITING, now, due_at=now, approved_by_id=by.id, approved_at=now, **facts
    ):
        return False
    _log(session, delivery, "approved", by, now)
    return True


def refuse_reply(session: Session, delivery: Delivery, by: Account, *, now: datetime) -> bool:
    """It is never sent; the answer stays accepted here. False where somebody has decided already."""
    _require(delivery, by)
    if not decide(session, delivery, _HELD, State.CANCELLED, now):
        return False
    _log(session, delivery, "refused", by, now)
    return True


def _require(delivery: Delivery, by: Account) -> None:
    require(by, Act.APPROVE_REPLIES)
    if delivery.kind != Kind.REPLY:
        raise NotFound(Message("There is no such reply."))


def _log(session: Session, delivery: Delivery, step: str, by: Account, now: datetime) -> None:
    about = f"delivery:{delivery.id}"
    session.add(LogEntry(act=Act.APPROVE_REPLIES, about=about, by_id=by.id, at=now, details={"step": step}))
    session.flush()
