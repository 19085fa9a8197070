"""What a metric is: a name that formulas know, what it counts, and over which windows of time.

Names with a window end in its days: `solutions_90d` are those of today and the 89 days before it, in the company's time
zone; `solutions` are all. So a figure changes by what happens and at midnight, and at no other time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from forum.kernel.messages import Message

WINDOWS = (7, 30, 90, 365)  # days


class Unit(StrEnum):
    COUNT = "count"
    RATIO = "ratio"  # four decimal places
    MINUTES = "minutes"  # one decimal place
    DAYS = "days"
    WEEKS = "weeks"
    TRUTH = "truth"  # yes or no, kept as 1 or 0

    @property
    def is_whole(self) -> bool:
        return self not in {Unit.RATIO, Unit.MINUTES}


class Subject(StrEnum):
    """What the metrics are grouped by on pages."""

    SOLVING = "solving"
    ANSWERING = "answering"
    THANKS = "thanks"
    BREADTH = "breadth"
    STANDING = "standing"


@dataclass(frozen=True)
class Metric:
    """`windows` are days; every metric has the name that stands for all time."""

    name: str
    subject: Subject
    title: Message
    description: Message
    unit: Unit = Unit.COUNT
    windows: Sequence[int] = ()
    may_lack: bool = False  # there may be no data, which is not the same as 0

    @property
    def names(self) -> Sequence[str]:
        """What a formula may call it: without a window first, then from the shortest to the longest."""
        return (self.name, *(in_window(self.name, days) for days in self.windows))


def in_window(name: str, days: int) -> str:
    return f"{name}_{days}d"
