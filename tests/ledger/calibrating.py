"""How often the product's range holds the truth of a community that is fully known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from forum.ledger.claim import Kind
from forum.ledger.estimate import AMONG, Sum, bounds
from forum.ledger.proportion import NOBODY_ASKED, Interval, Proportion
from tests.ledger.community import Seen, World, draw, look

EVERY_KIND = (Kind.DIRECT, Kind.SOCIAL, Kind.INDIRECT)
ALL = "all"


@dataclass(frozen=True)
class Held:
    """One seed's range beside the truth."""

    truth: int
    likely: float
    range: Interval

    @property
    def covers(self) -> bool:
        return self.range.low <= self.truth <= self.range.high

    @property
    def low_is_above(self) -> bool:
        return self.range.low > self.truth

    @property
    def width(self) -> float:
        return (self.range.high - self.range.low) / max(self.truth, 1)


@dataclass(frozen=True)
class Calibration:
    kind: str
    held: Sequence[Held]

    @property
    def coverage(self) -> float:
        return sum(one.covers for one in self.held) / len(self.held)

    @property
    def low_above(self) -> float:
        return sum(one.low_is_above for one in self.held) / len(self.held)

    @property
    def width(self) -> float:
        return sum(one.width for one in self.held) / len(self.held)

    @property
    def bias(self) -> float:
        """The likely value against the truth, over all seeds."""
        return sum(one.likely for one in self.held) / max(sum(one.truth for one in self.held), 1) - 1

    @property
    def low_share(self) -> float:
        """The headline against the truth."""
        return sum(one.range.low for one in self.held) / max(sum(one.truth for one in self.held), 1)


def calibrate(
    world: World, seeds: Iterable[int], *, among: Collection[str] = AMONG, silent_meant_no: bool = False
) -> Sequence[Calibration]:
    """Of all kinds together, then each alone. `among` as `bounds` takes it."""
    held: dict[str, list[Held]] = {kind: [] for kind in (ALL, *EVERY_KIND)}
    for seed in seeds:
        months = draw(world, seed)
        seen = look(months)
        if silent_meant_no:
            seen = _silent_meant_no(seen)
        truth = {kind: sum(month.saved[kind] for month in months) for kind in EVERY_KIND}
        held[ALL].append(_held(seen.total(), seen, sum(truth.values()), among))
        for kind in EVERY_KIND:
            held[kind].append(_held(seen.sums[kind], seen, truth[kind], among))
    return [Calibration(kind, found) for kind, found in held.items()]


def _held(total: Sum, seen: Seen, truth: int, among: Collection[str]) -> Held:
    likely = total.known + sum(
        (amount * (seen.rates.get(name, NOBODY_ASKED).rate or 0) for name, amount in total.per_rate.items()), Decimal(0)
    )
    return Held(truth, float(likely), bounds(total, seen.rates, among=among))


def _silent_meant_no(seen: Seen) -> Seen:
    more = {name: Proportion(rate.yes, rate.of + seen.silent.get(name, 0)) for name, rate in seen.rates.items()}
    return replace(seen, rates=more)
