"""Facts around the figures: what contact data covers, what waits, what lapsed and why, which weeks lost their salt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta, tzinfo

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.orm import Session

from forum.ledger.claim import Claim, Kind, Outcome
from forum.ledger.period import Period
from forum.ledger.reader_week import ReaderSalt, ReaderWeek
from forum.ledger.totals import EntryTotal
from forum.reports.deflection_claims import covered_spans
from forum.reports.deflection_scope import Scope
from forum.reports.deflection_shape import Coverage, Lapse
from forum.reports.deflection_valuing import Cell

WEEK = timedelta(days=7)
LAPSED: ColumnElement[str] = literal_column(
    f"'{Outcome.LAPSED}'"
)  # a parameter would keep the database from its partial index


def read_coverage(session: Session, scope: Scope, cells: Sequence[Cell], today: date) -> Coverage:
    """One query. Of days that are still to come nobody can know anything, so they are not asked for."""
    spans = covered_spans(session)
    first, last = scope.first.first, min(scope.last.last, today)
    direct = [cell for cell in cells if cell.kind == Kind.DIRECT]
    return Coverage(
        checked=sum(cell.quantity for cell in direct if cell.grade == "checked"),
        stated=sum(cell.quantity for cell in direct if cell.grade != "checked"),
        days_covered=_days_in(spans, first, last),
        days=max((last - first).days + 1, 0),
    )


def read_oldest(session: Session) -> Period | None:
    """The first month in which rows stand."""
    earliest = session.scalar(select(func.min(EntryTotal.day)))
    return Period.of(earliest) if earliest else None


def count_waiting(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Claim).where(Claim.decided_at.is_(None))) or 0


def lapsed_claims(session: Session, scope: Scope, zone: tzinfo) -> Sequence[Lapse]:
    """Those decided in the scope's months that do not count, as far as is known now."""
    rows = session.execute(
        select(Claim.reason, func.count())
        .where(Claim.outcome == Outcome.LAPSED)
        .where(Claim.decided_at >= scope.first.begins(zone), Claim.decided_at < scope.last.ends(zone))
        .group_by(Claim.reason)
    )
    return _lapses([(reason, count) for reason, count in rows])


def lapsed_readers(session: Session, scope: Scope, zone: tzinfo) -> Sequence[Lapse]:
    """Those that came to their day in the scope's months."""
    rows = session.execute(
        select(ReaderWeek.reason, func.count())
        .where(ReaderWeek.outcome == LAPSED)
        .where(ReaderWeek.due_at >= scope.first.begins(zone), ReaderWeek.due_at < scope.last.ends(zone))
        .group_by(ReaderWeek.reason)
    )
    return _lapses([(reason, count) for reason, count in rows])


def weeks_without_salt(session: Session, scope: Scope) -> Sequence[date]:
    """In which the salt was lost, so that a signed-out reader may stand twice."""
    months = ReaderSalt.week > scope.first.first - WEEK, ReaderSalt.week <= scope.last.last
    return session.scalars(
        select(ReaderSalt.week).where(ReaderSalt.number > 1, *months).distinct().order_by(ReaderSalt.week)
    ).all()


def _lapses(rows: Sequence[tuple[str | None, int]]) -> Sequence[Lapse]:
    found = [Lapse(reason or "", count) for reason, count in rows]
    return sorted(found, key=lambda one: (-one.count, one.reason))


def _days_in(spans: Sequence[tuple[date, date]], first: date, last: date) -> int:
    """How many days from `first` to `last` lie in some span."""
    covered, reached = 0, first - timedelta(days=1)
    for span in sorted(spans):
        begin, end = max(span[0], first, reached + timedelta(days=1)), min(span[1], last)
        if begin <= end:
            covered, reached = covered + (end - begin).days + 1, end
    return covered
