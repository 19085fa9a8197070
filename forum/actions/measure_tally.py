"""Counting by member, metric and window: each thing is put into the narrowest window that it falls into, and summed up at the end."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import accumulate
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, case

from forum.superfans.metric import WINDOWS, in_window

ALL = len(WINDOWS)  # the place of what is older than every window


@dataclass(frozen=True)
class Windows:
    """Where the windows begin at `now`: at midnight of the company's `zone`, today and the days before it."""

    now: datetime
    zone: tzinfo

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def starts(self) -> Sequence[datetime]:
        """The narrowest first, so the latest first."""
        return [self.start(length) for length in WINDOWS]

    def start(self, days: int) -> datetime:
        """When a window of so many days begins."""
        day = self.today - timedelta(days=days - 1)
        return datetime.combine(day, time.min, self.zone).astimezone(UTC)

    def place_in_sql(self, at: Any) -> ColumnElement[int]:
        """The place of the narrowest window that the column's time falls into."""
        return case(*((at >= start, place) for place, start in enumerate(self.starts)), else_=ALL)


@dataclass
class Tally:
    windows: Windows
    _starts: Sequence[float] = field(init=False)
    _counts: dict[str, dict[int, list[int]]] = field(default_factory=lambda: defaultdict(dict))
    _things: dict[str, dict[int, dict[object, int]]] = field(default_factory=lambda: defaultdict(dict))
    _numbers: dict[str, dict[int, list[list[int]]]] = field(default_factory=lambda: defaultdict(dict))

    def __post_init__(self) -> None:
        self._starts = [-start.timestamp() for start in self.windows.starts]

    def place(self, at: datetime) -> int:
        """As `place_in_sql`."""
        return bisect_left(self._starts, -at.timestamp())

    def add(self, metric: str, member: int, place: int, amount: int = 1) -> None:
        self._counts[metric].setdefault(member, [0] * (ALL + 1))[place] += amount

    def see(self, metric: str, member: int, thing: object, place: int) -> None:
        """Different things count once, in every window in which one was seen."""
        things = self._things[metric].setdefault(member, {})
        things[thing] = min(place, things.get(thing, ALL))

    def note(self, metric: str, member: int, number: int, place: int) -> None:
        """For medians."""
        self._numbers[metric].setdefault(member, [[] for _ in range(ALL + 1)])[place].append(number)

    def counts(self, metric: str, member: int) -> Mapping[str, int]:
        """By the names that formulas use; what never was is 0."""
        placed = list(self._counts[metric].get(member, [0] * (ALL + 1)))
        for place in self._things[metric].get(member, {}).values():
            placed[place] += 1
        return dict(zip(_names(metric), accumulate(placed), strict=True))

    def medians(self, metric: str, member: int, unit: int) -> Mapping[str, Decimal | None]:
        """In `unit`s of what was noted, to one decimal place; None where nothing was noted."""
        placed = self._numbers[metric].get(member, [[] for _ in range(ALL + 1)])
        found = [median(numbers) if numbers else None for numbers in accumulate(placed)]
        rounded = [None if one is None else (Decimal(one) / unit).quantize(Decimal("0.1")) for one in found]
        return dict(zip(_names(metric), rounded, strict=True))

    def ratios(self, metric: str, member: int, of: str, to: str) -> Mapping[str, Decimal | None]:
        """What was counted as `of` for each that was counted as `to`, to four decimal places; None for none."""
        over, under = self.counts(of, member).values(), self.counts(to, member).values()
        return dict(zip(_names(metric), map(_ratio, over, under), strict=True))


def _names(metric: str) -> Sequence[str]:
    return [*(in_window(metric, days) for days in WINDOWS), metric]


def _ratio(over: int, under: int) -> Decimal | None:
    return (Decimal(over) / under).quantize(Decimal("0.0001"), ROUND_HALF_EVEN) if under else None
