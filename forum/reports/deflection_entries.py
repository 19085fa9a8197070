"""The ledger's rows behind a figure, reversals with their reason among them, each with what it is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from forum.ledger.claim import Claim
from forum.ledger.entry import Entry
from forum.ledger.period import Period
from forum.listening.connection import Connection
from forum.reports.deflection_cells import NETWORK, ORIGINAL_DAY, Cell, Scope, Worth, in_scope, read_cells, tally
from forum.reports.deflection_rates import worth_of
from forum.threads.board import Board
from forum.threads.thread import Thread

PAGE = 50


@dataclass(frozen=True)
class EntryRow:
    id: int
    day: date
    kind: str
    grade: str
    thread_id: int
    thread_title: str
    thread_slug: str
    thread_hidden: bool
    network: str | None
    claim_id: int | None
    acceptance_id: int
    basis: str
    quantity: int
    reverses: int | None
    why: str | None
    created_at: datetime
    intent: str | None
    channel: str | None
    contacts: Decimal  # expected; a reversal's are negative
    money: Decimal | None


@dataclass(frozen=True)
class EntryPage:
    """`rows` of this page; `count`, `claims`, `contacts` and `money` of all rows in the scope."""

    rows: Sequence[EntryRow]
    older: str | None
    count: int
    claims: int
    contacts: Decimal
    money: Decimal | None


def list_entries(
    session: Session, scope: Scope, *, before: str | None = None, currency: str | None, zone: tzinfo
) -> EntryPage:
    """The latest first; five queries and the page's own, whatever the number of rows."""
    cells = read_cells(session, scope)
    worth = worth_of(session, cells, [Period.of(scope.first)], currency, zone)
    priced = worth.prices is not None and bool(worth.prices.known)
    query = in_scope(select(*_COLUMNS), scope).order_by(Entry.day.desc(), Entry.id.desc()).limit(PAGE + 1)
    if (key := _key(before)) is not None:
        query = query.where(tuple_(Entry.day, Entry.id) < tuple_(*key))
    found = session.execute(query).all()
    rows = [_row(row, worth, priced) for row in found[:PAGE]]
    total = tally(cells, worth)
    return EntryPage(
        rows=rows,
        older=f"{rows[-1].day.isoformat()}.{rows[-1].id}" if len(found) > PAGE else None,
        count=sum(cell.rows for cell in cells),
        claims=sum(cell.quantity for cell in cells),
        contacts=total.contacts,
        money=total.money if priced else None,
    )


_COLUMNS = (
    Entry, ORIGINAL_DAY.label("original"), Thread.title, Thread.slug, Thread.hidden_at, Board.slug.label("board"),
    Board.name.label("board_name"), NETWORK.label("network"), Connection.title.label("network_title"), Claim.intent,
    Claim.channel,
)  # fmt: skip


def _row(row: Any, worth: Worth, priced: bool) -> EntryRow:
    entry: Entry = row.Entry
    cell = Cell(
        entry.kind, entry.day, row.original, row.board, row.board_name, row.network, row.network_title, row.intent,
        row.channel, entry.quantity, 1,
    )  # fmt: skip
    return EntryRow(
        id=entry.id,
        day=entry.day,
        kind=entry.kind,
        grade=entry.grade,
        thread_id=entry.thread_id,
        thread_title=row.title,
        thread_slug=row.slug,
        thread_hidden=row.hidden_at is not None,
        network=row.network_title,
        claim_id=entry.claim_id,
        acceptance_id=entry.acceptance_id,
        basis=entry.basis,
        quantity=entry.quantity,
        reverses=entry.reverses_id,
        why=entry.why,
        created_at=entry.created_at,
        intent=row.intent,
        channel=row.channel,
        contacts=entry.quantity * worth.share(cell),
        money=entry.quantity * worth.money(cell) if priced else None,
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
