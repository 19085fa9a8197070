"""Leave the leaderboards, and come back. Points are earned all the same."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from forum.kernel.database import lock
from forum.people.account import Account


def leave_leaderboards(session: Session, by: Account, now: datetime) -> None:
    lock(session, by)
    by.off_leaderboards_since = by.off_leaderboards_since or now
    session.flush()


def join_leaderboards(session: Session, by: Account) -> None:
    lock(session, by)
    by.off_leaderboards_since = None
    session.flush()
