"""Take up a reply again that staff declined: it waits for approval once more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from forum.actions.approve_reply import require_right
from forum.actions.note_reply_step import Step, note_reply_step
from forum.kernel.database import lock
from forum.kernel.errors import Conflict
from forum.kernel.messages import Message
from forum.outbox.deciding import Seen, decide
from forum.outbox.delivery import Delivery, State
from forum.people.account import Account
from forum.threads.acceptance import Acceptance
from forum.threads.thread import Thread


def take_up_reply(session: Session, delivery: Delivery, by: Account, *, seen: Seen | None, now: datetime) -> bool:
    """Only one that a person declined, whose acceptance stands. False where it is no longer what was seen."""
    require_right(delivery, by)
    lock(session, session.get_one(Thread, delivery.thread_id))  # nobody withdraws the acceptance meanwhile
    session.refresh(delivery)
    if seen is None or seen.state != State.CANCELLED or delivery.refused_why is None:
        raise Conflict(Message("This cannot be decided in its present state."))
    if session.get_one(Acceptance, delivery.acceptance_id).withdrawn_at is not None:
        raise Conflict(Message("The answer is not accepted any more, so there is nothing to send."))
    if not decide(session, delivery, seen, State.HELD, now, settled_at=None, refused_why=None):
        return False
    note_reply_step(session, delivery, Step.TAKEN_UP, by, now)
    return True
