"""Let reader-weeks whose day has come count, and bring the ledger to what is known of those that were decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, tzinfo

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from forum.actions.weigh_reader_weeks import weigh_reader_weeks
from forum.kernel.database import numbers
from forum.ledger.booking import Settlement, settle
from forum.ledger.claim import Outcome, Reason
from forum.ledger.reader_week import ReaderWeek, Reading

BATCH = 2000


def qualify_reader_weeks(session: Session, zone: tzinfo, now: datetime) -> int:
    """How many were decided of one batch; the caller commits and asks again until 0."""
    due = (
        select(ReaderWeek)
        .where(ReaderWeek.decided_at.is_(None), ReaderWeek.due_at <= now)
        .order_by(ReaderWeek.due_at, ReaderWeek.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    weeks = session.scalars(due).all()
    settle_reader_weeks(session, weeks, zone, now, at=None)
    return len(weeks)


def review_reader_weeks(session: Session, zone: tzinfo, now: datetime) -> int:
    """Settle one batch of those of which something became known since they were decided; how many there were."""
    marked = (
        select(ReaderWeek)
        .where(ReaderWeek.review_from.is_not(None), ReaderWeek.decided_at.is_not(None))
        .order_by(ReaderWeek.review_from, ReaderWeek.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    weeks = session.scalars(marked).all()
    settle_reader_weeks(session, weeks, zone, now, at=None)
    return len(weeks)


def mark_readers_of(session: Session, acceptance_id: int, now: datetime) -> None:
    """Whoever read this answer has to be looked at again; one statement, however many they are.

    Marks also those that are not decided though their day has come: a worker may be deciding them from what it read
    before. The statement then waits for it. One that bears a mark already is touched too, so that no worker takes the
    mark away before this commit. To be called before the ledger's turn is taken, which that worker needs.
    """
    readers = select(Reading.reader_week_id).where(Reading.acceptance_id == acceptance_id)
    session.execute(
        update(ReaderWeek)
        .where(ReaderWeek.id.in_(readers))
        .where(or_(ReaderWeek.decided_at.is_not(None), ReaderWeek.due_at <= now))
        .values(review_from=func.coalesce(ReaderWeek.review_from, now))
        .execution_options(synchronize_session=False)
    )


def settle_reader_weeks(
    session: Session, weeks: Sequence[ReaderWeek], zone: tzinfo, now: datetime, *, at: datetime | None
) -> int:
    """How many rows the ledger got. The caller holds the rows, each of which has come to its day.

    `at` is when what led here was recorded; None: a week's own day, or for a decided one the time it is marked with.
    """
    if not weeks:
        return 0
    session.flush()
    settlements = weigh_reader_weeks(session, weeks, zone, at=at)
    _note(session, weeks, settlements, now)
    return settle(session, settlements, zone, now)


def _note(session: Session, weeks: Sequence[ReaderWeek], settlements: Sequence[Settlement], now: datetime) -> None:
    """One statement for all that ended alike: row by row this would take longer than everything else together."""
    alike: dict[tuple[Outcome, Reason | None], list[ReaderWeek]] = defaultdict(list)
    for week, found in zip(weeks, settlements, strict=True):
        alike[(Outcome.QUALIFIED, None) if found.wanted else (Outcome.LAPSED, found.why)].append(week)
    for (outcome, reason), together in alike.items():
        facts = {"outcome": outcome, "reason": reason, "review_from": None}  # all that is known by now was weighed
        session.execute(
            update(ReaderWeek)
            .where(ReaderWeek.id.in_(numbers(week.id for week in together)))
            .values(decided_at=func.coalesce(ReaderWeek.decided_at, now), **facts)
            .execution_options(synchronize_session=False)
        )
        for week in together:
            for name, value in {**facts, "decided_at": week.decided_at or now}.items():
                set_committed_value(week, name, value)
