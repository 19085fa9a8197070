"""Sheets of a workbook: heads that stay, widths, filters, typed cells, and a last line that sums."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from forum.exports.edition import Edition
from forum.exports.tables import TOGETHER, Cell, Column, Form, Table
from forum.kernel.messages import Message
from forum.ledger.period import Period

LONGEST_NAME = 31  # of a sheet
LONGEST_TEXT = 32_000  # of a cell
Formula = Callable[[int, Column, Sequence[Cell]], str | None]

NUMBERS = {
    Form.COUNT: "#,##0", Form.LOW: "#,##0.0", Form.LIKELY: "#,##0.0#####", Form.HIGH: "#,##0.0", Form.MONEY: "#,##0.00",
    Form.PRICE: "#,##0.00######", Form.SHARE: "0.00##%", Form.RATE: "0.0000##", Form.NUMBER: "#,##0.########",
    Form.MONTH: "yyyy-mm", Form.DAY: "yyyy-mm-dd", Form.TEXT: "General", Form.KEY: "General",
}  # fmt: skip
WIDTHS = {Form.TEXT: 26, Form.KEY: 16, Form.MONTH: 11, Form.DAY: 12, Form.MONEY: 15, Form.PRICE: 15}
NARROWEST = 12


@dataclass(frozen=True)
class Totals:
    """Where a sheet's sums stand, by the key of their column, and what they come to."""

    sheet: str
    cells: dict[str, str] = field(default_factory=dict)
    values: dict[str, Decimal] = field(default_factory=dict)

    def reference(self, key: str) -> str:
        name = self.sheet.replace("'", "''")
        return f"='{name}'!{self.cells[key]}"


class Formats:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Workbook, edition: Edition) -> None:
        self._book, self.edition = book, edition
        self._made: dict[tuple[str, bool], Any] = {}
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.note = book.add_format({"font_color": "#59636e"})
        self.bold = book.add_format({"bold": True})

    def of(self, form: Form, *, total: bool = False) -> Any:
        if (form, total) not in self._made:
            look: dict[str, Any] = {"num_format": NUMBERS[form], **({"bold": True, "top": 1} if total else {})}
            self._made[form, total] = self._book.add_format(look)
        return self._made[form, total]


class Sheet:
    """A table on a sheet of its own: heads in the first line, then the rows, then their sums and the notes."""

    def __init__(self, sheet: Worksheet, formats: Formats) -> None:
        self._sheet, self._formats = sheet, formats

    def write(self, table: Table) -> Totals:
        """A table without a total, such as what-ifs, is not summed."""
        columns = table.columns if table.total else [replace(column, adds=False) for column in table.columns]
        return self.write_lines(columns, table.rows, _no_formula, table.notes, table.total)

    def write_lines(
        self,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Cell]],
        formula: Formula,
        notes: Sequence[Message] = (),
        total: Sequence[Cell] | None = None,
    ) -> Totals:
        """`total` gives the cells of the last line that are no sums, such as bounds."""
        self._heads(columns)
        sums = {column.key: Decimal(0) for column in columns if column.adds}
        line = 0
        for line, cells in enumerate(rows, start=1):
            for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
                if cell is None:
                    continue
                self._cell(line, place, column.form, cell, formula(line, column, cells) if column.adds else None)
                if column.adds and isinstance(cell, int | Decimal):
                    sums[column.key] += cell
        if line:
            self._sheet.autofilter(0, 0, line, len(columns) - 1)
        totals = self._sums(columns, line, sums, total) if sums else Totals(self._sheet.get_name())
        for number, note in enumerate(notes, start=line + 3):
            self._sheet.write_string(number, 0, self._formats.edition(note), self._formats.note)
        return totals

    def _heads(self, columns: Sequence[Column]) -> None:
        edition = self._formats.edition
        self._sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            head = edition(column.head)
            if column.form in (Form.MONEY, Form.PRICE) and edition.report.currency:
                head = f"{head} ({edition.report.currency})"
            width = WIDTHS.get(column.form, NARROWEST)
            self._sheet.set_column(place, place, width)
            self._sheet.write_string(0, place, head, self._formats.head)

    def _sums(self, columns: Sequence[Column], last: int, sums: dict[str, Decimal], total: Sequence[Cell] | None) -> Totals:  # fmt: skip
        """One line below the rows, so that a filter or a sort leaves it where it is."""
        line, found = last + 1, Totals(self._sheet.get_name())
        for place, column in enumerate(columns):
            # A sum of money is read to the cent, however fine its rows are.
            form = Form.MONEY if column.adds and column.form == Form.PRICE else column.form
            look = self._formats.of(form, total=True)
            if column.adds:
                found.cells[column.key] = xl_rowcol_to_cell(line, place, row_abs=True, col_abs=True)
                found.values[column.key] = sums[column.key]
                formula = f"=SUM({xl_range(1, place, max(last, 1), place)})"
                self._sheet.write_formula(line, place, formula, look, number(sums[column.key]))
            elif total is not None:
                self._cell(line, place, column.form, total[place], None, look)
            elif place == 0:
                self._sheet.write_string(line, 0, self._formats.edition(TOGETHER), look)
        return found

    def _cell(self, line: int, place: int, form: Form, cell: Cell, formula: str | None, look: Any = None) -> None:
        sheet, look = self._sheet, look or self._formats.of(form)
        if isinstance(cell, str):
            sheet.write_string(line, place, cell[:LONGEST_TEXT], look)
        elif formula is not None and isinstance(cell, (int, Decimal)):
            sheet.write_formula(line, place, formula, look, number(cell))
        elif isinstance(cell, Message):
            sheet.write_string(line, place, self._formats.edition(cell)[:LONGEST_TEXT], look)
        elif isinstance(cell, Period):
            sheet.write_datetime(line, place, cell.first, look)
        elif isinstance(cell, date):
            sheet.write_datetime(line, place, cell, look)
        elif cell is not None:
            sheet.write_number(line, place, number(cell), look)


def number(cell: float | Decimal) -> int | float:
    """As a spreadsheet holds it: to the cent exact far beyond any saving."""
    return cell if isinstance(cell, int) else float(cell)


def sheet_name(title: str, taken: set[str]) -> str:
    """A title as a sheet may be called: short, without signs, and unlike the others."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", title).strip(" '")[:LONGEST_NAME]
    name, count = plain, 1
    while name.casefold() in taken:
        count += 1
        name = f"{plain[: LONGEST_NAME - 4]} {count}"
    taken.add(name.casefold())
    return name


def _no_formula(_line: int, _column: Column, _cells: Sequence[Cell]) -> None:
    return None
