"""Bringing the ledger to what the events say: the one place that adds rows, with their rollups, in the open period.

A unit (a claim or a reader-week) has at most one row that stands. `settle` compares it with what should stand and adds
the difference: nothing, a first row, a reversing row, or both. So it may run any number of times, and the order in
which events arrive changes in which period rows stand, never their sum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from operator import itemgetter
from typing import Any

from sqlalchemy import Row, Table, func, insert, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from forum.kernel.base import Base
from forum.kernel.database import numbers, take_turns
from forum.ledger.claim import Reason
from forum.ledger.closed_period import ClosedPeriod
from forum.ledger.entry import Entry
from forum.ledger.period import Period
from forum.ledger.totals import AnswerTotal, EntryTotal

LEDGER = "ledger"  # who books shares this turn, who closes a period has it alone

EntryRow = dict[str, Any]  # a row of the ledger before it has a number, by the names of its columns
Totals = dict[tuple[Any, ...], list[int]]


@dataclass(frozen=True)
class Wanted:
    """What should stand for a unit."""

    kind: str
    grade: str
    thread_id: int
    acceptance_id: int
    board_id: int
    network: str
    language: str
    valued_on: date
    mention_id: int | None = None
    intent: str = ""
    channel: str = ""


@dataclass(frozen=True)
class Unit:
    """A claim or a reader-week. `basis` is its name in the ledger, such as "acceptance:7"."""

    basis: str
    claim_id: int | None = None
    reader_week_id: int | None = None


@dataclass(frozen=True)
class Settlement:
    """`why` names the reason where a standing row has to go. `at` is when the event was recorded that led to this."""

    unit: Unit
    wanted: Wanted | None
    why: Reason | None
    at: datetime


def settle(session: Session, settlements: Sequence[Settlement], zone: tzinfo, now: datetime) -> int:
    """How many rows were added. The caller holds the units' own rows, so no two settle one unit at a time."""
    if not settlements:
        return 0
    take_turns(session, LEDGER, shared=True)
    open_from = first_open_day(session)
    booked = _booked(session, [one.unit for one in settlements])
    added: list[EntryRow] = []
    for one in settlements:
        before = booked.get(one.unit.basis, NOTHING_BOOKED)
        wanted, standing = in_its_place(one.wanted, before.last), before.standing
        if standing is not None and wanted == said_by(standing):
            continue
        day = max(one.at.astimezone(zone).date(), open_from)
        if standing is not None:
            day = max(day, standing.day)  # nothing is taken back before the day on which it stands
            added.append(_reversal(standing, one.why or Reason.REGRADED, day, now))
        if wanted is not None:
            added.append(_original(one.unit, wanted, basis_of(one.unit, before.originals), day, now))
    book(session, added)
    return len(added)


def book(session: Session, rows: Sequence[EntryRow]) -> None:
    """Add rows and their totals in one transaction. Nothing else writes either table."""
    if not rows:
        return
    session.flush()
    session.execute(insert(_table(Entry)), rows)
    for model, totals in totals_of(rows):
        _add_up(session, model, totals)


def first_open_day(session: Session) -> date:
    """The day after the last closed period; the beginning of time while none is closed."""
    name = session.scalar(select(func.max(ClosedPeriod.name)))
    closed = Period.named(name) if name else None
    return closed.moved(1).first if closed else date.min


def said_by(entry: Entry | Row[Any]) -> Wanted:
    """What an original row says; a row that says what is wanted is left alone."""
    return Wanted(
        kind=entry.kind,
        grade=entry.grade,
        thread_id=entry.thread_id,
        acceptance_id=entry.acceptance_id,
        board_id=entry.board_id,
        network=entry.network,
        language=entry.language,
        valued_on=entry.valued_on,
        mention_id=entry.mention_id,
        intent=entry.intent,
        channel=entry.channel,
    )


def in_its_place(wanted: Wanted | None, last: Entry | Row[Any] | None) -> Wanted | None:
    """A unit stays on the board and in the language of its first row: moving a thread later is no correction of it."""
    if wanted is None or last is None or last.thread_id != wanted.thread_id:
        return wanted
    return replace(wanted, board_id=last.board_id, language=last.language)


