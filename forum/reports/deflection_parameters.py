"""The parameters that rows are valued with, by month: as recorded until now, or as they were when the month was closed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import ROUND_HALF_EVEN

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.kernel.money import CENT
from forum.ledger.closed_period import ClosedPeriod
from forum.ledger.cost import ContactCost
from forum.ledger.period import Period, periods
from forum.ledger.pricing import Prices, exchange_rate, prices_of
from forum.ledger.programme import ExchangeRate, ProgrammeCost
from forum.reports.deflection_answers import NO_ANSWERS, read_answers, read_staff_rates, read_surveys
from forum.reports.deflection_frozen_month import thaw_month
from forum.reports.deflection_reading import Names, read_cells, read_names
from forum.reports.deflection_scope import Scope
from forum.reports.deflection_shape import ProgrammeLine
from forum.reports.deflection_valuing import Cell, MonthParameters, Worth


@dataclass(frozen=True)
class Sources:
    """What is the same for every figure of one look at the ledger. `currency` None: the reader sees no money."""

    names: Names
    currency: str | None
    zone: tzinfo
    closed: Sequence[Period]  # the earliest first
    frozen: Mapping[Period, MonthParameters]  # also of months that were over when the first one was closed
    prices: Prices
    exchange: Sequence[ExchangeRate]

    @property
    def price_days(self) -> set[date]:
        """On which some price changes, now or as a closed month had it."""
        return self.prices.days.union(*(month.prices.days for month in self.frozen.values()))

    @property
    def has_costs(self) -> bool:
        books = [self.prices, *(month.prices for month in self.frozen.values())]
        return self.currency is not None and any(price.amount is not None for book in books for price in book.known)


def read_sources(session: Session, currency: str | None, zone: tzinfo, *, thawed: bool = True) -> Sources:
    """Five queries. `thawed` False: what is recorded now, also for months that are closed."""
    names = read_names(session)
    kept = session.execute(select(ClosedPeriod.name, ClosedPeriod.parameters).order_by(ClosedPeriod.name)).all()
    frozen: dict[Period, MonthParameters] = {}
    for row in kept if thawed else ():
        for month in row.parameters.get("months", []):
            found = thaw_month(month, currency)
            frozen.setdefault(found.period, found)
    closed = [period for row in kept if (period := Period.named(row.name)) is not None]
    costs = session.scalars(select(ContactCost)).all() if currency else []
    exchange = session.scalars(select(ExchangeRate)).all() if currency else []
    prices = prices_of(costs, exchange, currency) if currency else Prices(())
    return Sources(names, currency, zone, closed, frozen, prices, exchange)


def cells_in(session: Session, scope: Scope, sources: Sources) -> Sequence[Cell]:
    return read_cells(session, scope, sources.names, sources.price_days)


def worth_of(session: Session, cells: Sequence[Cell], within: Collection[Period], sources: Sources) -> Worth:
    """The parameters for valuing `cells`; `within` adds months to show. At most five queries, fewer for closed months."""
    wanted = {Period.of(cell.valued_on) for cell in cells} | set(within)
    open_ones = sorted(wanted - set(sources.frozen))
    found = {period: sources.frozen[period] for period in wanted if period in sources.frozen}
    found.update(_read(session, open_ones, sources))
    return Worth(found, sees_money=sources.currency is not None, has_costs=sources.has_costs)


def worth_in(session: Session, scope: Scope, currency: str | None, zone: tzinfo) -> Worth:
    """The parameters of every row in a scope."""
    sources = read_sources(session, currency, zone)
    return worth_of(session, cells_in(session, scope, sources), list(periods(scope.first, scope.last)), sources)


def _read(session: Session, months: Sequence[Period], sources: Sources) -> Mapping[Period, MonthParameters]:
    if not months:
        return {}
    spans = list(periods(months[0], months[-1]))
    answers = read_answers(session, spans, sources.zone, sources.names)
    surveys = read_surveys(session, spans, sources.zone, sources.names)
    staff = read_staff_rates(session, spans, sources.zone)
    programme = _read_programme(session, spans, sources)
    found = {}
    for period in months:
        direct, readers = answers.get(period, NO_ANSWERS), surveys[period]
        found[period] = MonthParameters(
            survey=readers.survey,
            direct=direct.rate,
            staff=staff.get(period, {}),
            named={"direct": direct.named, "indirect": readers.named},
            own={**direct.own, **readers.own},
            prices=sources.prices.within(period.first, period.last),
            programme=programme.get(period, ()),
        )
    return found


def _read_programme(
    session: Session, months: Sequence[Period], sources: Sources
) -> Mapping[Period, Sequence[ProgrammeLine]]:
    """The row that was entered last holds for its month and part. Another currency takes the rate of the month's last day."""
    if sources.currency is None:
        return {}
    rows = session.scalars(
        select(ProgrammeCost)
        .where(ProgrammeCost.period >= months[0].name, ProgrammeCost.period <= months[-1].name)
        .order_by(ProgrammeCost.entered_at, ProgrammeCost.id)
    )
    latest = {(row.period, row.part): row for row in rows}
    found: dict[Period, list[ProgrammeLine]] = defaultdict(list)
    for (name, part), row in sorted(latest.items()):
        period = Period.named(name)
        if period is None:
            continue
        rate = exchange_rate(sources.exchange, row.currency, sources.currency, period.last)
        amount = None if rate is None else (row.amount * rate).quantize(CENT, ROUND_HALF_EVEN)
        found[period].append(ProgrammeLine(period, part, amount, row.amount, row.currency))
    return found
