"""Find readers who read as no person does, and call a reader-week a bot's. What it had counted is then taken back.

The thresholds are far above what people do, since a whole office behind one address may look like one reader.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.ledger.reader_week import ReaderWeek, Reading

MOST_THREADS_IN_AN_HOUR = 60  # different solved threads: one a minute, all the hour, each open for seconds at least
MOST_VIEWS_IN_A_WEEK = 1_000  # about 150 a day, without a day off
HOUR = timedelta(hours=1)

THREADS_IN_AN_HOUR, VIEWS_IN_A_WEEK = "threads_in_an_hour", "views_in_a_week"


def find_bots(session: Session, reader_week_ids: Collection[int], now: datetime) -> int:
    """Look at these alone; how many were found. Both thresholds only ever grow, so the order of views does not matter."""
    suspects = session.scalars(
        select(ReaderWeek)
        .where(
            ReaderWeek.id.in_(reader_week_ids),
            ReaderWeek.bot_at.is_(None),
            ReaderWeek.views > min(MOST_THREADS_IN_AN_HOUR, MOST_VIEWS_IN_A_WEEK),
        )
        .order_by(ReaderWeek.id)
        .execution_options(populate_existing=True)
    ).all()
    found = [(week, why) for week in suspects if (why := _why_a_bot(session, week)) is not None]
    for week, why in found:
        call_bot(session, week, why, now)
    return len(found)


def call_bot(session: Session, week: ReaderWeek, why: str, now: datetime) -> None:
    """Once: what was said first stays. Does nothing to the ledger itself; the job that reviews does."""
    if week.bot_at is None:
        week.bot_at, week.bot_why = now, why[:40]
        if week.decided_at is not None and week.review_from is None:
            week.review_from = now
        session.flush()


def _why_a_bot(session: Session, week: ReaderWeek) -> str | None:
    if week.views > MOST_VIEWS_IN_A_WEEK:
        return VIEWS_IN_A_WEEK
    read = session.scalars(
        select(Reading.first_at).where(Reading.reader_week_id == week.id).order_by(Reading.first_at)
    ).all()
    return THREADS_IN_AN_HOUR if _too_fast(read) else None


def _too_fast(read: Sequence[datetime]) -> bool:
    return any(later - one <= HOUR for one, later in zip(read, read[MOST_THREADS_IN_AN_HOUR:], strict=False))
