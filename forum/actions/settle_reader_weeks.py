"""Let reader-weeks whose day has come count, and bring the ledger to what is known of those that were decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import groupby

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from forum.ledger.booking import Settlement, Unit, Wanted, settle
from forum.ledger.claim import Claim, Kind, Outcome, Reason
from forum.ledger.deciding import Read, ReaderEvidence, what_a_reader_counts_for
from forum.ledger.entry import HERE
from forum.ledger.reader_week import ReaderWeek, Reading
from forum.ledger.survey import Survey
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post
from forum.threads.thread import Thread

BATCH = 2000
WEEK = timedelta(days=7)


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
    for at, together in groupby(weeks, key=lambda week: week.review_from):
        batch = list(together)
        settle_reader_weeks(session, batch, zone, now, at=at)
        for week in batch:
            week.review_from = None
    session.flush()
    return len(weeks)


def mark_readers_of(session: Session, acceptance_id: int, now: datetime) -> None:
    """Whoever read this answer has to be looked at again; one statement, however many they are."""
    readers = select(Reading.reader_week_id).where(Reading.acceptance_id == acceptance_id)
    session.execute(
        update(ReaderWeek)
        .where(ReaderWeek.id.in_(readers), ReaderWeek.decided_at.is_not(None), ReaderWeek.review_from.is_(None))
        .values(review_from=now)
        .execution_options(synchronize_session=False)
    )


def settle_reader_weeks(
    session: Session, weeks: Sequence[ReaderWeek], zone: tzinfo, now: datetime, *, at: datetime | None
) -> int:
    """How many rows the ledger got. The caller holds the rows. `at`: when what led here was recorded; None: their day."""
    if not weeks:
        return 0
    session.flush()
    reads, places = _reads(session, weeks)
    found = _found_in(session, weeks)
    asked = _counted_elsewhere(session, weeks, zone)
    settlements = []
    for week in weeks:
        evidence = ReaderEvidence(
            reads=reads[week.id],
            found_in=found.get(week.id),
            is_bot=week.bot_at is not None,
            by_staff=week.by_staff,
            salt_lost=week.salt_number > 1,
            counted_elsewhere=week.id in asked,
        )
        chosen = what_a_reader_counts_for(evidence)
        week.decided_at = week.decided_at or now
        if isinstance(chosen, Read):
            week.outcome, week.reason = Outcome.QUALIFIED, None
            wanted, why = _wanted(week, chosen, places, zone), Reason.NOTHING_STANDS
        else:
            week.outcome, week.reason, wanted, why = Outcome.LAPSED, chosen, None, chosen
        settlements.append(Settlement(unit_of(week), wanted, why, at or week.due_at))
    return settle(session, settlements, zone, now)


def unit_of(week: ReaderWeek) -> Unit:
    return Unit(f"reader-week:{week.id}", reader_week_id=week.id)


def _wanted(week: ReaderWeek, read: Read, places: Mapping[int, tuple[int, str | None]], zone: tzinfo) -> Wanted:
    """It was read here, wherever the thread came from."""
    board_id, language = places[read.thread_id]
    return Wanted(
        kind=Kind.INDIRECT,
        grade="surveyed",
        thread_id=read.thread_id,
        acceptance_id=read.acceptance_id,
        board_id=board_id,
        network=HERE,
        language=language or "",
        valued_on=week.due_at.astimezone(zone).date(),
    )


def _reads(
    session: Session, weeks: Sequence[ReaderWeek]
) -> tuple[Mapping[int, Sequence[Read]], Mapping[int, tuple[int, str | None]]]:
    """Of each week its reads, and of each thread its board and language. What a person wrote after the day is no evidence."""
    wrote = (
        select(Post.id)
        .where(Post.thread_id == Reading.thread_id, Post.author_id == ReaderWeek.account_id)
        .where(Post.created_at <= ReaderWeek.due_at)
        .correlate(Reading, ReaderWeek)
        .exists()
    )
    rows = session.execute(
        select(
            Reading.reader_week_id, Reading.thread_id, Reading.acceptance_id, Reading.first_at,
            Acceptance.withdrawn_at.is_(None), and_(ReaderWeek.account_id.is_not(None), wrote),
            Thread.board_id, Thread.language,
        )
        .join(ReaderWeek, ReaderWeek.id == Reading.reader_week_id)
        .join(Acceptance, Acceptance.id == Reading.acceptance_id)
        .join(Thread, Thread.id == Reading.thread_id)
        .where(Reading.reader_week_id.in_([week.id for week in weeks]))
    )  # fmt: skip
    reads: dict[int, list[Read]] = defaultdict(list)
    places: dict[int, tuple[int, str | None]] = {}
    for week_id, thread_id, acceptance_id, first_at, stands, own, board_id, language in rows:
        reads[week_id].append(Read(thread_id, acceptance_id, first_at, stands, bool(own)))
        places[thread_id] = (board_id, language)
    return reads, places


def _found_in(session: Session, weeks: Sequence[ReaderWeek]) -> Mapping[int, int]:
    rows = session.execute(
        select(Survey.reader_week_id, Survey.thread_id).where(
            Survey.reader_week_id.in_([week.id for week in weeks]), Survey.found == "yes"
        )
    )
    return {row.reader_week_id: row.thread_id for row in rows}


def _counted_elsewhere(session: Session, weeks: Sequence[ReaderWeek], zone: tzinfo) -> set[int]:
    """The reader-weeks of people who asked: a claim of theirs runs in that week, however it ends."""
    known = [week for week in weeks if week.account_id is not None]
    if not known:
        return set()
    first, last = min(week.week for week in known), max(week.week for week in known)
    claims = session.execute(
        select(Thread.author_id, Claim.opened_at, Claim.due_at)
        .join(Thread, Thread.id == Claim.thread_id)
        .where(
            Thread.author_id.in_({week.account_id for week in known}),
            or_(Claim.kind == Kind.DIRECT, Claim.kind == Kind.SOCIAL),
            Claim.opened_at < _midnight(last + WEEK, zone),
            Claim.due_at >= _midnight(first, zone),
        )
    ).all()
    return {
        week.id
        for week in known
        for author_id, opened_at, due_at in claims
        if author_id == week.account_id
        and opened_at < _midnight(week.week + WEEK, zone)
        and due_at >= _midnight(week.week, zone)
    }


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
