"""What the programme cost in a scope and what it leaves, from the report's own figures."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from forum.kernel.money import CENT
from forum.ledger.period import Period, periods
from forum.ledger.returns import MonthlyReturn, net, returns, roi
from forum.reports.deflection_scope import Scope
from forum.reports.deflection_shape import Figure, Line, Programme, ProgrammeLine
from forum.reports.deflection_valuing import Worth

NOTHING = Decimal("0.00")


def programme_of(
    scope: Scope, worth: Worth, by_month: Sequence[Line], total: Figure, yearly_rate: Decimal | None
) -> Programme | None:
    """None for a scope that is narrowed: the programme's cost is of all boards and networks together."""
    if not scope.is_whole:
        return None
    months = list(periods(scope.first, scope.last))
    lines = [line for period in months for line in worth.months[period].programme]
    costs = {period: _cost(lines, period) for period in months}
    without = [period for period in months if costs[period] is None]
    if len(without) == len(months):
        return _without_cost(lines, without)
    cost = sum((one for one in costs.values() if one is not None), NOTHING)
    monthly = [
        MonthlyReturn(period, line.figure.money or NOTHING, costs[period] or NOTHING)
        for period, line in zip(months, by_month, strict=True)
    ]
    found = returns(monthly, yearly_rate or Decimal(0))
    low, likely, high = ((None, None) if end is None else (net(end, cost), roi(end, cost)) for end in _ends(total))
    return Programme(
        lines=lines,
        cost=cost,
        months_without=without,
        net_low=low[0],
        net=likely[0],
        net_high=high[0],
        roi_low=low[1],
        roi=likely[1],
        roi_high=high[1],
        payback=found.payback if total.money is not None else None,
        present_value=found.present_value if yearly_rate is not None and total.money is not None else None,
        yearly_rate=yearly_rate,
    )


def _ends(total: Figure) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    return total.money_low, total.money, total.money_high


def _cost(lines: Sequence[ProgrammeLine], period: Period) -> Decimal | None:
    """None where nobody entered an amount that can be converted."""
    known = [line.amount for line in lines if line.period == period and line.amount is not None]
    return sum(known, NOTHING).quantize(CENT) if known else None


def _without_cost(lines: Sequence[ProgrammeLine], without: Sequence[Period]) -> Programme:
    return Programme(lines, None, without, None, None, None, None, None, None, None, None, None)
