"""A period: one month of the ledger, in the company's time zone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo


@dataclass(frozen=True, order=True)
class Period:
    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Period:
        return cls(day.year, day.month)

    @classmethod
    def named(cls, name: str) -> Period | None:
        """From "2026-11"; None where that is no month."""
        found = re.fullmatch(r"(\d{4})-(\d{2})", name, re.ASCII)
        year, month = (int(found[1]), int(found[2])) if found else (0, 0)
        return cls(year, month) if 1970 <= year <= 9000 and 1 <= month <= 12 else None

    @property
    def name(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return self.moved(1).first - timedelta(days=1)

    def moved(self, months: int) -> Period:
        """So many months later, or earlier."""
        count = self.year * 12 + self.month - 1 + months
        return Period(count // 12, count % 12 + 1)

    def begins(self, zone: tzinfo) -> datetime:
        """Its first moment, in UTC."""
        return datetime(self.year, self.month, 1, tzinfo=zone).astimezone(UTC)

    def ends(self, zone: tzinfo) -> datetime:
        """The first moment after it, in UTC."""
        return self.moved(1).begins(zone)


def periods(first: Period, last: Period) -> Iterator[Period]:
    """Every month from `first` to `last`, both included."""
    while first <= last:
        yield first
        first = first.moved(1)
