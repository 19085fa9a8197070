"""The ledger's rows in a scope, and what each is worth under the rates and costs in force.

Every figure of the report, every drill-down and every export reads rows through `in_scope` and values them through
`Worth`, so that they cannot disagree. A reversal is worth what its original was, with the sign turned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from forum.kernel.money import CENT
from forum.ledger.claim import Claim, Kind
from forum.ledger.cost import Channel
from forum.ledger.entry import Entry
from forum.ledger.estimate import Sum
from forum.ledger.period import Period
from forum.ledger.pricing import Prices
from forum.ledger.proportion import NOBODY_ASKED, Proportion
from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.threads.board import Board
from forum.threads.thread import Thread

SAVED = "saved"  # in addresses: all kinds that count, so without what staff answered
COUNTED = (Kind.DIRECT, Kind.SOCIAL)
HERE = "here"  # the network's name in addresses for what was asked in the forum itself
Original = aliased(Entry, name="original")
ORIGINAL_DAY = func.coalesce(Original.day, Entry.day)
NETWORK = func.coalesce(Connection.kind, HERE)


@dataclass(frozen=True)
class Scope:
    """The days, both included, and what else the rows are narrowed to."""

    first: date
    last: date
    kind: str | None = None  # or SAVED
    board: str | None = None  # its slug
    network: str | None = None  # its kind, or HERE


@dataclass(frozen=True)
class Cell:
    """Rows that are valued alike. `original` is the day of the row itself, or of the row that it takes back."""

    kind: str
    day: date
    original: date
    board: str
    board_name: str
    network: str
    network_title: str | None
    intent: str | None
    channel: str | None
    quantity: int
    rows: int

    @property
    def rate_name(self) -> str | None:
        """The rate that it counts with; None where it counts whole."""
        return rate_name(self.kind, self.intent, self.network, Period.of(self.original))


def rate_name(kind: str, intent: str | None, network: str, period: Period) -> str | None:
    """A direct contact counts whole where the asker said yes, else with the rate of the month's answers."""
    if kind == Kind.SOCIAL:
        return f"social:{network}:{period.name}"
    return None if intent == "yes" else f"direct:{period.name}"


@dataclass(frozen=True)
class Worth:
    """The parameter set: rates by name, costs, and how often each channel was named in a month."""

    rates: Mapping[str, Proportion]
    prices: Prices | None  # None for readers who see no money
    named: Mapping[Period, Mapping[str, int]]

    def share(self, cell: Cell) -> Decimal:
        """Contacts for one claim: 0 to 1. An unknown rate counts 0."""
        if cell.kind == Kind.ASSISTED:
            return Decimal(0)
        name = cell.rate_name
        return Decimal(1) if name is None else self.rates.get(name, NOBODY_ASKED).rate or Decimal(0)

    def price(self, cell: Cell) -> Decimal | None:
        """What the contact would have cost; None where nobody has entered it. On a network it is an agent's reply there."""
        if self.prices is None:
            return None
        if cell.kind == Kind.SOCIAL:
            return self.prices.on(Channel.NETWORK, cell.original)
        if cell.channel is not None:
            return self.prices.on(cell.channel, cell.original)
        return self.prices.unnamed(cell.original, self.named.get(Period.of(cell.original), {}))

    def money(self, cell: Cell) -> Decimal:
        """For one claim, to the cent: rounded here and nowhere later, so that every table adds."""
        return ((self.price(cell) or Decimal(0)) * self.share(cell)).quantize(CENT, ROUND_HALF_EVEN)


@dataclass
class Tally:
    """Cells added up: claims, expected contacts and money, and what their ranges are drawn from."""

    claims: int = 0
    contacts: Decimal = Decimal(0)
    money: Decimal = Decimal(0)
    contact_sum: Sum = field(default_factory=Sum)
    money_sum: Sum = field(default_factory=Sum)

    def add(self, cell: Cell, worth: Worth) -> None:
        self.claims += cell.quantity
        if cell.kind == Kind.ASSISTED:
            return
        quantity = Decimal(cell.quantity)
        self.contacts += quantity * worth.share(cell)
        self.money += quantity * worth.money(cell)
        self.contact_sum.add(quantity, cell.rate_name)
        self.money_sum.add(quantity * (worth.price(cell) or Decimal(0)), cell.rate_name, units=quantity)


def tally(cells: Iterable[Cell], worth: Worth) -> Tally:
    total = Tally()
    for cell in cells:
        total.add(cell, worth)
    return total


def read_cells(session: Session, scope: Scope) -> Sequence[Cell]:
    """One query; as many cells as there are days, boards and networks with rows, whatever the number of rows."""
    keys = (
        Entry.kind, Entry.day, ORIGINAL_DAY.label("original"), Board.slug, Board.name, NETWORK.label("network"),
        Connection.title, Claim.intent, Claim.channel,
    )  # fmt: skip
    query = in_scope(select(*keys, func.sum(Entry.quantity), func.count()), scope).group_by(*keys)
    return [_cell(row) for row in session.execute(query)]


def in_scope(query: Select[*tuple[Any, ...]], scope: Scope) -> Select[*tuple[Any, ...]]:
    """`query` over the ledger's rows of a scope, joined with what rows are valued and told apart by."""
    query = (
        query.select_from(Entry)
        .outerjoin(Original, Original.id == Entry.reverses_id)
        .join(Claim, Claim.id == Entry.claim_id)
        .join(Thread, Thread.id == Entry.thread_id)
        .join(Board, Board.id == Thread.board_id)
        .outerjoin(Mention, Mention.id == Entry.mention_id)
        .outerjoin(Connection, Connection.id == Mention.connection_id)
        .where(Entry.day >= scope.first, Entry.day <= scope.last)
    )
    if scope.kind == SAVED:
        query = query.where(Entry.kind.in_(COUNTED))
    elif scope.kind is not None:
        query = query.where(Entry.kind == scope.kind)
    for value, column in ((scope.board, Board.slug), (scope.network, NETWORK)):
        if value is not None:
            query = query.where(column == value)
    return query


def _cell(row: Sequence[Any]) -> Cell:
    """Summing whole numbers gives a Decimal on PostgreSQL."""
    *keys, quantity, rows = row
    found: Any = (*keys, int(quantity), rows)
    return Cell(*found)
