"""Decline a reply that waits for approval: it is not sent, its author reads why, and the answer stays accepted here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from forum.actions.approve_reply import HELD, require_right
from forum.actions.note_reply_step import Step, hold_author, note_reply_step
from forum.kernel.messages import Message
from forum.outbox.deciding import decide
from forum.outbox.delivery import Delivery, State
from forum.people.account import Account
from forum.threads.writing import clean_reason

LONGEST_REASON = 300


def decline_reply(session: Session, delivery: Delivery, by: Account, *, reason: str, now: datetime) -> bool:
    """Raises Invalid without a reason. False where somebody has decided already."""
    require_right(delivery, by)
    why = clean_reason(reason, LONGEST_REASON, Message("Please say why: the author of the answer reads it."))
    hold_author(session, delivery)
    if not decide(session, delivery, HELD, State.CANCELLED, now, refused_why=why):
        return False
    note_reply_step(session, delivery, Step.DECLINED, by, now, why=why)
    return True
