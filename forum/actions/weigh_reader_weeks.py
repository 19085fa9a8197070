"""What should stand in the ledger for reader-weeks, from the events alone: asked by whoever settles them and by whoever audits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from forum.kernel.database import numbers
from forum.ledger.booking import Settlement, Unit, Wanted
from forum.ledger.claim import Claim, Kind, Reason
from forum.ledger.deciding import Read, ReaderEvidence, what_a_reader_counts_for
from forum.ledger.entry import HERE
from forum.ledger.reader_week import ReaderWeek, Reading
from forum.ledger.survey import Survey
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post
from forum.threads.thread import Thread

WEEK = timedelta(days=7)


def weigh_reader_weeks(
    session: Session, weeks: Sequence[ReaderWeek], zone: tzinfo, *, at: datetime | None = None
) -> list[Settlement]:
    """`at` is when what led here was recorded; None: a week's own day, or for a decided one the time it is marked with."""
    if not weeks:
        return []
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
            counted_elsewhere=week.id in asked or _was_counted_elsewhere(week),
        )
        chosen = what_a_reader_counts_for(evidence)
        if isinstance(chosen, Read):
            wanted, why = _wanted(week, chosen, places, zone), Reason.REGRADED
        else:
            wanted, why = None, chosen
        marked = week.review_from if week.decided_at is not None else None
        settlements.append(Settlement(unit_of(week), wanted, why, at or marked or week.due_at))
    return settlements


def unit_of(week: ReaderWeek) -> Unit:
    return Unit(f"reader-week:{week.id}", reader_week_id=week.id)


def _was_counted_elsewhere(week: ReaderWeek) -> bool:
    """Once a person is erased nobody can tell that they asked too, so what was noted of it then holds."""
    return week.account_id is None and week.reason == Reason.COUNTED_ELSEWHERE


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
        .where(Reading.reader_week_id.in_(numbers(week.id for week in weeks)))
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
            Survey.reader_week_id.in_(numbers(week.id for week in weeks)), Survey.found == "yes"
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
            Thread.author_id.in_(numbers({week.account_id for week in known if week.account_id is not None})),
            or_(Claim.kind == Kind.DIRECT, Claim.kind == Kind.SOCIAL),
            Claim.opened_at < _midnight(last + WEEK, zone),
            Claim.due_at >= _midnight(first, zone),
        )
    ).all()
    spans: dict[int | None, list[tuple[datetime, datetime]]] = defaultdict(list)
    for author_id, opened_at, due_at in claims:
        spans[author_id].append((opened_at, due_at))
    begins = {week.week: (_midnight(week.week, zone), _midnight(week.week + WEEK, zone)) for week in known}
    return {
        week.id
        for week in known
        for opened_at, due_at in spans[week.account_id]
        if opened_at < begins[week.week][1] and due_at >= begins[week.week][0]
    }


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
