"""The report as a workbook: typed cells, real days, and totals that are formulas over their own sheet's rows.

Each formula is stored with the value that the page shows, so that a viewer that does not calculate shows it as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from forum.exports import assumption_tables as beside
from forum.exports.edition import Edition
from forum.exports.rows import ROWS_KEY, row_cells, row_columns
from forum.exports.sensitivity_table import sensitivity_table
from forum.exports.sheets import Formats, Sheet, Totals, sheet_name
from forum.exports.summary_sheet import write_summary
from forum.exports.tables import Cell, Column, Table, figure_tables, grade_table, shows_money
from forum.kernel.messages import Message
from forum.reports.deflection_rows import EntryRow

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 300_000  # a sheet holds 1,048,576, but they would take longer than somebody waits
MOST_FORMULAS = 50_000  # rows whose money is a formula; more of them make a sheet slow
OF_A_ROW = frozenset({"contacts", "money"})
SUMMARY = Message("Summary")
ROWS = Message("Rows")
PER_DAY = Message("There are more rows than a workbook is made of in time, so they stand here added up by day and by what they are worth. The CSV has each of them.")  # fmt: skip


def write_workbook(file: BinaryIO, edition: Edition, rows: Iterable[EntryRow]) -> None:
    """`rows` are all rows of the edition's scope; they are read once and not kept."""
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "yyyy-mm-dd"})  # fmt: skip
    # A fixed moment, so that the same edition makes the same file.
    book.set_properties({"title": edition.file_name, "author": edition.site, "created": edition.made_at.astimezone(UTC).replace(tzinfo=None)})  # fmt: skip
    formats = Formats(book, edition)
    taken: set[str] = set()
    summary = book.add_worksheet(sheet_name(edition(SUMMARY), taken))
    totals: dict[str, Totals] = {}
    for table in _tables(edition):
        sheet = Sheet(book.add_worksheet(sheet_name(edition(table.title), taken)), formats)
        totals[table.key] = sheet.write(table)
    sheet = Sheet(book.add_worksheet(sheet_name(edition(ROWS), taken)), formats)
    totals[ROWS_KEY] = _write_rows(sheet, edition, rows)
    write_summary(summary, formats, edition, totals)
    book.close()


def _tables(edition: Edition) -> Sequence[Table]:
    return [
        *figure_tables(edition),
        grade_table(edition),
        sensitivity_table(edition),
        *beside.assumption_tables(edition),
        beside.threads_table(edition),
        beside.responses_table(edition),
        beside.beside_table(edition),
        beside.lapses_table(edition),
    ]


def _write_rows(sheet: Sheet, edition: Edition, rows: Iterable[EntryRow]) -> Totals:
    money = shows_money(edition)
    columns = row_columns(money=money)
    places = {column.key: index for index, column in enumerate(columns)}
    per_day = edition.row_count > MOST_ROWS
    cells = _by_day(rows, columns, money=money) if per_day else (row_cells(row, money=money) for row in rows)
    writer = _Worth(places, formulas=edition.row_count <= MOST_FORMULAS)
    return sheet.write_lines(columns, cells, writer.formula, [PER_DAY] if per_day else [])


@dataclass(frozen=True)
class _Worth:
    """A row's contacts and money as formulas over its own cells."""

    places: dict[str, int]
    formulas: bool

    def formula(self, line: int, column: Column, cells: Sequence[Cell]) -> str | None:
        """None for a cell that is no formula."""
        if not self.formulas or column.key not in OF_A_ROW:
            return None
        rate, price = (self._number(cells, name) for name in ("rate", "price"))
        if rate is None or (column.key == "money" and price is None):
            return None
        quantity, share = self._at(line, "quantity"), self._at(line, "rate")
        if price is None or column.key == "contacts":
            return f"={share}*{quantity}"
        return f"={self._at(line, 'price')}*{share}*{quantity}"

    def _at(self, line: int, name: str) -> str:
        return str(xl_rowcol_to_cell(line, self.places[name]))

    def _number(self, cells: Sequence[Cell], name: str) -> Decimal | None:
        found = cells[self.places[name]] if name in self.places else None
        return found if isinstance(found, Decimal) else None


def _by_day(rows: Iterable[EntryRow], columns: Sequence[Column], *, money: bool) -> Iterable[Sequence[Cell]]:
    """Rows of one day that are valued alike as one; what tells them apart within it is left empty."""
    kept = ("day", "valued_on", "kind", "grade", "board", "network", "language", "intent", "channel", "why", "rate_name", "rate", "price")  # fmt: skip
    added = ("quantity", "contacts", "money")
    names = [column.key for column in columns]
    found: dict[tuple[Cell, ...], list[Any]] = {}
    for row in rows:
        cells = dict(zip(names, row_cells(row, money=money), strict=True))
        key = tuple(cells.get(name) for name in kept)
        sums = found.setdefault(key, [0, Decimal(0), Decimal(0)])
        for index, name in enumerate(added):
            sums[index] += cells.get(name) or 0
    for key, sums in found.items():
        line = {**dict(zip(kept, key, strict=True)), **dict(zip(added, sums, strict=True))}
        yield [line.get(name) for name in names]
