"""Recompute a month from the events alone and say where the ledger differs. Nothing is written.

The rules are those by which units are decided (forum/ledger/deciding.py), the rows are read as they stand; booking has no
part in it. A unit is looked at whole, in whichever months its rows stand, when its day or one of its rows lies in the month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta, tzinfo
from itertools import chain
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from forum.actions.days_of_events import (
    add_days_of_claims,
    add_days_of_reader_weeks,
    days_of_contact_data,
    days_of_view_batches,
)
from forum.actions.weigh_claims import weigh_claims
from forum.actions.weigh_reader_weeks import weigh_reader_weeks
from forum.kernel.database import numbers
from forum.ledger.booking import Settlement
from forum.ledger.checking_rows import Closings, Difference, Known, check_unit, moved
from forum.ledger.checking_totals import check_totals
from forum.ledger.claim import Claim
from forum.ledger.closed_period import ClosedPeriod
from forum.ledger.entry import Entry
from forum.ledger.period import Period
from forum.ledger.reader_week import MonthViews, ReaderWeek, Reading, ThreadViews
from forum.ledger.sealing_rows import COLUMNS, Seal, seal_of

BATCH = 2_000
MOST_TOLD = 1_000  # differences that are kept; further ones are counted

Unit = tuple[Known, Sequence[Row[Any]]]  # what is known of it, and all its rows


@dataclass
class Recomputation:
    """`waiting`: units that a worker has still to decide. `moved`: rows of threads that stand on another board by now."""

    period: Period
    units: int = 0
    rows: int = 0
    waiting: int = 0
    moved: int = 0
    closed: ClosedPeriod | None = None
    seal: Seal | None = None
    found: int = 0
    differences: list[Difference] = field(default_factory=list)

    def tell(self, differences: Iterable[Difference]) -> None:
        for one in differences:
            self.found += 1
            if len(self.differences) < MOST_TOLD:
                self.differences.append(one)


def recompute(session: Session, period: Period, zone: tzinfo, days: int) -> Recomputation:
    """`days`: a closed month was closed so long after its end at the earliest."""
    result = Recomputation(period)
    closed = session.execute(select(ClosedPeriod.name, ClosedPeriod.closed_at))
    closings = Closings({row.name: row.closed_at for row in closed}, zone)
    far_reaching = days_of_contact_data(session, zone)
    batches = days_of_view_batches(session, zone)
    checked = 0
    units = chain(_claims(session, period, zone, far_reaching), _reader_weeks(session, period, zone, batches))
    for known, rows in units:
        checked += _check(result, known, rows, closings)
    result.tell(_check_count(session, period, checked))
    result.tell(check_totals(session, period.first, period.last))
    result.tell(_check_views(session, period, zone))
    result.tell(check_seal(session, result, zone, days))
    return result


def check_seal(session: Session, result: Recomputation, zone: tzinfo, days: int) -> Iterator[Difference]:
    """Of a closed month: its rows are those over which its hash was made."""
    period = result.period
    result.closed = closed = session.scalar(select(ClosedPeriod).where(ClosedPeriod.name == period.name))
    result.seal = seal = seal_of(session, period)
    result.rows = seal.rows
    if closed is None:
        return
    what = f"closed {period.name}"
    if (seal.rows, seal.sha256) != (closed.rows, closed.sha256):
        yield Difference(what, f"{closed.rows} rows, {closed.sha256}", f"{seal.rows} rows, {seal.sha256}")
    if closed.closed_at < period.ends(zone) + timedelta(days=days):
        yield Difference(what, f"closed {days} days after its end", f"closed {closed.closed_at.isoformat()}")


def _check(result: Recomputation, known: Known, rows: Sequence[Row[Any]], closings: Closings) -> int:
    """How many of the unit's rows lie in the month."""
    result.units += 1
    result.waiting += known.waits
    result.moved += moved(known, rows) is not None
    result.tell(check_unit(known, rows, closings, result.period))
    return sum(result.period.first <= row.day <= result.period.last for row in rows)


def _check_count(session: Session, period: Period, checked: int) -> Iterator[Difference]:
    rows = session.scalar(select(func.count()).where(Entry.day >= period.first, Entry.day <= period.last)) or 0
    if rows != checked:
        yield Difference(f"rows of {period.name}", f"{checked} of known units", f"{rows}")


