"""The asker answers: without this answer, would you have contacted us?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from forum.kernel.database import lock
from forum.kernel.errors import Conflict, Invalid, NotAllowed
from forum.kernel.messages import Message
from forum.ledger.claim import Claim
from forum.ledger.cost import Channel
from forum.people.account import Account
from forum.threads.private_boards import require_readable
from forum.threads.thread import Thread


def state_intent(
    session: Session, claim: Claim, thread: Thread, by: Account, *, intent: str, channel: str | None, now: datetime
) -> None:
    """Once per claim, by the asker alone, while it waits. The channel counts with a yes only."""
    if thread.author_id != by.id:
        raise NotAllowed(Message("Only who asked can answer this."))
    require_readable(session, thread, by)
    lock(session, claim)
    if claim.decided_at is not None or claim.intent is not None:
        raise Conflict(Message("This has been answered already."))
    if intent not in {"yes", "no"} or (channel is not None and channel not in set(Channel)):
        raise Invalid(Message("Please choose one of the answers."))
    claim.intent, claim.channel, claim.intent_at = intent, channel if intent == "yes" else None, now
    session.flush()
