"""Take over a reply that waits for approval: staff answer there in their own words, in the brand's name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from forum.actions.approve_reply import HELD, require_right
from forum.actions.note_reply_step import Step, hold_author, note_reply_step
from forum.actions.reword_reply import Reworded, require_fit
from forum.outbox.deciding import decide
from forum.outbox.delivery import Delivery, State
from forum.people.account import Account


def take_over_reply(session: Session, delivery: Delivery, by: Account, words: Reworded, now: datetime) -> bool:
    """`words` are signed by the site, not by the member, whose answer stays accepted here with all its points.

    Raises Invalid where the network does not take so much. False where somebody has decided already.
    """
    require_right(delivery, by)
    require_fit(words)
    hold_author(session, delivery)
    done = decide(
        session, delivery, HELD, State.WAITING, now,
        due_at=now, approved_by_id=by.id, approved_at=now, taken_over_by_id=by.id, text=words.text,
    )  # fmt: skip
    if done:
        note_reply_step(session, delivery, Step.TAKEN_OVER, by, now, before=words.before)
    return done
