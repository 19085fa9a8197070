"""Somebody begins to ask, and similar questions were found: show them, or hold them back from a random few.

What the suggestion itself saves is the difference in how many of either go on and ask (`forum/ledger/holdout.py`).
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from forum.ledger.report_view import Arm, SuggestionTrial

WHOLE = 10_000  # hundredths of a percent


def trial_key(secret: str, account_id: int, day: date) -> str:
    """One trial a person and day; who it was cannot be read from it."""
    return hmac.digest(secret.encode(), f"asking:{account_id}:{day}".encode(), hashlib.sha256).hex()


def arm_of(session: Session, key: str) -> Arm | None:
    """Whoever is in a trial stays in its arm all day, whatever the share is set to meanwhile."""
    found = session.scalar(select(SuggestionTrial.arm).where(SuggestionTrial.key == key))
    return Arm(found) if found is not None else None


def begin_asking(session: Session, key: str, *, share: int, draw: int, now: datetime) -> Arm:
    """`share` is held out, in hundredths of a percent; `draw` is a random whole number below 10,000.

    Of two requests at once the first one's draw stands.
    """
    arm = Arm.HELD_OUT if draw < share else Arm.SHOWN
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {"key": key, "arm": arm, "share": share, "begun_at": now}
    session.execute(insert(SuggestionTrial).values(**row).on_conflict_do_nothing(index_elements=["key"]))
    return arm_of(session, key) or arm


def note_asked(session: Session, key: str, now: datetime) -> None:
    """They went on and asked that day. Whoever is in no trial leaves no trace."""
    session.execute(
        update(SuggestionTrial)
        .where(SuggestionTrial.key == key, SuggestionTrial.asked_at.is_(None))
        .values(asked_at=now)
        .execution_options(synchronize_session=False)
    )
