"""What a contact that did not happen would have cost: the entered cost of its channel on its day, never a built-in one."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property

from forum.ledger.cost import ContactCost
from forum.ledger.programme import ExchangeRate

ENOUGH_FOR_A_MIX = 100  # answers that name a channel, in one month
PLACES = Decimal("0.0001")  # of a converted price, so that whoever reads it can multiply it again


@dataclass(frozen=True)
class Price:
    """What a contact on a channel costs from a day on. `amount` is in the site's currency; None: no exchange rate."""

    channel: str
    valid_from: date  # the cost's own day, or the one on which its currency's rate changed
    amount: Decimal | None
    entered: Decimal
    currency: str
    rate: Decimal | None  # None: entered in the site's currency, or nobody entered a rate
    source: str


@dataclass(frozen=True)
class Prices:
    """A price holds until the next one of its channel."""

    known: Sequence[Price]

    def at(self, channel: str, day: date) -> Price | None:
        """None where nobody has entered a cost of this channel for that day."""
        days, prices = self._by_channel.get(channel, ((), ()))
        place = bisect_right(days, day)
        return prices[place - 1] if place else None

    def on(self, channel: str, day: date) -> Decimal | None:
        found = self.at(channel, day)
        return found.amount if found else None

    def cheapest(self, day: date) -> tuple[str, Decimal] | None:
        """The channel with the lowest price; the first by its name of several."""
        known = [(price, channel) for channel in self.channels if (price := self.on(channel, day)) is not None]
        return (min(known)[1], min(known)[0]) if known else None

    def unnamed(self, day: date, named: Mapping[str, int]) -> Decimal | None:
        """For a contact whose channel nobody named: the mix of those who did, or the cheapest while they are few.

        A channel of the mix without a cost carries none, so the mix then errs on the low side.
        """
        mix = mix_of(named)
        known = [share * price for channel, share in mix.items() if (price := self.on(channel, day)) is not None]
        if mix:
            return sum(known, Decimal(0)) if known else None
        cheapest = self.cheapest(day)
        return cheapest[1] if cheapest else None

    def within(self, first: date, last: date) -> Prices:
        """Those that hold on any day from `first` to `last`, both included."""
        found: list[Price] = []
        for channel in self.channels:
            days, prices = self._by_channel[channel]
            found.extend(prices[max(bisect_right(days, first) - 1, 0) : bisect_right(days, last)])
        return Prices(found)

    @property
    def channels(self) -> Sequence[str]:
        return sorted(self._by_channel)

    @property
    def days(self) -> set[date]:
        """On which some price changes."""
        return {price.valid_from for price in self.known}

    @cached_property
    def _by_channel(self) -> Mapping[str, tuple[Sequence[date], Sequence[Price]]]:
        found: dict[str, list[Price]] = defaultdict(list)
        for price in sorted(self.known, key=lambda one: one.valid_from):
            found[price.channel].append(price)
        return {channel: ([price.valid_from for price in prices], prices) for channel, prices in found.items()}


def mix_of(named: Mapping[str, int]) -> Mapping[str, Decimal]:
    """Each channel's share of the answers that name one; nothing while they are few."""
    answers = sum(named.values())
    return (
        {channel: Decimal(count) / answers for channel, count in named.items()} if answers >= ENOUGH_FOR_A_MIX else {}
    )


def prices_of(costs: Sequence[ContactCost], exchange: Sequence[ExchangeRate], currency: str) -> Prices:
    """In the site's currency. A later row replaces an earlier one from its day on; of one day, the one entered last.

    A cost in a currency that has no rate on a day prices nothing then, though an earlier cost was in another one.
    """
    found: list[Price] = []
    for channel in sorted({cost.channel for cost in costs}):
        own = [cost for cost in costs if cost.channel == channel]
        rates = [
            rate for rate in exchange if rate.into == currency and rate.currency in {cost.currency for cost in own}
        ]
        for day in sorted({cost.valid_from for cost in own} | {rate.valid_from for rate in rates}):
            price = _price(day, own, rates, currency)
            if price is not None and (not found or found[-1].channel != channel or _differ(found[-1], price)):
                found.append(price)
    return Prices(found)


def exchange_rate(exchange: Sequence[ExchangeRate], currency: str, into: str, day: date) -> Decimal | None:
    """What one unit of `currency` is worth on a day; 1 for the site's own, None where nobody entered a rate by then."""
    if currency == into:
        return Decimal(1)
    valid = [rate for rate in exchange if (rate.currency, rate.into) == (currency, into) and rate.valid_from <= day]
    return max(valid, key=lambda rate: (rate.valid_from, rate.entered_at, rate.id)).rate if valid else None


def _price(day: date, costs: Sequence[ContactCost], exchange: Sequence[ExchangeRate], currency: str) -> Price | None:
    valid = [cost for cost in costs if cost.valid_from <= day]
    if not valid:
        return None
    cost = max(valid, key=lambda one: (one.valid_from, one.entered_at, one.id))
    rate = exchange_rate(exchange, cost.currency, currency, day)
    amount = None if rate is None else (cost.amount * rate).quantize(PLACES, ROUND_HALF_EVEN)
    told = rate if cost.currency != currency else None
    return Price(cost.channel, day, amount, cost.amount, cost.currency, told, cost.source)


def _differ(one: Price, other: Price) -> bool:
    """Whether anything but the day changed."""
    return (one.entered, one.currency, one.rate, one.source) != (
        other.entered,
        other.currency,
        other.rate,
        other.source,
    )
