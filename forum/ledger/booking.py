"""Bringing the ledger to what the events say: the one place that adds rows, with their rollups, in the open period.

A unit (a claim or a reader-week) has at most one row that stands. `settle` compares it with what should stand and adds
the difference: nothing, a first row, a reversing row, or both. So it may run any number of times, and the order in
which events arrive changes in which period rows stand, never their sum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import Table, func, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from forum.kernel.base import Base
from forum.kernel.database import take_turns
from forum.ledger.claim import Reason
from forum.ledger.closed_period import ClosedPeriod
from forum.ledger.entry import Entry
from forum.ledger.period import Period
from forum.ledger.totals import AnswerTotal, EntryTotal

LEDGER = "ledger"  # who books shares this turn, who closes a period has it alone


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
    standing, counts = _standing(session, [one.unit for one in settlements])
    added: list[Entry] = []
    for one in settlements:
        entry = standing.get(one.unit.basis)
        if entry is not None and one.wanted == said_by(entry):
            continue
        day = max(one.at.astimezone(zone).date(), open_from)
        if entry is not None:
            added.append(_reversal(entry, one.why or Reason.REGRADED, day, now))
        if one.wanted is not None:
            count = counts[one.unit.basis]
            basis = one.unit.basis if count == 0 else f"{one.unit.basis}#{count + 1}"
            added.append(_original(one.unit, one.wanted, basis, day, now))
    book(session, added)
    return len(added)


def book(session: Session, entries: Sequence[Entry]) -> None:
    """Add rows and their totals in one transaction. Nothing else writes either table."""
    if not entries:
        return
    session.add_all(entries)
    session.flush()
    _add_up(session, EntryTotal, _entry_totals(entries))
    _add_up(session, AnswerTotal, _answer_totals(entries))


def first_open_day(session: Session) -> date:
    """The day after the last closed period; the beginning of time while none is closed."""
    name = session.scalar(select(func.max(ClosedPeriod.name)))
    closed = Period.named(name) if name else None
    return closed.moved(1).first if closed else date.min


def said_by(entry: Entry) -> Wanted:
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


def _standing(session: Session, units: Sequence[Unit]) -> tuple[dict[str, Entry], dict[str, int]]:
    """Of each unit by its basis: the original that nothing has reversed, and how many originals there ever were."""
    reversal = aliased(Entry)
    claims = {unit.claim_id: unit.basis for unit in units if unit.claim_id is not None}
    weeks = {unit.reader_week_id: unit.basis for unit in units if unit.reader_week_id is not None}
    standing: dict[str, Entry] = {}
    counts: dict[str, int] = defaultdict(int)
    for column, bases in ((Entry.claim_id, claims), (Entry.reader_week_id, weeks)):
        if not bases:
            continue
        rows = session.execute(
            select(Entry, reversal.id)
            .outerjoin(reversal, reversal.reverses_id == Entry.id)
            .where(column.in_(bases), Entry.reverses_id.is_(None))
        )
        for entry, reversed_by in rows:
            basis = bases[getattr(entry, column.key)]
            counts[basis] += 1
            if reversed_by is None:
                standing[basis] = entry
    return standing, counts


def _original(unit: Unit, wanted: Wanted, basis: str, day: date, now: datetime) -> Entry:
    return Entry(
        kind=wanted.kind,
        grade=wanted.grade,
        thread_id=wanted.thread_id,
        mention_id=wanted.mention_id,
        acceptance_id=wanted.acceptance_id,
        claim_id=unit.claim_id,
        reader_week_id=unit.reader_week_id,
        board_id=wanted.board_id,
        network=wanted.network,
        language=wanted.language,
        intent=wanted.intent,
        channel=wanted.channel,
        day=day,
        valued_on=wanted.valued_on,
        quantity=1,
        basis=basis,
        created_at=now,
    )


def _reversal(entry: Entry, why: Reason, day: date, now: datetime) -> Entry:
    """The row that takes `entry` back; like it in everything but the sign, its day and its reason."""
    kept = {name: getattr(entry, name) for name in _CARRIED}
    return Entry(**kept, day=day, quantity=-entry.quantity, reverses_id=entry.id, why=why, created_at=now)


_CARRIED = (
    "kind", "grade", "thread_id", "mention_id", "acceptance_id", "claim_id", "reader_week_id", "board_id", "network",
    "language", "intent", "channel", "valued_on", "basis",
)  # fmt: skip


def _entry_totals(entries: Iterable[Entry]) -> dict[tuple[Any, ...], list[Any]]:
    totals: dict[tuple[Any, ...], list[Any]] = defaultdict(lambda: [0, 0])
    for entry in entries:
        total = totals[
            entry.day, entry.valued_on, entry.kind, entry.grade, entry.board_id, entry.network, entry.language,
            entry.intent, entry.channel,
        ]  # fmt: skip
        total[0] += entry.quantity
        total[1] += 1
    return totals


def _answer_totals(entries: Iterable[Entry]) -> dict[tuple[Any, ...], list[Any]]:
    totals: dict[tuple[Any, ...], list[Any]] = defaultdict(lambda: [0, 0])
    for entry in entries:
        months = entry.day.replace(day=1), entry.valued_on.replace(day=1)
        total = totals[*months, entry.acceptance_id, entry.kind, entry.network, entry.intent, entry.thread_id]
        total[0] += entry.quantity
        total[1] += 1
    return totals


def _add_up(session: Session, model: type[Base], totals: dict[tuple[Any, ...], list[Any]]) -> None:
    """One statement, in the order of the keys, so that two bookings never wait for each other in a circle."""
    table = inspect(model).local_table
    assert isinstance(table, Table)
    names = [column.name for column in table.columns]
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(table)
    statement = statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: table.c[name] + statement.excluded[name] for name in ("quantity", "rows")},
    )
    rows = [dict(zip(names, [*key, *total], strict=True)) for key, total in sorted(totals.items())]
    session.execute(statement, rows)
