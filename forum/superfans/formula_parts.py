"""The parts of a checked formula and their values. Nothing here can fail: what cannot be said has the value None.

None is "no data": of a metric, of whatever is reckoned with it, and of a division by zero. A comparison with it is
neither true nor false but unknown, and so on upwards by Kleene's tables: `false && unknown` is false, `true || unknown`
is true, `!unknown` is unknown. Numbers are fractions, so that a third is a third.
"""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import reduce
from typing import TypeAlias

Values: TypeAlias = Mapping[str, Decimal | int | None]


class Comparison(StrEnum):
    BELOW = "<"
    AT_MOST = "<="
    ABOVE = ">"
    AT_LEAST = ">="
    EQUAL = "=="
    UNEQUAL = "!="

    @property
    def turned(self) -> Comparison:
        """The one that says the same with its sides changed."""
        return Comparison(self.value.translate(str.maketrans("<>", "><")))

    def of(self, left: Fraction, right: Fraction) -> bool:
        return _COMPARE[self](left, right)


_COMPARE: Mapping[Comparison, Callable[[Fraction, Fraction], bool]] = {
    Comparison.BELOW: operator.lt,
    Comparison.AT_MOST: operator.le,
    Comparison.ABOVE: operator.gt,
    Comparison.AT_LEAST: operator.ge,
    Comparison.EQUAL: operator.eq,
    Comparison.UNEQUAL: operator.ne,
}


@dataclass(frozen=True)
class Part(ABC):
    """`at` and `end` are character indexes of the text; `depth` says how many parts stand in each other."""

    at: int
    end: int
    depth: int

    def inner(self) -> Sequence[Part]:
        return ()

    def metrics(self) -> Iterator[str]:
        for part in self.inner():
            yield from part.metrics()


@dataclass(frozen=True)
class NumberPart(Part):
    @abstractmethod
    def value(self, values: Values) -> Fraction | None: ...


@dataclass(frozen=True)
class TruthPart(Part):
    @abstractmethod
    def value(self, values: Values) -> bool | None: ...


@dataclass(frozen=True)
class Literal(NumberPart):
    number: Fraction

    def value(self, values: Values) -> Fraction:
        return self.number


@dataclass(frozen=True)
class Measured(NumberPart):
    """A metric that is a number. `whole`: it has no values between 2 and 3."""

    name: str
    whole: bool

    def metrics(self) -> Iterator[str]:
        yield self.name

    def value(self, values: Values) -> Fraction | None:
        return number_of(values[self.name])


@dataclass(frozen=True)
class Negative(NumberPart):
    of: NumberPart

    def inner(self) -> Sequence[Part]:
        return (self.of,)

    def value(self, values: Values) -> Fraction | None:
        value = self.of.value(values)
        return None if value is None else -value


@dataclass(frozen=True)
class Reckoned(NumberPart):
    """`first`, then operator and number as long as there are, from left to right."""

    first: NumberPart
    rest: Sequence[tuple[str, NumberPart]]

    def inner(self) -> Sequence[Part]:
        return (self.first, *(part for _sign, part in self.rest))

    def value(self, values: Values) -> Fraction | None:
        return reduce(
            lambda left, step: _reckon(left, step[0], step[1].value(values)), self.rest, self.first.value(values)
        )


@dataclass(frozen=True)
class Stated(TruthPart):
    """A metric that is a yes or a no."""

    name: str

    def metrics(self) -> Iterator[str]:
        yield self.name

    def value(self, values: Values) -> bool | None:
        stated = values[self.name]
        return None if stated is None else stated != 0


@dataclass(frozen=True)
class Compared(TruthPart):
    left: NumberPart
    comparison: Comparison
    right: NumberPart

    def inner(self) -> Sequence[Part]:
        return (self.left, self.right)

    def value(self, values: Values) -> bool | None:
        left, right = self.left.value(values), self.right.value(values)
        return None if left is None or right is None else self.comparison.of(left, right)


@dataclass(frozen=True)
class Denied(TruthPart):
    of: TruthPart

    def inner(self) -> Sequence[Part]:
        return (self.of,)

    def value(self, values: Values) -> bool | None:
        value = self.of.value(values)
        return None if value is None else not value


@dataclass(frozen=True)
class Every(TruthPart):
    parts: Sequence[TruthPart]

    def inner(self) -> Sequence[Part]:
        return self.parts

    def value(self, values: Values) -> bool | None:
        found = [part.value(values) for part in self.parts]
        return False if False in found else None if None in found else True


@dataclass(frozen=True)
class Either(TruthPart):
    parts: Sequence[TruthPart]

    def inner(self) -> Sequence[Part]:
        return self.parts

    def value(self, values: Values) -> bool | None:
        found = [part.value(values) for part in self.parts]
        return True if True in found else None if None in found else False


def number_of(value: Decimal | int | None) -> Fraction | None:
    """Raises TypeError for a float: its value would not be the one that was written."""
    if isinstance(value, float):
        raise TypeError("metrics are whole numbers or decimals")
    return None if value is None else Fraction(value)


def _reckon(left: Fraction | None, sign: str, right: Fraction | None) -> Fraction | None:
    if left is None or right is None or (sign == "/" and right == 0):
        return None
    return _RECKON[sign](left, right)


_RECKON: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
