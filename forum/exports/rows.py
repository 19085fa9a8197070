"""The ledger's rows as a table: what each says, what it was valued with, and what it comes to."""

from __future__ import annotations

from collections.abc import Sequence

from forum.exports.tables import Cell, Column, Form
from forum.kernel.messages import Message
from forum.reports.deflection_rows import EntryRow

ROWS_KEY = "rows"
COLUMNS: Sequence[Column] = (
    Column("row", Message("Row"), Form.COUNT),
    Column("day", Message("Day"), Form.DAY),
    Column("valued_on", Message("Valued on"), Form.DAY),
    Column("kind", Message("Kind"), Form.TEXT),
    Column("grade", Message("Grade"), Form.TEXT),
    Column("thread", Message("Thread number"), Form.COUNT),
    Column("thread_title", Message("Thread"), Form.TEXT),
    Column("board", Message("Board"), Form.TEXT),
    Column("network", Message("Network"), Form.TEXT),
    Column("language", Message("Language"), Form.TEXT),
    Column("intent", Message("Asker's answer"), Form.TEXT),
    Column("channel", Message("Channel"), Form.TEXT),
    Column("basis", Message("Rests on"), Form.TEXT),
    Column("reverses", Message("Takes back row"), Form.COUNT),
    Column("why", Message("Because"), Form.TEXT),
    Column("corrects_closed_month", Message("Corrects a closed month"), Form.TEXT),
    Column("recorded_at", Message("Recorded at (UTC)"), Form.TEXT),
    Column("rate_name", Message("Rate used"), Form.TEXT),
    Column("quantity", Message("Quantity"), Form.COUNT, adds=True),
    Column("rate", Message("Contacts for one"), Form.RATE),
    Column("price", Message("Cost of a contact"), Form.PRICE),
    Column("contacts", Message("Contacts"), Form.LIKELY, adds=True),
    Column("money", Message("Saved"), Form.PRICE, adds=True),
)
OF_MONEY = frozenset({"price", "money"})


def row_columns(*, money: bool) -> Sequence[Column]:
    return COLUMNS if money else [column for column in COLUMNS if column.key not in OF_MONEY]


def row_cells(row: EntryRow, *, money: bool) -> Sequence[Cell]:
    """In the order of the columns, with the ledger's own names."""
    said: Sequence[Cell] = (
        row.id, row.day, row.valued_on, row.kind, row.grade, row.thread_id, row.thread_title, row.board, row.network,
        row.language, row.intent, row.channel, row.basis, row.reverses, row.why, "yes" if row.late else None,
        f"{row.created_at:%Y-%m-%dT%H:%M:%SZ}", row.rate_name, row.quantity, row.rate,
    )  # fmt: skip
    return (*said, row.price, row.contacts, row.money) if money else (*said, row.contacts)
