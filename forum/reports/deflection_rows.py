"""The ledger's rows behind a figure, reversals with their reason among them, each with what it is worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, Select, inspect, select, tuple_
from sqlalchemy.orm import Session

from forum.ledger.entry import Entry
from forum.ledger.period import Period
from forum.reports.deflection_parameters import cells_in, read_sources, worth_of
from forum.reports.deflection_reading import Names, conditions, is_late, read_names
from forum.reports.deflection_scope import COUNTED, Scope
from forum.reports.deflection_valuing import Cell, Worth, value
from forum.threads.private_boards import public_slug, public_title
from forum.threads.thread import Thread

PAGE = 50
BATCH = 2000


@dataclass(frozen=True)
class EntryRow:
    """`contacts` and `money` are the row's own share of every figure that it stands in; a reversal's are negative."""

    id: int
    day: date
    valued_on: date
    kind: str
    grade: str
    thread_id: int
    thread_title: str  # empty: it stands on a private board
    thread_slug: str
    thread_hidden: bool
    board: str
    board_name: str
    network: str  # its kind, or "here"
    network_title: str | None
    language: str  # "": not known
    intent: str
    channel: str  # "": nobody named one
    claim_id: int | None
    reader_week_id: int | None
    acceptance_id: int
    basis: str
    quantity: int
    reverses: int | None
    why: str | None
    late: bool  # it corrects a month that was closed before
    created_at: datetime
    rate_name: str | None  # None: counts whole
    rate: Decimal  # contacts for one: 0 to 1
    price: Decimal | None  # None: no money for this reader, or no cost on that day
    contacts: Decimal
    money: Decimal | None


@dataclass(frozen=True)
class EntryPage:
    """`rows` of this page; `count`, `quantity`, `contacts` and `money` of all rows in the scope."""

    rows: Sequence[EntryRow]
    older: str | None  # `before` of the page behind this one
    count: int
    quantity: int
    contacts: Decimal
    money: Decimal | None


def list_entries(
    session: Session, scope: Scope, *, before: str | None = None, currency: str | None, zone: tzinfo
) -> EntryPage:
    """The latest first; thirteen queries, whatever the number of rows."""
    sources = read_sources(session, currency, zone)
    cells = cells_in(session, scope, sources)
    worth = worth_of(session, cells, (), sources)
    query = _rows(session, scope, sources.names).limit(PAGE + 1)
    if (key := _key(before)) is not None:
        query = query.where(_earlier_than(key))
    found = session.execute(query).all()
    rows = [_row(row, sources.names, worth) for row in found[:PAGE]]
    valued = value(cells, worth)
    return EntryPage(
        rows=rows,
        older=f"{rows[-1].day.isoformat()}.{rows[-1].id}" if len(found) > PAGE else None,
        count=sum(cell.rows for cell in cells),
        quantity=sum(cell.quantity for cell in cells),
        contacts=sum((one.cell.quantity * one.share for one in valued), Decimal(0)),
        money=sum((one.cell.quantity * one.money for one in valued), Decimal(0)) if worth.has_costs else None,
    )


def entries_with(session: Session, scope: Scope, *, currency: str | None, zone: tzinfo) -> Iterator[EntryRow]:
    """All rows of a scope, valued; for exports."""
    sources = read_sources(session, currency, zone)
    worth = worth_of(session, cells_in(session, scope, sources), (), sources)
    return iterate_entries(session, scope, worth, names=sources.names)


def iterate_entries(
    session: Session, scope: Scope, worth: Worth, *, names: Names | None = None, batch: int = BATCH
) -> Iterator[EntryRow]:
    """All rows of a scope, the latest first, a batch at a time. `worth` as `worth_in` gives it for this scope."""
    names = names or read_names(session)
    query, key = _rows(session, scope, names).limit(batch), None
    while True:
        found = session.execute(query if key is None else query.where(_earlier_than(key))).all()
        yield from (_row(row, names, worth) for row in found)
        if len(found) < batch:
            return
        key = found[-1].day, found[-1].id


def _rows(session: Session, scope: Scope, names: Names) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *inspect(Entry).local_table.columns, public_title().label("title"), public_slug().label("slug"), Thread.hidden_at,
            is_late(session, Entry).label("late"),
        )
        .join(Thread, Thread.id == Entry.thread_id)
        .where(*conditions(session, scope, names, Entry))
        .order_by(Entry.day.desc(), Entry.id.desc())
    )  # fmt: skip


def _earlier_than(key: tuple[date, int]) -> Any:
    return tuple_(Entry.day, Entry.id) < tuple_(*key)


def _row(row: Row[Any], names: Names, worth: Worth) -> EntryRow:
    slug, board_name = names.boards[row.board_id]
    cell = Cell(
        row.kind, row.grade, Period.of(row.day), row.valued_on, slug, row.network, row.language, row.intent,
        row.channel, row.quantity, 1,
    )  # fmt: skip
    share = worth.share(cell)
    return EntryRow(
        id=row.id,
        day=row.day,
        valued_on=row.valued_on,
        kind=row.kind,
        grade=row.grade,
        thread_id=row.thread_id,
        thread_title=row.title,
        thread_slug=row.slug,
        thread_hidden=row.hidden_at is not None or not row.title,
        board=slug,
        board_name=board_name,
        network=row.network,
        network_title=names.networks.get(row.network),
        language=row.language,
        intent=row.intent,
        channel=row.channel,
        claim_id=row.claim_id,
        reader_week_id=row.reader_week_id,
        acceptance_id=row.acceptance_id,
        basis=row.basis,
        quantity=row.quantity,
        reverses=row.reverses_id,
        why=row.why,
        late=bool(row.late),
        created_at=row.created_at,
        rate_name=cell.rate_name if row.kind in COUNTED else None,
        rate=share,
        price=worth.price(cell) if row.kind in COUNTED else None,
        contacts=row.quantity * share,
        money=row.quantity * worth.money(cell) if worth.has_costs else None,
    )


def _key(before: str | None) -> tuple[date, int] | None:
    """From "2026-11-21.42"; anything else is ignored."""
    day, _dot, number = (before or "").partition(".")
    if not (number.isascii() and number.isdecimal() and len(number) < 18):
        return None
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        return None
