"""The size of `bench.deflection`'s forum and the two years that it lives through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from forum.kernel.base import Base

WEEKS = 104
VIEWS_A_READER = 2.5
CHUNK = 5000


@dataclass(frozen=True)
class Scale:
    threads: int
    views: int
    contacts: int

    @property
    def reader_weeks(self) -> int:
        return int(self.views / VIEWS_A_READER)


FULL = Scale(threads=50_000, views=20_000_000, contacts=500_000)
TENTH = Scale(threads=5_000, views=2_000_000, contacts=50_000)
HUNDREDTH = Scale(threads=500, views=200_000, contacts=5_000)


@dataclass(frozen=True)
class Span:
    """The two years end in the week of `now`."""

    scale: Scale
    now: datetime

    @property
    def first(self) -> date:
        """A Monday."""
        today = self.now.date()
        return today - timedelta(days=today.weekday(), weeks=WEEKS)

    @property
    def months(self) -> list[date]:
        return list(_months(self.first, self.now.date()))

    @property
    def a_day(self) -> int:
        """Reader-weeks that begin on a day."""
        return self.scale.reader_weeks // (WEEKS * 7)

    def accepted_at(self, number: int) -> datetime:
        """Evenly over all the days."""
        return midnight(self.first) + (self.now - midnight(self.first)) * (number / (self.scale.threads + 1))

    def answered_by(self, at: datetime) -> int:
        """How many threads were solved by then; they are numbered in that order."""
        return max(0, int(self.scale.threads * ((at - midnight(self.first)) / (self.now - midnight(self.first)))))


def add(connection: Connection, model: type[Base], rows: Any) -> None:
    rows = list(rows)
    for start in range(0, len(rows), CHUNK):
        connection.execute(insert(model), rows[start : start + CHUNK])


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
