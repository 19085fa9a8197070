"""What the programme brings: savings less its cost, ROI, payback and present value, to the cent; pure arithmetic.

Conventions. Each month's savings and cost fall at the month's end. The present value is that of the first month's
beginning: the net of month i (the first is 1) is divided by (1 + yearly rate) ^ (i / 12), as a spreadsheet's
NPV((1 + rate) ^ (1 / 12) - 1, nets) does. Payback is the first month, from the first with a cost on, at whose end all
nets since the first month together are not below zero. ROI is net / cost; without a cost there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from forum.kernel.money import CENT
from forum.ledger.period import Period
from forum.ledger.proportion import Interval

NONE = Decimal("0.00")
PLACES = Decimal("0.0001")  # of a return: hundredths of a percent


@dataclass(frozen=True)
class MonthlyReturn:
    """What one month saved and what the programme cost in it, in the site's currency."""

    period: Period
    savings: Decimal
    cost: Decimal

    @property
    def net(self) -> Decimal:
        return net(self.savings, self.cost)


@dataclass(frozen=True)
class Returns:
    savings: Decimal
    cost: Decimal
    net: Decimal
    roi: Decimal | None  # None: no cost entered
    payback: Period | None  # None: not yet, or no cost entered
    present_value: Decimal
    yearly_rate: Decimal


def returns(months: Sequence[MonthlyReturn], yearly_rate: Decimal) -> Returns:
    """Of consecutive months, the earliest first. `yearly_rate` is a share (0.08 for 8 %), above -1."""
    savings = _cents(sum((month.savings for month in months), NONE))
    cost = _cents(sum((month.cost for month in months), NONE))
    return Returns(
        savings=savings,
        cost=cost,
        net=net(savings, cost),
        roi=roi(savings, cost),
        payback=payback(months),
        present_value=present_value([month.net for month in months], yearly_rate),
        yearly_rate=yearly_rate,
    )


def programme_cost(parts: Mapping[str, Decimal]) -> Decimal:
    """A month's platform, moderation, staff time, rewards and network fees together."""
    return _cents(sum(parts.values(), NONE))


def net(savings: Decimal, cost: Decimal) -> Decimal:
    return _cents(savings) - _cents(cost)


def roi(savings: Decimal, cost: Decimal) -> Decimal | None:
    """Net per unit of cost, to four places: 0.2500 is 25 %. None where no cost is entered."""
    if _cents(cost) <= 0:
        return None
    return (net(savings, cost) / _cents(cost)).quantize(PLACES, ROUND_HALF_EVEN)


def net_range(savings: Interval, cost: Decimal) -> tuple[Decimal, Decimal]:
    """The cost is known, so each draw's net is its savings less the cost, and quantiles move along."""
    return net(_money(savings.low), cost), net(_money(savings.high), cost)


def roi_range(savings: Interval, cost: Decimal) -> tuple[Decimal, Decimal] | None:
    low, high = roi(_money(savings.low), cost), roi(_money(savings.high), cost)
    return None if low is None or high is None else (low, high)


def payback(months: Iterable[MonthlyReturn]) -> Period | None:
    reached, entered = NONE, False
    for month in months:
        reached += month.savings - month.cost  # rounded together, as the net of all months is
        entered = entered or month.cost > 0
        if entered and _cents(reached) >= 0:
            return month.period
    return None


def present_value(nets: Sequence[Decimal], yearly_rate: Decimal) -> Decimal:
    """Rounded once, at the end."""
    growth = 1 + yearly_rate
    if growth <= 0:
        raise ValueError("a yearly rate is above -1")
    parts = (net / growth ** (Decimal(number) / 12) for number, net in enumerate(nets, start=1))
    return _cents(sum(parts, NONE))


def _money(amount: float) -> Decimal:
    return Decimal(str(round(amount, 2)))


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_EVEN)
