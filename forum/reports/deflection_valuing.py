"""What rows of the ledger are worth under the parameters in force. Nothing else turns rows into contacts or money.

Every figure of the report, every drill-down and every export values rows through `Worth`, so that they cannot disagree.
A reversal is worth what its original was, with the sign turned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from functools import cached_property

from forum.kernel.money import CENT, FINEST
from forum.ledger.claim import Kind
from forum.ledger.cost import Channel
from forum.ledger.estimate import AMONG, ENOUGH, Sum, bounds
from forum.ledger.period import Period
from forum.ledger.pricing import Prices
from forum.ledger.proportion import NOBODY_ASKED, Proportion
from forum.reports.deflection_scope import COUNTED, UNKNOWN, UNNAMED, Dimension
from forum.reports.deflection_shape import Figure, ProgrammeLine, SurveyMonth

Stratum = tuple[str, str, str]  # kind, dimension, key: whose own answers these are


@dataclass(frozen=True)
class Cell:
    """Rows that are valued alike. `valued_on` is a day of theirs, or one with the same rates and prices."""

    kind: str
    grade: str
    period: Period  # in which they stand
    valued_on: date
    board: str
    network: str
    language: str
    intent: str
    channel: str
    quantity: int
    rows: int

    @property
    def rate_name(self) -> str | None:
        """The rate that it counts with; None where it counts whole, since the asker said yes."""
        return None if self.intent == "yes" else rate_name(self.kind, self.network, Period.of(self.valued_on))

    def key(self, dimension: Dimension) -> str:
        """Its line in a table, as `Scope.at` takes it."""
        if dimension == Dimension.MONTH:
            return self.period.name
        if dimension == Dimension.CHANNEL:
            return Channel.NETWORK if self.kind == Kind.SOCIAL else self.channel or UNNAMED
        value: str = getattr(self, dimension.value)
        return value or UNKNOWN if dimension == Dimension.LANGUAGE else value


def rate_name(kind: str, network: str, period: Period) -> str:
    return f"{kind}:{network}:{period.name}" if kind == Kind.SOCIAL else f"{kind}:{period.name}"


@dataclass(frozen=True)
class MonthParameters:
    """All that rows valued in one month are valued with. `frozen`: as they were when the ledger was closed."""

    survey: SurveyMonth
    direct: Proportion = NOBODY_ASKED  # askers who would have contacted us, of those who said
    staff: Mapping[str, Proportion] = field(default_factory=dict)  # by network
    named: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # by kind: how often each channel was
    own: Mapping[Stratum, Proportion] = field(default_factory=dict)
    prices: Prices = field(default_factory=lambda: Prices(()))
    programme: Sequence[ProgrammeLine] = ()
    frozen: bool = False
    other_currency: bool = False  # it was closed while the site's currency was another, so it has no prices here

    @property
    def period(self) -> Period:
        return self.survey.period

    @property
    def indirect(self) -> Proportion:
        """The joint proportion of the survey, however few answered."""
        return Proportion(self.survey.joint, self.survey.answered)

    @property
    def rates(self) -> Mapping[str, Proportion]:
        """By name, those that count. Under a hundred answers readers have none."""
        found = {rate_name(Kind.SOCIAL, network, self.period): known for network, known in self.staff.items()}
        found[rate_name(Kind.DIRECT, "", self.period)] = self.direct
        if self.survey.enough:
            found[rate_name(Kind.INDIRECT, "", self.period)] = self.indirect
        return found


@dataclass(frozen=True)
class Worth:
    """The parameter set of a report, by the month in which rows are valued."""

    months: Mapping[Period, MonthParameters]
    sees_money: bool
    has_costs: bool  # some contact has a price in the reader's currency, on whatever day

    @cached_property
    def rates(self) -> Mapping[str, Proportion]:
        return {name: known for month in self.months.values() for name, known in month.rates.items()}

    def share(self, cell: Cell) -> Decimal:
        """Contacts for one row: 0 to 1. An unknown rate counts 0."""
        if cell.kind not in COUNTED:
            return Decimal(0)
        name = cell.rate_name
        return Decimal(1) if name is None else self.rates.get(name, NOBODY_ASKED).rate or Decimal(0)

    def price(self, cell: Cell) -> Decimal | None:
        """What the contact would have cost; None where nobody has entered it. On a network it is an agent's reply there."""
        month = self.months.get(Period.of(cell.valued_on))
        if month is None or not self.sees_money:
            return None
        if cell.kind == Kind.SOCIAL:
            return month.prices.on(Channel.NETWORK, cell.valued_on)
        if cell.channel:
            return month.prices.on(cell.channel, cell.valued_on)
        return month.prices.unnamed(cell.valued_on, month.named.get(cell.kind, {}))

    def money(self, cell: Cell) -> Decimal:
        """For one row, not yet rounded to the cent."""
        return money_of(self.share(cell), self.price(cell))

    def own(self, dimension: Dimension, key: str) -> Mapping[str, Proportion]:
        """By rate, the answers of a board's or a language's own people."""
        found = {}
        for period, month in self.months.items():
            for kind in (Kind.DIRECT, Kind.INDIRECT):
                if (known := month.own.get((kind, dimension.value, key))) is not None:
                    found[rate_name(kind, "", period)] = known
        return found


