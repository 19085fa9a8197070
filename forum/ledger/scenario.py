"""What a report is counted from, small enough to be counted again with one thing changed; it reads and writes nothing.

`figures` counts as the report does: likely values as fine as rows are, bounds from the recorded draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property

from forum.kernel.money import FINEST
from forum.ledger.estimate import Sum, bounds
from forum.ledger.period import Period, periods
from forum.ledger.proportion import NOBODY_ASKED, Interval, Proportion


@dataclass(frozen=True)
class Amount:
    """Claims or reader-weeks that are valued alike; `quantity` is less what was taken back.

    `costs` are those of its day by channel, in the site's currency. `mix` says which of them it takes, by shares that
    add to one: a named channel alone, the channels that others named, or none: the cheapest.
    """

    kind: str
    grade: str
    period: Period  # whose rates and costs it takes
    quantity: int
    rate: str | None = None  # its name; None counts whole
    costs: Mapping[str, Decimal] = field(default_factory=dict)
    mix: Mapping[str, Decimal] = field(default_factory=dict)

    @cached_property
    def price(self) -> Decimal | None:
        """What one contact would have cost; None where nobody entered it. A channel of a mix without a cost carries none."""
        if not self.mix:
            return min(self.costs.values(), default=None)
        known = [share * self.costs[channel] for channel, share in self.mix.items() if channel in self.costs]
        return sum(known, Decimal(0)) if known else None


@dataclass(frozen=True)
class Scenario:
    amounts: Sequence[Amount]
    rates: Mapping[str, Proportion]  # without those of which too few answered
    silent: Mapping[str, int] = field(default_factory=dict)  # by rate: asked, and gave no answer
    programme: Mapping[Period, Decimal] = field(default_factory=dict)  # its cost by month


@dataclass(frozen=True)
class Figures:
    """Likely values and their ranges, which reach the likely value always; no money where no cost is entered."""

    contacts: Decimal
    contacts_range: Interval
    money: Decimal | None
    money_range: Interval | None


def figures(scenario: Scenario) -> Figures:
    contact_sum, money_sum = Sum(), Sum()
    contacts = money = Decimal(0)
    for amount in scenario.amounts:
        price = amount.price or Decimal(0)
        contacts += amount.quantity * share_of(amount, scenario)
        money += money_of(amount, scenario)
        contact_sum.add(Decimal(amount.quantity), amount.rate)
        money_sum.add(amount.quantity * price, amount.rate, units=amount.quantity)
    reached = _reaching(bounds(contact_sum, scenario.rates), contacts)
    if all(amount.price is None for amount in scenario.amounts):
        return Figures(contacts, reached, None, None)
    return Figures(contacts, reached, money, _reaching(bounds(money_sum, scenario.rates), money))


def savings_by_month(scenario: Scenario) -> Mapping[Period, Decimal]:
    """Every month from the first with a row or a cost to the last; a month without either saved nothing."""
    named = {amount.period for amount in scenario.amounts} | set(scenario.programme)
    months = {period: Decimal(0) for period in periods(min(named), max(named))} if named else {}
    for amount in scenario.amounts:
        months[amount.period] += money_of(amount, scenario)
    return months


def share_of(amount: Amount, scenario: Scenario) -> Decimal:
    """Contacts for one; an unknown rate counts none."""
    if amount.rate is None:
        return Decimal(1)
    return scenario.rates.get(amount.rate, NOBODY_ASKED).rate or Decimal(0)


def money_of(amount: Amount, scenario: Scenario) -> Decimal:
    """As each row of the ledger is valued."""
    each = (amount.price or Decimal(0)) * share_of(amount, scenario)
    return amount.quantity * each.quantize(FINEST, ROUND_HALF_EVEN)


def _reaching(found: Interval, likely: Decimal) -> Interval:
    return Interval(min(found.low, float(likely)), max(found.high, float(likely)))
