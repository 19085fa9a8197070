"""Whether the rows of one unit are what they must be, from what they say and what is known of the unit now.

Asks nothing of the database, so that each rule can be tested alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import Row

from forum.ledger.booking import CARRIED, Unit, Wanted, basis_of, in_its_place, said_by
from forum.ledger.entry import Entry
from forum.ledger.period import Period

DAY = timedelta(days=1)
Booked = Entry | Row[Any]


@dataclass(frozen=True)
class Difference:
    """`what` names a unit, a row or a total; the two others are words and figures, for an operator's eyes."""

    what: str
    expected: str
    found: str


@dataclass
class Known:
    """Of one unit: what should stand, and on which days something was recorded that may have led to a row."""

    unit: Unit
    wanted: Wanted | None
    outcome: str | None  # as the unit itself says
    waits: bool  # undecided, or marked for another look
    days: set[date] = field(default_factory=set)
    since: set[date] = field(default_factory=set)  # it was heard of on one of these days or later


@dataclass(frozen=True)
class Closings:
    """When each closed month was closed, by its name."""

    at: dict[str, datetime]
    zone: tzinfo

    def opened(self, day: date, by: datetime) -> bool:
        """Whether the ledger was open from `day` on for a row made at `by`: the month before was closed by then.

        A day's grace, since a worker that waited for the closing wrote down the time at which it had begun.
        """
        closed_at = self.at.get(Period.of(day - DAY).name)
        return day.day == 1 and closed_at is not None and closed_at <= by + DAY


def check_unit(known: Known, rows: Sequence[Booked], closings: Closings, within: Period) -> Iterator[Difference]:
    """`rows` are all that the unit has in any month, in the order of their ids; days are looked at `within` a month alone."""
    name = known.unit.basis
    standing: Booked | None = None
    last: Booked | None = None
    originals = 0
    for row in rows:
        what = f"{name}, row {row.id}"
        if row.reverses_id is None:
            if standing is not None:
                yield Difference(what, "nothing stands before it", f"row {standing.id} stands")
            if row.quantity != 1:
                yield Difference(what, "quantity 1", f"quantity {row.quantity}")
            if row.basis != (basis := basis_of(known.unit, originals)):
                yield Difference(what, f"basis {basis}", f"basis {row.basis}")
            standing = last = row
            originals += 1
        else:
            yield from _check_reversal(what, row, standing)
            standing = None
        if within.first <= row.day <= within.last and not _is_justified(known, row, closings):
            yield Difference(what, "an event recorded on its day", f"day {row.day}, {_said(row)}")
    if not known.waits:
        yield from _check_standing(known, standing, last)
    elif known.outcome is None and standing is not None:
        yield Difference(name, "no row before it is decided", f"row {standing.id} stands")


def moved(known: Known, rows: Sequence[Booked]) -> Booked | None:
    """The standing row whose thread has another board or language by now, which is no difference."""
    standing = standing_of(rows)
    if standing is None or known.wanted is None or known.wanted.thread_id != standing.thread_id:
        return None
    same = (known.wanted.board_id, known.wanted.language) == (standing.board_id, standing.language)
    return None if same else standing


def standing_of(rows: Sequence[Booked]) -> Booked | None:
    reversed_ids = {row.reverses_id for row in rows}
    return next((row for row in rows if row.reverses_id is None and row.id not in reversed_ids), None)


def _check_reversal(what: str, row: Booked, standing: Booked | None) -> Iterator[Difference]:
    if standing is None or row.reverses_id != standing.id:
        yield Difference(what, "reverses the row that stands", f"reverses row {row.reverses_id}")
        return
    if row.quantity != -standing.quantity:
        yield Difference(what, f"quantity {-standing.quantity}", f"quantity {row.quantity}")
    if not row.why:
        yield Difference(what, "a reason", "none")
    if row.day < standing.day:
        yield Difference(what, f"not before {standing.day}", f"day {row.day}")
    other = [name for name in CARRIED if getattr(row, name) != getattr(standing, name)]
    if other:
        yield Difference(what, f"{_values(standing, other)} as row {standing.id}", _values(row, other))


def _check_standing(known: Known, standing: Booked | None, last: Booked | None) -> Iterator[Difference]:
    wanted = in_its_place(known.wanted, last)
    found = said_by(standing) if standing is not None else None
    if wanted != found:
        yield Difference(known.unit.basis, _wanted(wanted), _wanted(found))
    if (known.outcome == "qualified") != (wanted is not None):
        yield Difference(known.unit.basis, "qualified" if wanted else "lapsed", f"says {known.outcome}")


def _is_justified(known: Known, row: Booked, closings: Closings) -> bool:
    if row.day in known.days or any(day <= row.day for day in known.since):
        return True
    return any(day < row.day for day in known.days) and closings.opened(row.day, row.created_at)


def _said(row: Booked) -> str:
    return f"why {row.why}" if row.reverses_id is not None else f"{row.kind} {row.grade}"


def _values(row: Booked, names: Sequence[str]) -> str:
    return ", ".join(f"{name} {getattr(row, name)}" for name in names)


def _wanted(wanted: Wanted | None) -> str:
    if wanted is None:
        return "nothing stands"
    told = {name: value for name, value in vars(wanted).items() if value not in {None, ""}}
    return ", ".join(f"{name} {value}" for name, value in told.items())
