"""Finance's report: how many contacts were saved, how much money, how sure; and all that this rests on.

The rollup is read once and added up several times over, so each figure is the sum of the rows that its line opens.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import cached_property

from sqlalchemy.orm import Session

from forum.ledger.claim import Kind
from forum.ledger.entry import HERE
from forum.ledger.estimate import DRAWS, ENOUGH, SEED
from forum.ledger.period import Period, periods
from forum.ledger.sensitivity import sensitivity
from forum.reports.answer_share import read_top_threads
from forum.reports.deflection_assumptions import gaps_of, mixes_of, prices_in_force, rates_in_force, silent_meant_no
from forum.reports.deflection_beside import read_beside
from forum.reports.deflection_claims import ClaimList, list_claims
from forum.reports.deflection_facts import (
    count_waiting,
    lapsed_claims,
    lapsed_readers,
    read_coverage,
    read_oldest,
    weeks_without_salt,
)
from forum.reports.deflection_parameters import Sources, cells_in, read_sources, worth_of
from forum.reports.deflection_programme import programme_of
from forum.reports.deflection_reading import without_compiling
from forum.reports.deflection_responses import read_responses
from forum.reports.deflection_scenario import scenario_of
from forum.reports.deflection_scope import COUNTED, SAVED, Dimension, Scope
from forum.reports.deflection_shape import DeflectionReport, Figure, Kinds, Late, Line, OwnRate
from forum.reports.deflection_thawed import Kept, read_kept
from forum.reports.deflection_valuing import Valued, Worth, allocated, figure, value

SHOWN = 8  # claims that wait; the link opens all


def deflection_report(
    session: Session,
    scope: Scope,
    *,
    currency: str | None,
    zone: tzinfo,
    now: datetime,
    yearly_rate: Decimal | None = None,
    thawed: bool = True,
) -> DeflectionReport:
    """`currency` is the site's, None for a reader who sees no money. At most 30 queries, whatever the number of rows; fewer when all months are closed.

    `yearly_rate` (0.08 is 8 %) gives a present value. `thawed` False counts closed months with what is known now.
    """
    without_compiling(session)
    today = now.astimezone(zone).date()
    sources = read_sources(session, currency, zone, thawed=thawed)
    books = _read_books(session, scope, sources)
    counted, worth, months = books.counted, books.worth, list(periods(scope.first, scope.last))
    by_month = books.by_month
    around = _around(session, scope, books, zone, today, thawed=thawed)
    waiting = list_claims(session, ClaimList(state="waiting"), limit=SHOWN)
    scenario = scenario_of(counted, worth, months)
    return DeflectionReport(
        scope=scope,
        open_period=Period.of(today),
        closed=[month for month in months if month in sources.closed],
        oldest=read_oldest(session),
        currency=currency,
        has_costs=worth.has_costs,
        total=books.total,
        previous=figure(books.before, worth),
        by_month=by_month,
        kinds=books.kinds,
        by_board=books.lines(Dimension.BOARD),
        by_network=books.lines(Dimension.NETWORK),
        by_channel=books.lines(Dimension.CHANNEL),
        by_language=books.lines(Dimension.LANGUAGE),
        coverage=around.coverage,
        survey=[worth.months[month].survey for month in months],
        rates=rates_in_force(counted, worth, months, sources.names),
        mixes=mixes_of(counted, worth),
        prices=prices_in_force(worth, months),
        programme=programme_of(scope, worth, by_month, books.total, yearly_rate) if currency else None,
        if_silent_meant_no=silent_meant_no(counted, worth),
        sensitivity=sensitivity(scenario),
        scenario=scenario,
        top_threads=read_top_threads(session, scope, sources.names, worth, [one.cell for one in books.inside]),
        responses=around.responses,
        beside=around.beside,
        waiting=waiting.rows,
        waiting_count=count_waiting(session),
        lapsed_claims=around.lapsed_claims,
        lapsed_readers=around.lapsed_readers,
        unpriced=sum(one.cell.quantity for one in counted if one.share and one.price is None),
        late=books.late(sources.closed),
        gaps=gaps_of(counted, worth, months, around.coverage, weeks_without_salt(session, scope)),
        seed=SEED,
        draws=DRAWS,
    )


@dataclass(frozen=True)
class Books:
    """The rows of a scope, added up where they are valued alike, and of the equal period before it."""

    scope: Scope
    inside: Sequence[Valued]
    before: Sequence[Valued]
    worth: Worth
    sources: Sources

    @cached_property
    def counted(self) -> Sequence[Valued]:
        return [one for one in self.inside if one.cell.kind in COUNTED]

    @cached_property
    def total(self) -> Figure:
        return figure(self.counted, self.worth)

    @property
    def by_month(self) -> Sequence[Line]:
        groups = self._groups(self.counted, Dimension.MONTH)
        months = periods(self.scope.first, self.scope.last)
        return [self._line(Dimension.MONTH, month.name, groups.get(month.name, ())) for month in months]

    @property
    def kinds(self) -> Kinds:
        groups = self._groups(self.inside, Dimension.KIND)
        grades = self._groups(groups.get(Kind.DIRECT, ()), Dimension.GRADE)
        kinds = [kind for kind in COUNTED if self.scope.kind in (None, SAVED, kind)]
        known = [grade for grade in ("checked", "stated") if self.scope.grade in (None, grade) and Kind.DIRECT in kinds]
        return Kinds(
            lines=[self._line(Dimension.KIND, kind, groups.get(kind, ())) for kind in kinds],
            direct=[self._line(Dimension.GRADE, grade, grades.get(grade, ())) for grade in known],
            assisted=sum(one.cell.quantity for one in groups.get(Kind.ASSISTED, ())),
        )

    def lines(self, dimension: Dimension) -> Sequence[Line]:
        """The largest first."""
        groups = self._groups(self.counted, dimension)
        lines = [self._line(dimension, key, group) for key, group in groups.items()]
        return sorted(lines, key=lambda line: (-line.figure.likely, -line.figure.quantity, line.key))

    def late(self, closed: Collection[Period]) -> Late | None:
        rows = [
            one
            for one in self.counted
            if (month := Period.of(one.cell.valued_on)) < one.cell.period and month <= max(closed, default=FIRST)
        ]
        return Late(sum(one.cell.rows for one in rows), figure(rows, self.worth)) if rows else None

    def _line(self, dimension: Dimension, key: str, group: Sequence[Valued]) -> Line:
        if dimension not in (Dimension.BOARD, Dimension.LANGUAGE):
            return Line(dimension, key, self._name(dimension, key), figure(group, self.worth))
        used = {one.rate for one in group}
        own = {name: known for name, known in self.worth.own(dimension, key).items() if name in used}
        return Line(
            dimension,
            key,
            self._name(dimension, key),
            figure(group, self.worth, own),
            [OwnRate(name, known, known.of >= ENOUGH) for name, known in sorted(own.items())],
            allocated(group, own),
        )

    def _name(self, dimension: Dimension, key: str) -> str | None:
        if dimension == Dimension.BOARD:
            return self.sources.names.board_names.get(key)
        if dimension == Dimension.NETWORK and key != HERE:
            return self.sources.names.networks.get(key)
        return None

    @staticmethod
    def _groups(valued: Sequence[Valued], dimension: Dimension) -> Mapping[str, Sequence[Valued]]:
        groups: dict[str, list[Valued]] = defaultdict(list)
        for one in valued:
            groups[one.cell.key(dimension)].append(one)
        return groups


FIRST = Period.of(date.min)


def _read_books(session: Session, scope: Scope, sources: Sources) -> Books:
    """The previous months come along in the same query, and staff's own answers; lists of rows alone know threads."""
    scope = replace(scope, thread=None, claim=None)
    kind = None if scope.kind == SAVED else scope.kind
    cells = cells_in(session, replace(scope, first=scope.previous().first, kind=kind), sources)
    months = list(periods(scope.first, scope.last))
    worth = worth_of(session, cells, months, sources)
    valued = value(cells, worth)
    inside = [one for one in valued if one.cell.period >= scope.first]
    return Books(scope, inside, [one for one in valued if one.cell.period < scope.first], worth, sources)


def _around(session: Session, scope: Scope, books: Books, zone: tzinfo, today: date, *, thawed: bool) -> Kept:
    """What rows and parameters do not say: of one closed month as it was kept, of all others as it is known now."""
    coverage = read_coverage(session, scope, [one.cell for one in books.inside], today)
    if thawed and (kept := read_kept(session, scope)) is not None:
        days = kept.coverage
        return replace(kept, coverage=replace(coverage, days_covered=days.days_covered, days=days.days))
    return Kept(
        coverage=coverage,
        responses=read_responses(session, scope, zone, books.sources.names.networks),
        beside=read_beside(session, scope, zone),
        lapsed_claims=lapsed_claims(session, scope, zone),
        lapsed_readers=lapsed_readers(session, scope, zone),
    )
