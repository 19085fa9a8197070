"""A view of a solved thread on its way into the evidence: who the reader is, their week, and what the worker is told.

Neither an address nor a browser's name stands here: a signed-out reader is a hash by the time a view is made.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

WEEK = timedelta(days=7)
WHOLE = 10_000  # shares are hundredths of a percent


@dataclass(frozen=True)
class Reader:
    """A reader in one ISO week. `key` is what ReaderWeek.reader holds: a:<account id>, or a hash under the week's salt."""

    week: date
    key: str
    account_id: int | None
    by_staff: bool
    salt_number: int
    drawn: bool
    draw_share: int


@dataclass(frozen=True)
class View:
    """That a reader opened a thread. `at` is the clock of the process that was told."""

    thread_id: int
    reader: Reader
    at: datetime

    def written(self) -> str:
        """One short line; the times in microseconds, so that nothing is rounded."""
        who = self.reader
        return json.dumps(
            [
                self.thread_id, who.week.toordinal(), who.key, who.account_id, int(who.by_staff), who.salt_number,
                int(who.drawn), who.draw_share, (self.at - EPOCH) // timedelta(microseconds=1),
            ],
            separators=(",", ":"),
        )  # fmt: skip

    @classmethod
    def read(cls, line: str | bytes) -> View:
        """Raises ValueError where the line is none of ours, such as one that an older version wrote."""
        try:
            thread_id, week, key, account_id, by_staff, salt_number, drawn, draw_share, at = json.loads(line)
            reader = Reader(
                date.fromordinal(week), str(key), account_id, bool(by_staff), int(salt_number), bool(drawn), draw_share
            )
            return cls(int(thread_id), reader, EPOCH + timedelta(microseconds=at))
        except (TypeError, OverflowError) as error:
            raise ValueError("not a view") from error


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def week_of(at: datetime, zone: tzinfo) -> date:
    """The Monday of the ISO week in which `at` lies, on the company's calendar."""
    day = at.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def end_of(week: date, zone: tzinfo) -> datetime:
    """The midnight after its Sunday."""
    return _midnight(week + WEEK, zone)


def due_of(week: date, zone: tzinfo, days: int) -> datetime:
    """The midnight on which a reader-week comes to its day."""
    return _midnight(week + WEEK + timedelta(days=days), zone)


def is_drawn(secret: str, week: date, key: str, share: int) -> bool:
    """Whether the survey asks this reader in this week: the same on every page, in every process, without a cookie."""
    digest = hmac.digest(secret.encode(), f"survey:{week}:{key}".encode(), "sha256")
    return int.from_bytes(digest[:8]) % WHOLE < share


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
