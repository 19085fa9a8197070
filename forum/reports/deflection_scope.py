"""Which rows of the ledger a figure is made of. Every figure, drill-down and export is asked for with a Scope."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from forum.ledger.claim import Kind
from forum.ledger.period import Period

SAVED = "saved"  # as a kind: all that count, so without what staff answered
COUNTED = (Kind.DIRECT, Kind.SOCIAL, Kind.INDIRECT)
UNNAMED = "unnamed"  # as a channel: nobody named one
UNKNOWN = "unknown"  # as a language: the text gave none away
MONTHS = 6  # shown where nobody chose
LONGEST = 36  # months of one report


class Dimension(StrEnum):
    """What a table tells rows apart by. Its lines' keys are values of the field of this name, for `Scope.at`."""

    MONTH = "month"
    KIND = "kind"
    GRADE = "grade"
    BOARD = "board"
    NETWORK = "network"
    CHANNEL = "channel"
    LANGUAGE = "language"
    THREAD = "thread"


@dataclass(frozen=True)
class Scope:
    """Months, both included, and what else the rows are narrowed to. None: not narrowed."""

    first: Period
    last: Period
    kind: str | None = SAVED  # a Kind or SAVED; None: staff's own answers, too
    grade: str | None = None  # checked (the strict setting) | stated | surveyed | assisted
    board: str | None = None  # its slug
    network: str | None = None  # its kind, or "here"
    channel: str | None = None  # a Channel or UNNAMED; a row from a network is an agent's reply there: "network"
    language: str | None = None  # a tag such as zh-Hant, or UNKNOWN
    # Only lists of rows know the following; a report leaves them out.
    thread: int | None = None
    claim: int | None = None
    late: bool = False  # only rows that correct a month before the one in which they stand

    @property
    def months(self) -> int:
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def is_whole(self) -> bool:
        """Nothing but the months is chosen, so that what the whole programme cost can be set against it."""
        return self == Scope(self.first, self.last)

    def previous(self) -> Scope:
        """As many months right before it."""
        return replace(self, first=self.first.moved(-self.months), last=self.first.moved(-1))

    def at(self, dimension: Dimension, key: str) -> Scope:
        """The rows behind one line of a table: this scope, narrowed to the line's key."""
        if dimension == Dimension.MONTH:
            month = Period.named(key) or self.first
            return replace(self, first=month, last=month)
        if dimension == Dimension.THREAD:
            return replace(self, thread=int(key))
        changes: dict[str, str] = {dimension.value: key}
        return replace(self, **changes)  # type: ignore[arg-type]  # the names are those of the fields


def latest(today: Period, months: int = MONTHS) -> Scope:
    """The months to this one, nothing else chosen."""
    return Scope(today.moved(1 - months), today)
