"""How far a member is from what a formula asks: "solutions_90d: 2 of 5"."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from forum.superfans.formula_parts import Compared, Comparison, Measured, NumberPart, Stated, TruthPart, Values


@dataclass(frozen=True)
class Gap:
    """`wants` is the nearest value that would do; for "more than 0.8", which has none, 0.8 itself with `comparison` >.

    `has` None: there is no data yet. `comparison` says on which side of `wants` the value has to be; a whole metric's is
    always >=, <=, == or !=.
    """

    metric: str
    comparison: Comparison
    has: Decimal | int | None
    wants: Decimal | int

    @property
    def missing(self) -> Decimal | int | None:
        """How much more it takes, or how much less where `comparison` looks down; None without data, or for !=."""
        if self.has is None or self.comparison == Comparison.UNEQUAL:
            return None
        if isinstance(self.has, int) and isinstance(self.wants, int):
            return abs(self.wants - self.has)
        return abs(Decimal(self.wants) - self.has)

    def __str__(self) -> str:
        """For logs and tests; pages have sentences of their own."""
        return f"{self.metric}: {'no data' if self.has is None else self.has} of {self.wants}"


def gap_of(part: TruthPart, values: Values) -> Gap | None:
    """None if `part` holds, or is not one metric beside a fixed number."""
    if part.value(values) is True:
        return None
    if isinstance(part, Stated):
        return Gap(part.name, Comparison.EQUAL, values[part.name], 1)
    if not isinstance(part, Compared):
        return None
    if isinstance(part.left, Measured):
        return _gap(part.left, part.comparison, part.right, values)
    if isinstance(part.right, Measured):
        return _gap(part.right, part.comparison.turned, part.left, values)
    return None


def _gap(metric: Measured, comparison: Comparison, limit: NumberPart, values: Values) -> Gap | None:
    wanted = None if any(limit.metrics()) else _fixed(limit)
    if wanted is None:
        return None
    if metric.whole and (whole := _whole(comparison, wanted)) is not None:
        comparison, wanted = whole
    return Gap(metric.name, comparison, values[metric.name], _plain(wanted))


def _fixed(limit: NumberPart) -> Fraction | None:
    """The value of a part that names no metric; None where it divides by zero."""
    return limit.value({})


def _whole(comparison: Comparison, wanted: Fraction) -> tuple[Comparison, Fraction] | None:
    """The same demand on whole numbers."""
    match comparison:
        case Comparison.AT_LEAST:
            return Comparison.AT_LEAST, Fraction(math.ceil(wanted))
        case Comparison.ABOVE:
            return Comparison.AT_LEAST, Fraction(math.floor(wanted) + 1)
        case Comparison.AT_MOST:
            return Comparison.AT_MOST, Fraction(math.floor(wanted))
        case Comparison.BELOW:
            return Comparison.AT_MOST, Fraction(math.ceil(wanted) - 1)
    return None


def _plain(number: Fraction) -> Decimal | int:
    """Four decimal places at most."""
    rounded = round(number, 4)
    if rounded.denominator == 1:
        return rounded.numerator
    return Decimal(rounded.numerator) / Decimal(rounded.denominator)