def _check_views(session: Session, period: Period, zone: tzinfo) -> Iterator[Difference]:
    """Whoever read an answer opened its thread in that month at least once, so views are never fewer than readings."""
    begin, end = period.begins(zone), period.ends(zone)
    month = period.first
    read = (
        select(Reading.thread_id, func.count().label("readings"))
        .join(ReaderWeek, ReaderWeek.id == Reading.reader_week_id)
        .where(ReaderWeek.week > month - timedelta(days=7), ReaderWeek.week <= period.last)
        .where(Reading.first_at >= begin, Reading.first_at < end)
        .group_by(Reading.thread_id)
        .subquery()
    )
    views = func.coalesce(ThreadViews.views, 0)
    rows = session.execute(
        select(read.c.thread_id, read.c.readings, views)
        .outerjoin(ThreadViews, (ThreadViews.thread_id == read.c.thread_id) & (ThreadViews.month == month))
        .where(views < read.c.readings)
    )
    for thread_id, readings, seen in rows:
        yield Difference(f"thread_views: {period.name}, thread_id {thread_id}", f"at least {readings}", f"{seen}")
    straight = session.scalar(select(func.sum(ThreadViews.views)).where(ThreadViews.month == month)) or 0
    kept = session.scalar(select(MonthViews.views).where(MonthViews.month == month)) or 0
    if kept != straight:
        yield Difference(f"month_views: {period.name}", f"{straight}", f"{kept}")


def _claims(session: Session, period: Period, zone: tzinfo, far_reaching: set[date]) -> Iterator[Unit]:
    for ids in _batches(_ids(session, Claim.id, Claim.due_at, Entry.claim_id, period, zone)):
        claims = session.scalars(
            select(Claim).where(Claim.id.in_(numbers(ids))).execution_options(populate_existing=True)
        ).all()
        known = {
            claim.id: _known(claim, one) for claim, one in zip(claims, weigh_claims(session, claims, zone), strict=True)
        }
        add_days_of_claims(session, claims, known, zone)
        rows = _rows_of(session, Entry.claim_id, ids)
        for claim in claims:
            known[claim.id].days |= far_reaching
            yield known[claim.id], rows.get(claim.id, [])


def _reader_weeks(session: Session, period: Period, zone: tzinfo, batches: set[date]) -> Iterator[Unit]:
    for ids in _batches(_ids(session, ReaderWeek.id, ReaderWeek.due_at, Entry.reader_week_id, period, zone)):
        weeks = session.scalars(
            select(ReaderWeek).where(ReaderWeek.id.in_(numbers(ids))).execution_options(populate_existing=True)
        ).all()
        known = {
            week.id: _known(week, one)
            for week, one in zip(weeks, weigh_reader_weeks(session, weeks, zone), strict=True)
        }
        add_days_of_reader_weeks(session, weeks, known, zone)
        rows = _rows_of(session, Entry.reader_week_id, ids)
        for week in weeks:
            known[week.id].days |= batches
            yield known[week.id], rows.get(week.id, [])


def _known(unit: Claim | ReaderWeek, found: Settlement) -> Known:
    waits = unit.decided_at is None or unit.review_from is not None
    return Known(found.unit, found.wanted, unit.outcome if unit.decided_at is not None else None, waits)


def _ids(session: Session, number: Any, due_at: Any, of_row: Any, period: Period, zone: tzinfo) -> list[int]:
    """Those whose day lies in the month, and those of its rows. Numbers alone, so a month of them fits into memory."""
    due = session.scalars(select(number).where(due_at >= period.begins(zone), due_at < period.ends(zone)))
    ids = set(due)
    ids.update(
        session.scalars(
            select(of_row).where(Entry.day >= period.first, Entry.day <= period.last, of_row.is_not(None)).distinct()
        )
    )
    return sorted(ids)


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _rows_of(session: Session, of_row: Any, ids: Sequence[int]) -> Mapping[int, list[Row[Any]]]:
    columns = [getattr(Entry, name) for name in COLUMNS]
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(select(*columns).where(of_row.in_(numbers(ids))).order_by(Entry.id)):
        found[getattr(row, of_row.key)].append(row)
    return found
