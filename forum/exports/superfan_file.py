"""Staff's list of superfans as a file: CSV for programs, a workbook for people. Names are written by anybody, so no cell runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO, StringIO

import xlsxwriter

from forum.exports.csv_file import ENCODING, write_csv
from forum.exports.sheets import LONGEST_TEXT, NARROWEST, NUMBERS, WIDTHS, number
from forum.exports.tables import Cell, Column, Form
from forum.kernel.messages import Message
from forum.reports.superfan_figures import Standing
from forum.reports.superfan_list import MemberRow
from forum.superfans.titles import in_language

Say = Callable[[Message], str]

COLUMNS = (
    Column("name", Message("Name"), Form.TEXT),
    Column("display_name", Message("Shown name"), Form.TEXT),
    Column("rank", Message("Rank"), Form.TEXT),
    Column("place", Message("Place in the programme"), Form.TEXT),
    Column("since", Message("Since"), Form.DAY),
    Column("probation_until", Message("Probation until"), Form.DAY),
    Column("solutions_90_days", Message("Solutions in 90 days"), Form.COUNT),
    Column("solutions_90_days_before", Message("Solutions in the 90 days before"), Form.COUNT),
    Column("share", Message("Share of all accepted answers"), Form.SHARE),
    Column("median_response_minutes", Message("Median first response, minutes"), Form.NUMBER),
    Column("kudos_per_answer", Message("Kudos per answer"), Form.NUMBER),
    Column("networks", Message("Networks"), Form.COUNT),
    Column("last_answer", Message("Last answer"), Form.DAY),
    Column("may_burn_out", Message("May be burning out"), Form.TEXT),
)
PLACES = {
    Standing.TRUSTED: Message("Trusted"),
    Standing.PROBATION: Message("On probation"),
    Standing.UNDECIDED: Message("Probation over: please decide"),
    Standing.PAUSED: Message("Paused"),
    Standing.RANK: Message("By rank"),
    Standing.NONE: Message("None"),
}
YES, NO = Message("yes"), Message("no")


def as_csv(rows: Sequence[MemberRow], say: Say, language: str) -> bytes:
    text = StringIO(newline="")
    write_csv(text, COLUMNS, (_cells(row, language) for row in rows), say)
    return text.getvalue().encode(ENCODING)


def as_workbook(rows: Sequence[MemberRow], say: Say, language: str) -> bytes:
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True})
    looks = {form: book.add_format({"num_format": NUMBERS[form]}) for form in Form}
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, WIDTHS.get(column.form, NARROWEST))
        sheet.write_string(0, place, say(column.head), head)
    for line, row in enumerate(rows, start=1):
        for place, (column, cell) in enumerate(zip(COLUMNS, _cells(row, language), strict=True)):
            _write(sheet, line, place, cell, looks[column.form], say)
    book.close()
    return file.getvalue()


def _write(sheet: xlsxwriter.workbook.Worksheet, line: int, place: int, cell: Cell, look: object, say: Say) -> None:
    if isinstance(cell, Message | str):
        sheet.write_string(line, place, (say(cell) if isinstance(cell, Message) else cell)[:LONGEST_TEXT], look)
    elif isinstance(cell, date):
        sheet.write_datetime(line, place, cell, look)
    elif cell is not None:
        sheet.write_number(line, place, number(cell), look)  # type: ignore[arg-type]  # no period stands here


def _cells(row: MemberRow, language: str) -> Sequence[Cell]:
    """Without figures where the member was never measured."""
    one = row.figures
    return (
        row.name,
        row.display_name,
        in_language(row.rank_titles, language) if row.rank_titles else None,
        PLACES[row.place.standing],
        row.place.since.date() if row.place.since else None,
        row.place.until.date() if row.place.until else None,
        one.solutions if one else None,
        one.earlier_solutions if one else None,
        round(one.share, 4) if one and one.share is not None else None,
        one.response_minutes if one else None,
        one.kudos_per_answer if one else None,
        one.networks if one else None,
        one.last_answer if one else None,
        (YES if one.burning_out else NO) if one else None,
    )
