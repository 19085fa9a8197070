"""An estimate: a known amount and amounts that hang on surveyed rates; and the range that this leaves it.

One rate alone has Wilson's interval. Several are drawn together, each from its Jeffreys posterior Beta(k + 1/2, n - k + 1/2).
A rate's draws depend on the seed, its name and its answers alone, so every table and every page sees the same ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from forum.ledger.proportion import Interval, Proportion, wilson

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

SEED = 1927  # recorded on every page and export; another seed moves the bounds of totals a little
DRAWS = 10_000
TAILS = (0.025, 0.975)


@dataclass
class Sum:
    """`known` counts whole; each of `per_rate` counts times the rate of that name. Sums of the same rates add."""

    known: Decimal = Decimal(0)
    per_rate: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def add(self, amount: Decimal, rate: str | None) -> None:
        if rate is None:
            self.known += amount
        else:
            self.per_rate[rate] += amount


def bounds(total: Sum, rates: Mapping[str, Proportion]) -> Interval:
    """The 95 % range of `total`. A rate of which nothing is known counts as zero, as in the expected value."""
    known = float(total.known)
    open_ones = {
        name: float(amount) for name, amount in total.per_rate.items() if amount and name in rates and rates[name].of
    }
    if not open_ones:
        return Interval(known, known)
    if len(open_ones) == 1:
        [(name, amount)] = open_ones.items()
        rate = wilson(rates[name].yes, rates[name].of)
        ends = sorted((known + amount * rate.low, known + amount * rate.high))  # a reversal's amount is negative
        return Interval(*ends)
    return _drawn(known, open_ones, rates)


def _drawn(known: float, open_ones: Mapping[str, float], rates: Mapping[str, Proportion]) -> Interval:
    import numpy  # noqa: PLC0415  takes a while to load, and most processes never show a report

    drawn = numpy.full(DRAWS, known)
    for name in sorted(open_ones):
        drawn += open_ones[name] * _draws(name, rates[name].yes, rates[name].of)
    low, high = numpy.quantile(drawn, TAILS)
    return Interval(float(low), float(high))


@lru_cache(maxsize=512)
def _draws(name: str, yes: int, of: int) -> NDArray[numpy.float64]:
    """RandomState, because its stream is frozen: a later numpy must give an auditor the same bounds."""
    import numpy  # noqa: PLC0415

    seed = int.from_bytes(sha256(f"{SEED}:{name}".encode()).digest()[:4], "big")
    return numpy.random.RandomState(seed).beta(yes + 0.5, of - yes + 0.5, DRAWS)
