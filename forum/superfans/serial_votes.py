"""Serial voting: one person thanks another again and again within a short time, thread after thread.

Somebody who reads an expert's answers for an evening may thank three or four of them; the bounds leave that alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Bound:
    """That many kudos in different threads within that time are serial."""

    threads: int
    within: timedelta


BOUNDS = (Bound(6, timedelta(hours=1)), Bound(12, timedelta(days=1)))
LONGEST = max(bound.within for bound in BOUNDS)


@dataclass(frozen=True)
class Given:
    """One kudos, with its id in the database."""

    id: int
    giver: int
    receiver: int
    thread: int
    at: datetime


@dataclass(frozen=True)
class Series:
    """What one gave another in a run; never empty, the earliest first."""

    giver: int
    receiver: int
    kudos: Sequence[Given]

    @property
    def threads(self) -> int:
        return len({one.thread for one in self.kudos})

    @property
    def first_at(self) -> datetime:
        return self.kudos[0].at

    @property
    def last_at(self) -> datetime:
        return self.kudos[-1].at


def find_series(given: Iterable[Given]) -> Sequence[Series]:
    """Every run in which a bound is reached, by giver, receiver and time; runs that touch are one."""
    pairs: dict[tuple[int, int], list[Given]] = defaultdict(list)
    for one in given:
        if one.giver != one.receiver:
            pairs[one.giver, one.receiver].append(one)
    return [series for pair in sorted(pairs) for series in _runs(sorted(pairs[pair], key=lambda one: (one.at, one.id)))]


def _runs(kudos: Sequence[Given]) -> Iterator[Series]:
    spans = sorted(span for bound in BOUNDS for span in _reached(kudos, bound))
    while spans:
        first, last = spans.pop(0)
        while spans and spans[0][0] <= last:
            last = max(last, spans.pop(0)[1])
        yield Series(kudos[first].giver, kudos[first].receiver, kudos[first : last + 1])


def _reached(kudos: Sequence[Given], bound: Bound) -> Iterator[tuple[int, int]]:
    """First and last place of each stretch that reaches the bound."""
    first = 0
    for last, one in enumerate(kudos):
        while one.at - kudos[first].at > bound.within:
            first += 1
        if len({each.thread for each in kudos[first : last + 1]}) >= bound.threads:
            yield first, last
