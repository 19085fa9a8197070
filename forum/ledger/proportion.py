"""A surveyed proportion and its Wilson interval: what is known of a share when only some were asked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from math import sqrt

Z = 1.959963984540054  # the normal distribution's 97.5 % quantile
PLACES = Decimal("0.000001")


@dataclass(frozen=True)
class Interval:
    low: float
    high: float


@dataclass(frozen=True)
class Proportion:
    """`yes` of `of`. With nobody asked there is no rate, which is not the same as a rate of zero."""

    yes: int
    of: int

    @property
    def rate(self) -> Decimal | None:
        """The share to six places: the parameter that reports apply and print, so that a reader can multiply it again."""
        if self.of < 1:
            return None
        return (Decimal(self.yes) / Decimal(self.of)).quantize(PLACES, ROUND_HALF_EVEN)

    @property
    def interval(self) -> Interval | None:
        return wilson(self.yes, self.of) if self.of else None


NOBODY_ASKED = Proportion(0, 0)


def wilson(yes: float, of: float) -> Interval:
    """The 95 % score interval of Wilson (1927), without continuity correction. `of` is at least one."""
    share, spread = yes / of, Z * Z / of
    middle = share + spread / 2
    reach = Z * sqrt(share * (1 - share) / of + spread / of / 4)
    low, high = (middle - reach) / (1 + spread), (middle + reach) / (1 + spread)
    # At the ends the formula is exact, but floating point is not.
    return Interval(0.0 if yes == 0 else low, 1.0 if yes == of else high)
