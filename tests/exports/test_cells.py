"""Cells of CSV and of sheets: harmless texts, plain numbers, real days; and what happens with too many rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl
import pytest

from forum.exports import workbook
from forum.exports.csv_file import harmless, plain, write_csv
from forum.exports.patience import Patience, TookTooLong
from forum.exports.rows import row_cells, row_columns
from forum.exports.sheets import sheet_name
from forum.exports.tables import Form
from forum.exports.workbook import write_workbook
from forum.ledger.period import Period
from forum.reports.deflection_rows import EntryRow
from tests.exports.made_report import made_edition

ROW = EntryRow(
    id=7, day=date(2026, 10, 3), valued_on=date(2026, 9, 30), kind="direct", grade="stated", thread_id=4,
    thread_title='=HYPERLINK("http://evil.example","click")', thread_slug="x", thread_hidden=False, board="wifi",
    board_name="Wifi", network="here", network_title=None, language="en", intent="yes", channel="phone", claim_id=1,
    reader_week_id=None, acceptance_id=1, basis="acceptance:1", quantity=-1, reverses=3, why="withdrawn", late=True,
    created_at=datetime(2026, 10, 3, 4, 5, 6, tzinfo=UTC), rate_name=None, rate=Decimal(1), price=Decimal("8.0100"),
    contacts=Decimal(-1), money=Decimal("-8.01"),
)  # fmt: skip


@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "－1", "\u3000=1"])
def test_a_text_that_looks_like_a_formula_is_shown_and_not_run(sign: str) -> None:
    assert harmless(sign) == f"'{sign}"


@pytest.mark.parametrize("text", ["a=1", "", "8.01", "路由器", "'quoted", "wifi - 5"])
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("cell", "form", "written"),
    [
        (Decimal("-8.01"), Form.MONEY, "-8.01"), (Decimal("8.0100"), Form.PRICE, "8.0100"), (-1, Form.COUNT, "-1"),
        (Decimal("1E+3"), Form.LIKELY, "1000"), (12.5, Form.LOW, "12.5000"), (None, Form.MONEY, ""),
        (date(2026, 10, 3), Form.DAY, "2026-10-03"), (Period(2026, 10), Form.MONTH, "2026-10"),
    ],
)  # fmt: skip
def test_numbers_and_days_are_plain(cell: object, form: Form, written: str) -> None:
    assert plain(cell, form, str) == written  # type: ignore[arg-type]


def test_a_row_is_written_with_its_columns_named_by_keys() -> None:
    file = StringIO()
    assert write_csv(file, row_columns(money=True), [row_cells(ROW, money=True)], str) == 1
    heads, line, rest = file.getvalue().split("\r\n")
    assert heads.startswith("row,day,valued_on,kind") and heads.endswith("quantity,rate,price,contacts,money")
    assert line.startswith("7,2026-10-03,2026-09-30,direct,stated,4,\"'=HYPERLINK")
    assert line.endswith(",yes,2026-10-03T04:05:06Z,,-1,1,8.0100,-1,-8.01") and rest == ""
    assert "money" not in [column.key for column in row_columns(money=False)]


def test_money_has_cents_and_is_never_rounded() -> None:
    said = [plain(Decimal(amount), Form.MONEY, str) for amount in ("8", "1240.00000000", "-0.0044", "0E-8")]
    assert said == ["8.00", "1240.00", "-0.0044", "0.00"]


def test_a_sheet_takes_a_formula_in_a_title_for_text() -> None:
    book = openpyxl.load_workbook(written([ROW]))
    title = book["Rows"]["G2"]
    assert (title.data_type, title.value) == ("s", ROW.thread_title) and title.hyperlink is None


def test_the_same_edition_makes_the_same_workbook() -> None:
    assert written([ROW]).getvalue() == written([ROW]).getvalue()


def test_more_rows_than_a_workbook_takes_are_added_up_by_day_and_the_sheet_says_so() -> None:
    edition = replace(made_edition(), row_count=workbook.MOST_ROWS + 1)
    file = BytesIO()
    write_workbook(file, edition, [ROW, replace(ROW, id=8), replace(ROW, id=9, day=date(2026, 10, 4))])
    rows = openpyxl.load_workbook(file, data_only=True)["Rows"]
    heads = {str(cell.value): place for place, cell in enumerate(rows[1])}
    first, second, total = ([cell.value for cell in row] for row in rows.iter_rows(min_row=2, max_row=4))
    assert [line[heads["Quantity"]] for line in (first, second, total)] == [-2, -1, -3]
    assert [line[heads["Saved (EUR)"]] for line in (first, second, total)] == [-16.02, -8.01, -24.03]
    assert "more rows than a workbook" in str(rows.cell(6, 1).value)


def test_names_of_sheets_are_short_plain_and_unlike() -> None:
    taken: set[str] = set()
    long = "Readers' [all] of: a/b*c? who are many and more"
    names = [sheet_name(long, taken), sheet_name(long, taken), sheet_name("By month", taken)]
    assert len(set(names)) == 3 and all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


def test_past_its_time_a_file_is_refused_with_a_sentence() -> None:
    times: Iterator[float] = iter([0.0, 5.0, 61.0])
    patient = Patience(60, lambda: next(times))
    with pytest.raises(TookTooLong) as refused:
        list(patient.through(range(5000)))
    assert refused.value.status == 503 and "Choose fewer months" in str(refused.value.message)


def written(rows: list[EntryRow]) -> BytesIO:
    file = BytesIO()
    write_workbook(file, replace(made_edition(), row_count=len(rows)), rows)
    return file
