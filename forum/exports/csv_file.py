"""Tables as CSV: UTF-8 with a byte order mark, so that spreadsheets read every script; days ISO; numbers plain, with a point.

The first line names the columns by their keys, which are the same in every language: docs/exports.md lists them.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TextIO

from forum.exports.edition import Edition
from forum.exports.tables import Cell, Column, Form, Table
from forum.kernel.messages import Message
from forum.kernel.money import CENT
from forum.ledger.period import Period

MEDIA_TYPE = "text/csv"
ENCODING = "utf-8-sig"
# A spreadsheet takes a text that begins so for a formula; the last four are their full-width forms.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_csv(file: TextIO, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], say: Callable[[Message], str]) -> int:  # fmt: skip
    """How many rows were written."""
    writer, count = csv.writer(file, lineterminator="\r\n"), 0
    writer.writerow([column.key for column in columns])
    for row in rows:
        writer.writerow([plain(cell, column.form, say) for cell, column in zip(row, columns, strict=True)])
        count += 1
    return count


def write_table(file: TextIO, table: Table, edition: Edition) -> None:
    """A table of the page, without its total: a total among the rows would be added once more."""
    write_csv(file, table.columns, table.rows, edition)


def plain(cell: Cell, form: Form, say: Callable[[Message], str]) -> str:
    """A cell for programs."""
    if cell is None:
        return ""
    if isinstance(cell, Message | str):
        return harmless(say(cell) if isinstance(cell, Message) else cell)
    if isinstance(cell, Period):
        return cell.name
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return f"{cell:.4f}"
    if isinstance(cell, Decimal):
        return _whole_money(cell) if form == Form.MONEY else f"{cell:f}"
    return str(cell)


def _whole_money(amount: Decimal) -> str:
    """At least to the cent, and never rounded: whoever adds lines up gets the total."""
    cents = amount.quantize(CENT)
    return f"{cents if amount == cents else amount:f}"


def harmless(text: str) -> str:
    """Titles are written by anybody. An apostrophe before it makes a spreadsheet show a formula instead of running it."""
    return (
        f"'{text}" if text.lstrip(" \u00a0\u3000").startswith(FORMULA_SIGNS) or text.startswith(FORMULA_SIGNS) else text
    )
