"""Reading the ledger in a scope: added up from the rollup, or from the rows themselves. Both narrow by the same conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Date, DateTime, and_, case, cast, func, literal, or_, select, text
from sqlalchemy import String as Text
from sqlalchemy.orm import Session

from forum.ledger.booking import first_open_day
from forum.ledger.claim import Kind
from forum.ledger.cost import Channel
from forum.ledger.entry import Entry
from forum.ledger.period import Period
from forum.ledger.totals import EntryTotal
from forum.listening.connection import Connection
from forum.reports.deflection_scope import COUNTED, SAVED, UNKNOWN, UNNAMED, Scope
from forum.reports.deflection_valuing import Cell
from forum.threads.board import Board

NO_BOARD = -1


@dataclass(frozen=True)
class Names:
    """What boards and networks are called; rows know a board's number and a network's kind."""

    boards: Mapping[int, tuple[str, str]]  # slug and name
    networks: Mapping[str, str]

    @cached_property
    def board_ids(self) -> Mapping[str, int]:
        return {slug: number for number, (slug, _name) in self.boards.items()}

    @cached_property
    def board_names(self) -> Mapping[str, str]:
        return dict(self.boards.values())


def read_names(session: Session) -> Names:
    """Two queries."""
    boards = session.execute(select(Board.id, Board.slug, Board.name))
    networks = session.execute(select(Connection.kind, Connection.title).order_by(Connection.id))
    return Names({row.id: (row.slug, row.name) for row in boards}, {row.kind: row.title for row in networks})


def without_compiling(session: Session) -> None:
    """PostgreSQL would compile each of a report's long queries anew, which takes longer than it saves."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL jit = off"))


def read_cells(session: Session, scope: Scope, names: Names, days: Set[date], *, rows: bool = False) -> Sequence[Cell]:
    """One query; `days` are those on which a price changes. `rows`: count the ledger's rows themselves."""
    straight = rows or scope.thread is not None or scope.claim is not None
    table: Any = Entry if straight else EntryTotal
    edges = sorted(days)
    keys = (
        table.kind, table.grade, month_of(session, table.day), month_of(session, table.valued_on),
        _epoch(table.valued_on, edges), table.board_id, table.network, table.language, table.intent, table.channel,
    )  # fmt: skip
    labelled = [key.label(f"key{number}") for number, key in enumerate(keys)]
    counted = func.count() if straight else func.sum(EntryTotal.rows)
    query = (
        select(*labelled, func.sum(table.quantity), counted)
        .where(*conditions(session, scope, names, table))
        .group_by(*(f"key{number}" for number in range(len(keys))))
    )
    return [_cell(row, edges, names) for row in session.execute(query)]


def conditions(session: Session, scope: Scope, names: Names, table: Any) -> list[ColumnElement[bool]]:
    """For the ledger's rows or their rollup, whose columns have the same names."""
    found = [table.day >= scope.first.first, table.day <= scope.last.last]
    if scope.kind == SAVED:
        found.append(table.kind.in_(COUNTED))
    elif scope.kind is not None:
        found.append(table.kind == scope.kind)
    if scope.board is not None:
        found.append(table.board_id == names.board_ids.get(scope.board, NO_BOARD))
    if scope.language is not None:
        found.append(table.language == ("" if scope.language == UNKNOWN else scope.language))
    found += [
        getattr(table, name) == wanted for name in ("grade", "network") if (wanted := getattr(scope, name)) is not None
    ]
    if scope.channel is not None:
        found.append(_by_channel(scope.channel, table))
    if scope.thread is not None:
        found.append(table.thread_id == scope.thread)
    if scope.claim is not None:
        found.append(table.claim_id == scope.claim)
    if scope.late:
        found.append(is_late(session, table))
    return found


def is_late(session: Session, table: Any) -> ColumnElement[bool]:
    """It stands in a later month than the one that it is valued in, and that one is closed."""
    closed = table.valued_on < first_open_day(session)
    return and_(closed, month_of(session, table.valued_on) < month_of(session, table.day))


def month_of(session: Session, day: Any) -> ColumnElement[Any]:
    """A month's first day, or on SQLite its name: whatever groups and compares fast there."""
    if session.get_bind().dialect.name == "postgresql":
        return cast(func.date_trunc("month", cast(day, DateTime)), Date)  # else it asks for the time zone of each day
    return func.substr(cast(day, Text), 1, 7)


def as_period(month: date | str) -> Period:
    """What `month_of` gave."""
    return Period.of(month) if isinstance(month, date) else Period(int(month[:4]), int(month[5:7]))


def _by_channel(channel: str, table: Any) -> ColumnElement[bool]:
    """As `Cell.key` has it: what came from a network would have been an agent's reply there."""
    if channel == Channel.NETWORK:
        return or_(table.kind == Kind.SOCIAL, table.channel == channel)
    return and_(table.kind != Kind.SOCIAL, table.channel == ("" if channel == UNNAMED else channel))


def _epoch(day: Any, edges: Sequence[date]) -> ColumnElement[int]:
    """How many of the edges have come by a day."""
    if not edges:
        return literal(0)
    return case(*((day < edge, number) for number, edge in enumerate(edges)), else_=len(edges))


def _cell(row: Sequence[Any], edges: Sequence[date], names: Names) -> Cell:
    """Summing whole numbers gives a Decimal on PostgreSQL."""
    kind, grade, stands, valued, epoch, board_id, network, language, intent, channel, quantity, rows = row
    begins = as_period(valued).first
    return Cell(
        kind=kind,
        grade=grade,
        period=as_period(stands),
        valued_on=max(begins, edges[epoch - 1]) if epoch else begins,
        board=names.boards[board_id][0],
        network=network,
        language=language,
        intent=intent,
        channel=channel,
        quantity=int(quantity),
        rows=int(rows),
    )
