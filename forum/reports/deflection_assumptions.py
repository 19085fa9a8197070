"""What a report rests on, spelled out: rates, channel mixes and prices in force, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from forum.ledger.claim import Kind
from forum.ledger.period import Period
from forum.ledger.pricing import ENOUGH_FOR_A_MIX
from forum.ledger.proportion import NOBODY_ASKED, Proportion
from forum.reports.deflection_reading import Names
from forum.reports.deflection_scope import Dimension
from forum.reports.deflection_shape import ChannelMix, Coverage, Figure, Gap, PriceInForce, RateInForce
from forum.reports.deflection_valuing import MonthParameters, Valued, Worth, figure, rate_name, value

Used = Mapping[tuple[str, str, Period], int]  # rows by kind, network and month


def rates_in_force(
    valued: Sequence[Valued], worth: Worth, months: Sequence[Period], names: Names
) -> Sequence[RateInForce]:
    """Those that rows hang on, and of the scope's own months those that somebody answered."""
    used = _used(valued)
    wanted = {key for key, rows in used.items() if rows}
    for period in months:
        wanted |= {("direct", "", period)} if worth.months[period].direct.of else set()
        wanted |= {("indirect", "", period)} if worth.months[period].survey.drawn else set()
    found = []
    for kind, network, period in sorted(wanted):
        month = worth.months[period]
        known = _known(month, kind, network)
        enough = month.survey.enough if kind == Kind.INDIRECT else known.of > 0
        name, rows = rate_name(kind, network, period), used.get((kind, network, period), 0)
        title = names.networks.get(network)
        found.append(RateInForce(name, kind, period, network or None, title, known, enough, rows, month.frozen))
    return found


def mixes_of(valued: Sequence[Valued], worth: Worth) -> Sequence[ChannelMix]:
    """Of the months and kinds with rows whose channel nobody named."""
    wanted = {
        (Period.of(one.cell.valued_on), one.cell.kind)
        for one in valued
        if one.cell.kind != Kind.SOCIAL and not one.cell.channel
    }
    found = []
    for period, kind in sorted(wanted):
        month = worth.months[period]
        named = month.named.get(kind, {})
        cheapest = month.prices.cheapest(period.last)
        price = month.prices.unnamed(period.last, named)
        enough = sum(named.values()) >= ENOUGH_FOR_A_MIX
        found.append(ChannelMix(period, kind, named, enough, cheapest[0] if cheapest else None, price))
    return found


def prices_in_force(worth: Worth, months: Sequence[Period]) -> Sequence[PriceInForce]:
    """Those that hold on some day of the scope's months, by channel and day; one without an exchange rate is a gap."""
    prices = {
        (price.channel, price.valid_from, price.currency): price
        for period in months
        for price in worth.months[period].prices.known
    }
    return [
        PriceInForce(
            channel=price.channel,
            valid_from=price.valid_from,
            amount=price.amount,
            entered=price.entered,
            currency=price.currency,
            rate=price.rate,
            source=price.source,
        )
        for _key, price in sorted(prices.items())
        if price.amount is not None
    ]


def silent_meant_no(valued: Sequence[Valued], worth: Worth) -> Figure:
    """The same rows, had everybody who was asked and said nothing meant no."""
    months = {
        period: replace(
            month,
            survey=replace(month.survey, answered=month.survey.drawn),
            direct=Proportion(0, month.direct.of),  # those whom the rate is put on are the silent ones
        )
        for period, month in worth.months.items()
    }
    supposed = replace(worth, months=months)
    return figure(value([one.cell for one in valued], supposed), supposed)


def gaps_of(
    valued: Sequence[Valued], worth: Worth, months: Sequence[Period], coverage: Coverage, lost: Sequence[date]
) -> Sequence[Gap]:
    return [
        *_unknown_rates(valued, worth),
        *(_unknown_prices(valued, worth, months) if worth.sees_money else ()),
        *([Gap("no_contact_data")] if not coverage.days_covered and (coverage.checked or coverage.stated) else ()),
        *(Gap("salt_lost", week=week) for week in lost),
    ]


def _unknown_rates(valued: Sequence[Valued], worth: Worth) -> Iterator[Gap]:
    for (kind, network, period), rows in sorted(_used(valued).items()):
        month = worth.months[period]
        known = _known(month, kind, network)
        if not rows:
            continue
        if kind == Kind.INDIRECT and not month.survey.enough:
            yield Gap("not_enough_answers", kind=kind, period=period, count=known.of)
        elif not known.of:
            what = "unknown_staff_rate" if kind == Kind.SOCIAL else "nobody_asked"
            yield Gap(what, kind=kind, network=network or None, period=period, count=rows)


def _unknown_prices(valued: Sequence[Valued], worth: Worth, months: Sequence[Period]) -> Iterator[Gap]:
    lacking: Counter[str] = Counter()
    for one in valued:
        if one.share and one.price is None:
            lacking[one.cell.key(Dimension.CHANNEL)] += one.cell.quantity
    for channel, rows in sorted(lacking.items()):
        yield Gap("no_cost", channel=channel, count=rows)
    shown = [worth.months[period] for period in months]
    priceless = {
        (price.channel, price.currency) for month in shown for price in month.prices.known if price.amount is None
    }
    priceless |= {("", line.currency) for month in shown for line in month.programme if line.amount is None}
    for channel, currency in sorted(priceless):
        yield Gap("no_exchange_rate", channel=channel or None, currency=currency)
    for month in shown:
        if month.other_currency:
            yield Gap("other_currency", period=month.period)
        elif not month.programme:
            yield Gap("no_programme_cost", period=month.period)


def _used(valued: Sequence[Valued]) -> Used:
    """Rows that count with a rate."""
    found: Counter[tuple[str, str, Period]] = Counter()
    for one in valued:
        if one.rate is not None:
            network = one.cell.network if one.cell.kind == Kind.SOCIAL else ""
            found[one.cell.kind, network, Period.of(one.cell.valued_on)] += one.cell.quantity
    return found


def _known(month: MonthParameters, kind: str, network: str) -> Proportion:
    if kind == Kind.DIRECT:
        return month.direct
    return month.indirect if kind == Kind.INDIRECT else month.staff.get(network, NOBODY_ASKED)
