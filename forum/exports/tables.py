"""The report's tables, once for every kind of file: typed cells, so that each file writes them its own way.

A column has a key, which is its name in CSV and JSON in every language, and a head, which people read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from forum.exports.edition import Edition
from forum.exports.naming import line_name
from forum.kernel.messages import Message
from forum.ledger.period import Period
from forum.reports.deflection_scope import Dimension
from forum.reports.deflection_shape import Figure, Line

Cell = Message | str | int | float | Decimal | date | Period | None


class Form(StrEnum):
    """What a column holds, and so how it is written and set."""

    TEXT = "text"
    KEY = "key"  # a name for programs; people do not see it
    COUNT = "count"
    LOW = "low"  # contacts, rounded down where people read
    LIKELY = "likely"
    HIGH = "high"
    MONEY = "money"
    PRICE = "price"  # money with all its digits
    SHARE = "share"
    RATE = "rate"  # contacts for one row: 0 to 1, with the digits it was counted with
    NUMBER = "number"
    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True)
class Column:
    key: str
    head: Message
    form: Form
    adds: bool = False  # its cells add up to the total's


@dataclass(frozen=True)
class Table:
    key: str  # stands in addresses: ?table=by-board
    title: Message
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell] | None = None
    notes: Sequence[Message] = ()


FIGURES = (
    Column("quantity", Message("Quantity"), Form.COUNT, adds=True),
    Column("contacts_low", Message("Low"), Form.LOW),
    Column("contacts_likely", Message("Likely"), Form.LIKELY, adds=True),
    Column("contacts_high", Message("High"), Form.HIGH),
)
MONEY = (
    Column("money_low", Message("Saved, low"), Form.MONEY),
    Column("money_likely", Message("Saved, likely"), Form.MONEY, adds=True),
    Column("money_high", Message("Saved, high"), Form.MONEY),
)
KEY = Column("key", Message("Key"), Form.KEY)
RATES_USED = Column("bounds_from", Message("Bounds from"), Form.TEXT)
TOGETHER = Message("All together (bounds do not add)")
BOUNDS = Message("Likely figures add; bounds do not: each line has its own range.")


def figure_tables(edition: Edition) -> Sequence[Table]:
    """The headline's parts: each adds up to it."""
    report = edition.report
    narrowed = Message("Allocated: the line counts with the whole month's rates, for want of 100 answers of its own. Likely figures use the whole month's rates everywhere, so each table adds; bounds do not add.")  # fmt: skip
    return [
        _lines(edition, "by-month", Message("By month"), Message("Month"), report.by_month),
        _lines(edition, "by-kind", Message("Where it comes from"), Message("Kind"), report.kinds.lines),
        _lines(edition, "by-board", Message("By board"), Message("Board"), report.by_board, narrowed),
        _lines(edition, "by-network", Message("By network"), Message("Network"), report.by_network),
        _lines(edition, "by-channel", Message("By channel"), Message("Channel"), report.by_channel),
        _lines(edition, "by-language", Message("By language"), Message("Language"), report.by_language, narrowed),
    ]


def grade_table(edition: Edition) -> Table:
    """The direct part again, by how well each claim is known."""
    table = _lines(edition, "direct-by-grade", Message("Direct, by grade"), Message("Grade"), edition.report.kinds.direct)  # fmt: skip
    direct = [line for line in edition.report.kinds.lines if line.key == "direct"]
    total = [None, TOGETHER, *figure_cells(edition, direct[0].figure), None] if direct else None
    return Table(table.key, table.title, table.columns, table.rows, total, table.notes)


def shows_money(edition: Edition) -> bool:
    return edition.report.currency is not None and edition.report.has_costs


def figure_columns(edition: Edition) -> Sequence[Column]:
    return (*FIGURES, *MONEY) if shows_money(edition) else FIGURES


def figure_cells(edition: Edition, figure: Figure) -> Sequence[Cell]:
    contacts = (figure.quantity, figure.low, figure.likely, figure.high)
    return (*contacts, figure.money_low, figure.money, figure.money_high) if shows_money(edition) else contacts


def _lines(edition: Edition, key: str, title: Message, head: Message, lines: Sequence[Line], *notes: Message) -> Table:
    """A month is a column of its own kind, so that a sheet can sort it."""
    form = Form.MONTH if key == "by-month" else Form.TEXT
    columns = (KEY, Column(key.rpartition("-")[2], head, form), *figure_columns(edition), RATES_USED)
    rows = [(line.key, _name(edition, line), *figure_cells(edition, line.figure), _bounds_from(line)) for line in lines]
    total = (None, TOGETHER, *figure_cells(edition, edition.report.total), None)
    return Table(key, title, columns, rows, total, (BOUNDS, *notes))


def _name(edition: Edition, line: Line) -> Cell:
    if line.dimension == Dimension.MONTH:
        return Period.named(line.key)
    return line_name(line, edition.locale)


def _bounds_from(line: Line) -> Message | None:
    """None for a line whose rates are its own anyway, such as a month's."""
    answers = sum(own.known.of for own in line.own if own.enough)
    if answers and line.allocated:
        return Message("own answers, n = %(num)s; the rest allocated", {"num": answers})
    if answers:
        return Message("own answers, n = %(num)s", {"num": answers})
    return Message("allocated") if line.allocated else None
