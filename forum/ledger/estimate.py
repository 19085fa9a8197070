"""An estimate: a known amount and amounts that hang on surveyed rates; and the range that this leaves it.

One rate alone has Wilson's interval. Several are drawn together, each from its Jeffreys posterior Beta(k + 1/2, n - k + 1/2).
Where those who were asked are not among those who are counted, the counted ones' own chance is drawn, too
(docs/adr/0009-the-chance-of-the-counted.md). A rate's draws depend on the seed, its name and its answers alone, so
every table and every page sees the same ones.

What is frozen: the uniforms, which are numpy's RandomState (its stream does not change any more). They are turned into
quantiles of the beta distribution to at least seven digits, so an auditor with another SciPy finds the same bounds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from forum.ledger.proportion import Interval, Proportion, wilson

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Draws = NDArray[numpy.float64]

SEED = 1927  # recorded on every page and export; another seed moves the bounds of totals a little
DRAWS = 10_000
PLACES = 257  # at which a quantile function is computed in full
TAILS = (0.025, 0.975)
ENOUGH = 100  # answers: with fewer a part of the community has no rate of its own
AMONG = ("indirect",)  # kinds whose asked ones are counted themselves, so nothing of their own chance is left open

Units = dict[Decimal, Decimal]  # what one is worth, and how many there are
Part = tuple[str, float, float, int, int]  # a rate's name, what hangs on it, its units' squares, yes, of


@dataclass
class Sum:
    """`known` counts whole; each of `per_rate` counts times the rate of that name. Sums of the same rates add.

    `units` says how many claims or reader-weeks an amount is made of; money has to, a count is made of its own.
    """

    known: Decimal = Decimal(0)
    per_rate: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    per_unit: dict[str, Units] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Decimal)))

    def add(self, amount: Decimal, rate: str | None, units: Decimal | int | None = None) -> None:
        if rate is None:
            self.known += amount
            return
        count = amount if units is None else Decimal(units)
        self.per_rate[rate] += amount
        if count:
            self.per_unit[rate][amount / count] += count

    def squares(self, rate: str) -> float:
        """The sum over its units of their squared worth; a unit and its reversal leave none."""
        return float(sum((abs(count) * worth * worth for worth, count in self.per_unit[rate].items()), Decimal(0)))


def bounds(
    total: Sum,
    rates: Mapping[str, Proportion],
    *,
    own: Mapping[str, Proportion] | None = None,
    seed: int = SEED,
    among: Collection[str] = AMONG,
) -> Interval:
    """The 95 % range of `total`. A rate of which nothing is known counts as zero, as in the expected value.

    `own` are the answers of the very part of the community that is summed: where there are a hundred, its range comes
    from them. `among` names the kinds whose asked ones are themselves counted; a part that has no rate of its own
    ("allocated") takes none, since hardly any of the asked ones are in it.
    """
    known = float(total.known)
    inside = {name: _of_the_part(rates[name], (own or {}).get(name)) for name in total.per_rate if name in rates}
    open_ones = {name: float(total.per_rate[name]) for name, rate in inside.items() if rate.of and total.per_rate[name]}
    if not open_ones:
        return Interval(known, known)
    chance = {name: 0.0 if _kind(name) in among else total.squares(name) for name in open_ones}
    if len(open_ones) == 1 and not any(chance.values()):
        [(name, amount)] = open_ones.items()
        rate = wilson(inside[name].yes, inside[name].of)
        ends = sorted((known + amount * rate.low, known + amount * rate.high))  # a reversal's amount is negative
        return Interval(*ends)
    parts = [(name, amount, chance[name], inside[name].yes, inside[name].of) for name, amount in open_ones.items()]
    low, high = _drawn(known, tuple(sorted(parts)), seed)
    least, most = (known + sum(side(0.0, amount) for amount in open_ones.values()) for side in (min, max))
    return Interval(max(low, least), min(high, most))


def _of_the_part(everywhere: Proportion, own: Proportion | None) -> Proportion:
    return own if own is not None and own.of >= ENOUGH else everywhere


def _kind(name: str) -> str:
    return name.partition(":")[0]


@lru_cache(maxsize=1024)
def _drawn(known: float, parts: tuple[Part, ...], seed: int) -> tuple[float, float]:
    """Kept, since a report that is opened again asks for the same hundred ranges."""
    import numpy  # noqa: PLC0415

    drawn = numpy.full(DRAWS, known)
    for name, amount, chance, yes, of in parts:
        drawn += amount * rate_draws(name, yes, of, seed)
        if chance:
            drawn += chance**0.5 * _chance_draws(name, yes, of, seed)
    low, high = numpy.quantile(drawn, TAILS)
    return float(low), float(high)


@lru_cache(maxsize=1024)
def rate_draws(name: str, yes: int, of: int, seed: int = SEED) -> Draws:
    """What the rate may be. The same uniforms whatever the answers, so that figures move smoothly with them."""
    uniforms = _uniforms(name, seed)
    if 2 * yes <= of:
        drawn = _beta_quantiles(yes + 0.5, of - yes + 0.5, uniforms)
    else:  # a share near one keeps its digits as its distance from one
        drawn = 1 - _beta_quantiles(of - yes + 0.5, yes + 0.5, 1 - uniforms)
    drawn.flags.writeable = False
    return drawn


def _beta_quantiles(a: float, b: float, uniforms: Draws) -> Draws:
    """SciPy's betaincinv, in an eighth of its time: a page asks for a hundred rates, of ten thousand draws each.

    Its logit is nearly a straight line of the normal quantile, so it is taken at some places, with its slope there, and
    joined by the cubics that have both (Hermite's).
    """
    import numpy  # noqa: PLC0415  takes a while to load, and most processes never show a report
    from scipy.special import betaincinv, betaln, expit, logit, ndtr, ndtri  # noqa: PLC0415

    normal = ndtri(uniforms)
    places, step = numpy.linspace(normal.min(), normal.max(), PLACES, retstep=True)
    exact = betaincinv(a, b, ndtr(places))
    height = logit(exact)
    density = a * numpy.log(exact) + b * numpy.log1p(-exact) - betaln(a, b)  # of the logit, as a logarithm
    slope = step * numpy.exp(-places * places / 2 - numpy.log(2 * numpy.pi) / 2 - density)
    spot = (normal - places[0]) / step
    left = numpy.minimum(spot.astype(int), PLACES - 2)
    part, rise = spot - left, height[left + 1] - height[left]
    begin, end = slope[left], slope[left + 1]
    curve = 3 * rise - 2 * begin - end + part * (begin + end - 2 * rise)
    found: Draws = expit(height[left] + part * (begin + part * curve))
    return found


@lru_cache(maxsize=1024)
def _chance_draws(name: str, yes: int, of: int, seed: int) -> Draws:
    """By how much one counted unit, of many, may miss its rate: the normal form of a binomial draw at each drawn rate."""
    import numpy  # noqa: PLC0415
    from scipy.special import ndtri  # noqa: PLC0415

    share = rate_draws(name, yes, of, seed)
    drawn: Draws = numpy.sqrt(share * (1 - share)) * ndtri(_uniforms(f"{name}:units", seed))
    drawn.flags.writeable = False
    return drawn


def _uniforms(name: str, seed: int) -> Draws:
    import numpy  # noqa: PLC0415

    start = int.from_bytes(sha256(f"{seed}:{name}".encode()).digest()[:4], "big")
    return numpy.random.RandomState(start).random_sample(DRAWS)
