"""Note that a week's salt is made, before it is: only the number is kept, so a second one of a week is known as such."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.ledger.reader_week import ReaderSalt


def note_salt(session: Session, week: date, now: datetime) -> int:
    """The number of the salt that may now be made: 1, or more where an earlier one of this week was lost."""
    made = session.scalar(select(func.max(ReaderSalt.number)).where(ReaderSalt.week == week))
    number = (made or 0) + 1
    session.add(ReaderSalt(week=week, number=number, made_at=now))
    session.flush()
    return number
