"""The report's rows as a scenario that can be counted again with one thing changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal

from forum.ledger.claim import Kind
from forum.ledger.cost import Channel
from forum.ledger.period import Period
from forum.ledger.pricing import mix_of
from forum.ledger.scenario import Amount, Scenario
from forum.reports.deflection_valuing import Valued, Worth, rate_name

Share = frozenset[tuple[str, Decimal]]  # by channel
Alike = tuple[str, str, str | None, Period, Share, Share]


def scenario_of(valued: Sequence[Valued], worth: Worth, within: Collection[Period]) -> Scenario:
    """Counted as it is, it gives the report's own figures. `within`: the months whose programme costs belong to it."""
    quantities: dict[Alike, int] = defaultdict(int)
    known: dict[tuple[str, str, date], tuple[Period, Share, Share]] = {}
    for one in valued:
        cell = one.cell
        key = cell.kind, cell.channel, cell.valued_on
        if key not in known:
            costs, mix = _costs(one, worth), _mix(one, worth)
            known[key] = Period.of(cell.valued_on), frozenset(costs.items()), frozenset(mix.items())
        quantities[cell.kind, cell.grade, one.rate, *known[key]] += cell.quantity
    amounts = [
        Amount(kind, grade, month, quantity, rate, dict(sorted(costs)), dict(sorted(mix)))
        for (kind, grade, rate, month, costs, mix), quantity in quantities.items()
    ]
    ordered = sorted(amounts, key=lambda one: (one.period, one.kind, one.grade, one.rate or "", sorted(one.mix)))
    programme = {period: cost for period in within if (cost := _programme(worth, period)) is not None}
    return Scenario(ordered, worth.rates, _silent(valued, worth), programme)


def _costs(one: Valued, worth: Worth) -> Mapping[str, Decimal]:
    month = worth.months.get(Period.of(one.cell.valued_on))
    if month is None or not worth.sees_money:
        return {}
    prices = month.prices
    known = {channel: prices.on(channel, one.cell.valued_on) for channel in prices.channels}
    return {channel: price for channel, price in known.items() if price is not None}


def _mix(one: Valued, worth: Worth) -> Mapping[str, Decimal]:
    if one.cell.kind == Kind.SOCIAL:
        return {Channel.NETWORK: Decimal(1)}
    if one.cell.channel:
        return {one.cell.channel: Decimal(1)}
    month = worth.months.get(Period.of(one.cell.valued_on))
    return mix_of(month.named.get(one.cell.kind, {})) if month else {}


def _silent(valued: Sequence[Valued], worth: Worth) -> Mapping[str, int]:
    """By rate: readers who were drawn and said nothing, askers whose claim stands though they said nothing."""
    found: dict[str, int] = defaultdict(int)
    for one in valued:
        if one.cell.kind == Kind.DIRECT and one.rate is not None:
            found[one.rate] += one.cell.quantity
    for period, month in worth.months.items():
        if month.survey.silent > 0:
            found[rate_name(Kind.INDIRECT, "", period)] = month.survey.silent
    return {name: count for name, count in found.items() if count > 0}


def _programme(worth: Worth, period: Period) -> Decimal | None:
    month = worth.months.get(period)
    known = [line.amount for line in month.programme if line.amount is not None] if month else []
    return sum(known, Decimal(0)) if known else None