@dataclass(frozen=True)
class Valued:
    """A cell with what one of its rows is worth."""

    cell: Cell
    rate: str | None
    share: Decimal
    price: Decimal | None
    money: Decimal


def value(cells: Iterable[Cell], worth: Worth) -> Sequence[Valued]:
    """Cells that differ in nothing that a rate or a price hangs on are worth the same, so that is looked up once."""
    known: dict[tuple[str, str, str, str, date], Valued] = {}
    found = []
    for cell in cells:
        key = cell.kind, cell.network, cell.intent, cell.channel, cell.valued_on
        if (alike := known.get(key)) is None:
            share, price = worth.share(cell), worth.price(cell)
            alike = known[key] = Valued(cell, cell.rate_name, share, price, money_of(share, price))
        found.append(Valued(cell, alike.rate, alike.share, alike.price, alike.money))
    return found


def money_of(share: Decimal, price: Decimal | None) -> Decimal:
    """Of one row, as fine as it is: every table adds, and only what a person reads is rounded, to the cent."""
    return ((price or Decimal(0)) * share).quantize(FINEST, ROUND_HALF_EVEN)


def figure(valued: Iterable[Valued], worth: Worth, own: Mapping[str, Proportion] | None = None) -> Figure:
    """Their sum with its range. Staff's own answers are left out: they move cost and count nothing."""
    contacts, money = Sum(), Sum()
    quantity, likely, amount = 0, Decimal(0), Decimal(0)
    for (rate, share, price, each), count in _alike(valued).items():
        quantity += count
        likely += count * share
        amount += count * each
        contacts.add(Decimal(count), rate)
        money.add(count * (price or Decimal(0)), rate, units=count)
    among = _asked_among(contacts.per_rate, own)
    found = bounds(contacts, worth.rates, own=own, among=among)
    low, high = _around(likely, found.low, found.high)
    if not worth.has_costs:
        return Figure(quantity, low, likely, high, None, None, None)
    found = bounds(money, worth.rates, own=own, among=among)
    least, most = (Decimal(str(round(end, 2))).quantize(CENT) for end in (found.low, found.high))
    lowest, highest = amount.quantize(CENT, ROUND_FLOOR), amount.quantize(CENT, ROUND_CEILING)
    return Figure(quantity, low, likely, high, min(least, lowest), amount, max(most, highest))


def allocated(valued: Iterable[Valued], own: Mapping[str, Proportion]) -> bool:
    """Whether some rate that rows hang on is the whole month's for want of a hundred answers of their own."""
    names = {one.rate for one in valued if one.rate is not None and one.cell.kind in (Kind.DIRECT, Kind.INDIRECT)}
    return any(own.get(name, NOBODY_ASKED).of < ENOUGH for name in names)


def _asked_among(names: Collection[str], own: Mapping[str, Proportion] | None) -> Collection[str]:
    """Kinds whose asked ones are in what is summed. Hardly any are in a part that has no hundred answers of its own."""
    if own is None:
        return AMONG
    allocated_ones = {name.partition(":")[0] for name in names if own.get(name, NOBODY_ASKED).of < ENOUGH}
    return [kind for kind in AMONG if kind not in allocated_ones]


def _alike(valued: Iterable[Valued]) -> Mapping[tuple[str | None, Decimal, Decimal | None, Decimal], int]:
    found: dict[tuple[str | None, Decimal, Decimal | None, Decimal], int] = defaultdict(int)
    for one in valued:
        if one.cell.kind in COUNTED:
            found[one.rate, one.share, one.price, one.money] += one.cell.quantity
    return found


def _around(likely: Decimal, low: float, high: float) -> tuple[float, float]:
    """A rate of none in n has draws above it, and a board's own rate may lie elsewhere: the likely value stays inside."""
    return min(low, float(likely)), max(high, float(likely))