def basis_of(unit: Unit, originals: int) -> str:
    """The name of a unit's next original after so many."""
    return unit.basis if originals == 0 else f"{unit.basis}#{originals + 1}"


@dataclass
class Booked:
    """What the ledger has of one unit: how many originals, the last of them, and the one that nothing has reversed."""

    originals: int = 0
    last: Row[Any] | None = None
    standing: Row[Any] | None = None


NOTHING_BOOKED = Booked()


def _booked(session: Session, units: Sequence[Unit]) -> Mapping[str, Booked]:
    """Of each unit that has rows, by its basis."""
    reversal = aliased(Entry)
    claims = {unit.claim_id: unit.basis for unit in units if unit.claim_id is not None}
    weeks = {unit.reader_week_id: unit.basis for unit in units if unit.reader_week_id is not None}
    found: dict[str, Booked] = defaultdict(Booked)
    for column, bases in ((Entry.claim_id, claims), (Entry.reader_week_id, weeks)):
        if not bases:
            continue
        rows: Iterable[Row[Any]] = session.execute(
            select(*_table(Entry).columns, reversal.id.label("reversed_by"))
            .outerjoin(reversal, reversal.reverses_id == Entry.id)
            .where(column.in_(numbers(bases)), Entry.reverses_id.is_(None))
            .order_by(Entry.id)
        )
        for row in rows:
            booked = found[bases[getattr(row, column.key)]]
            booked.originals, booked.last = booked.originals + 1, row
            if row.reversed_by is None:
                booked.standing = row
    return found


def _original(unit: Unit, wanted: Wanted, basis: str, day: date, now: datetime) -> EntryRow:
    return {
        **vars(wanted),
        "claim_id": unit.claim_id,
        "reader_week_id": unit.reader_week_id,
        "day": day,
        "quantity": 1,
        "basis": basis,
        "reverses_id": None,
        "why": None,
        "created_at": now,
    }


def _reversal(entry: Row[Any], why: Reason, day: date, now: datetime) -> EntryRow:
    """The row that takes `entry` back; like it in everything but the sign, its day and its reason."""
    kept = {name: getattr(entry, name) for name in CARRIED}
    told = {"day": day, "quantity": -entry.quantity, "reverses_id": entry.id, "why": str(why), "created_at": now}
    return {**kept, **told}


CARRIED = (
    "kind", "grade", "thread_id", "mention_id", "acceptance_id", "claim_id", "reader_week_id", "board_id", "network",
    "language", "intent", "channel", "valued_on", "basis",
)  # fmt: skip


_of_day = itemgetter(
    "day", "valued_on", "kind", "grade", "board_id", "network", "language", "intent", "channel"
)  # fmt: skip
_of_answer = itemgetter("acceptance_id", "kind", "network", "intent", "thread_id")


def totals_of(rows: Iterable[EntryRow]) -> Sequence[tuple[type[Base], Totals]]:
    """Of each rollup its keys with quantity and number of rows."""
    by_day: Totals = defaultdict(lambda: [0, 0])
    by_answer: Totals = defaultdict(lambda: [0, 0])
    for row in rows:
        months = row["day"].replace(day=1), row["valued_on"].replace(day=1)
        for total in (by_day[_of_day(row)], by_answer[*months, *_of_answer(row)]):
            total[0] += row["quantity"]
            total[1] += 1
    return (EntryTotal, by_day), (AnswerTotal, by_answer)


def _add_up(session: Session, model: type[Base], totals: Totals) -> None:
    """One statement, in the order of the keys, so that two bookings never wait for each other in a circle."""
    table = _table(model)
    names = [column.name for column in table.columns]
    upsert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = upsert(table)
    statement = statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: table.c[name] + statement.excluded[name] for name in ("quantity", "rows")},
    )
    rows = [dict(zip(names, [*key, *total], strict=True)) for key, total in sorted(totals.items())]
    session.execute(statement, rows)


def _table(model: type[Base]) -> Table:
    table = inspect(model).local_table
    assert isinstance(table, Table)
    return table
