"""Page = rows = CSV = workbook = JSON = PDF, whole or to the cent where it is shown, on a ledger with everything in it."""

from __future__ import annotations

import csv
import json
from decimal import ROUND_HALF_EVEN, Decimal
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from forum.exports.csv_file import write_csv, write_table
from forum.exports.edition import Edition
from forum.exports.json_file import json_of
from forum.exports.pdf import pdf_of
from forum.exports.rows import row_cells, row_columns
from forum.exports.tables import figure_tables
from forum.exports.workbook import write_workbook
from forum.kernel.money import CENT, FINEST
from forum.reports.deflection_rows import EntryRow, entries_with
from forum.reports.deflection_scope import Scope
from tests.cast import Cast
from tests.exports.scene import SCOPE, FullScene


@pytest.fixture
def scene(session: Session, cast: Cast) -> FullScene:
    return FullScene(session, cast).fill()


@pytest.fixture
def edition(scene: FullScene) -> Edition:
    return scene.edition()


def rows_of(scene: FullScene, scope: Scope = SCOPE) -> list[EntryRow]:
    return list(entries_with(scene.session, scope, currency="EUR", zone=scene.edition().zone))


def read_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def test_the_ledger_has_everything_in_it(scene: FullScene, edition: Edition) -> None:
    """Else the tests below would compare nothing with nothing."""
    rows = rows_of(scene)
    assert {row.kind for row in rows} == {"direct", "social", "indirect"}
    assert any(row.reverses for row in rows)
    assert edition.report.by_network[1].figure.likely > 0 and edition.report.kinds.lines[2].figure.likely > 0
    assert {one.currency for one in edition.report.prices} == {"EUR", "USD"}
    assert edition.report.total.money and edition.report.total.low < edition.report.total.likely
    assert any(one.enough for one in edition.report.survey)
    assert [line.key for line in edition.report.by_month if line.figure.quantity] == ["2026-08", "2026-09", "2026-10"]


def test_the_rows_of_the_csv_add_up_to_the_page(scene: FullScene, edition: Edition) -> None:
    file, columns = StringIO(), row_columns(money=True)
    count = write_csv(file, columns, (row_cells(row, money=True) for row in rows_of(scene)), edition)
    found = read_csv(file.getvalue())
    assert count == len(found) == edition.row_count
    assert sum(int(row["quantity"]) for row in found) == edition.report.total.quantity
    assert sum(Decimal(row["contacts"]) for row in found) == edition.report.total.likely
    assert sum(Decimal(row["money"]) for row in found) == edition.report.total.money
    for row in found:  # each row can be counted again from what it says itself
        assert Decimal(row["contacts"]) == Decimal(row["rate"]) * int(row["quantity"])
        each = (Decimal(row["price"] or 0) * Decimal(row["rate"])).quantize(FINEST, ROUND_HALF_EVEN)
        assert Decimal(row["money"]) == each * int(row["quantity"])


def test_each_table_of_the_csv_adds_up_to_the_page(edition: Edition) -> None:
    tables = figure_tables(edition)
    assert [table.key for table in tables] == ["by-month", "by-kind", "by-board", "by-network", "by-channel", "by-language"]  # fmt: skip
    for table in tables:
        file = StringIO()
        write_table(file, table, edition)
        found = read_csv(file.getvalue())
        assert sum(Decimal(row["money_likely"]) for row in found) == edition.report.total.money, table.key
        assert sum(Decimal(row["contacts_likely"]) for row in found) == edition.report.total.likely, table.key


def test_a_consumer_of_the_json_counts_the_total_again(edition: Edition) -> None:
    found = json.loads(json_of(edition))
    total, sums = found["total"], found["sums"]
    assert found["schema"] == "answerback/deflection/1" and found["method"]["seed"] == edition.report.seed
    assert sum(one["quantity"] for one in sums) == total["quantity"]
    assert sum(Decimal(one["rate"]) * one["quantity"] for one in sums) == Decimal(total["contacts"])
    each = [(Decimal(one["price"] or 0) * Decimal(one["rate"])).quantize(FINEST, ROUND_HALF_EVEN) for one in sums]
    assert [f"{amount:f}" for amount in each] == [one["money_each"] for one in sums]
    assert sum(amount * one["quantity"] for amount, one in zip(each, sums, strict=True)) == Decimal(total["money"])
    rates = {rate["name"]: rate for rate in found["parameters"]["rates"]}
    for one in sums:  # and each rate from its own answers
        if one["rate_name"] in rates and rates[one["rate_name"]]["enough"]:
            known = rates[one["rate_name"]]
            share = (Decimal(known["yes"]) / known["of"]).quantize(Decimal("0.000001"), ROUND_HALF_EVEN)
            assert share == Decimal(one["rate"]), one
    assert no_floats(total) and no_floats(found["by_board"])


def no_floats(found: Any) -> bool:
    """Decimals are strings."""
    if isinstance(found, dict):
        return all(no_floats(one) for one in found.values())
    return all(no_floats(one) for one in found) if isinstance(found, list) else not isinstance(found, float)


def test_the_workbook_holds_the_figures_of_the_page_as_formulas_and_as_values(scene: FullScene, edition: Edition) -> None:  # fmt: skip
    file = BytesIO()
    write_workbook(file, edition, rows_of(scene))
    formulas, values = openpyxl.load_workbook(file), openpyxl.load_workbook(file, data_only=True)
    assert formulas["By month"]["H5"].value == "=SUM(H2:H4)" and formulas["By month"]["C5"].value == "=SUM(C2:C4)"
    assert formulas["Summary"]["C7"].value == "='By month'!$H$5"
    assert cents(values["Summary"]["C7"].value) == cents(edition.report.total.money)
    rows, last = formulas["Rows"], edition.row_count + 2
    heads = [cell.value for cell in rows[1]]
    money = heads.index("Saved (EUR)")
    assert all(str(row[money].value).startswith("=") for row in rows.iter_rows(min_row=2, max_row=last))
    assert cents(values["Rows"].cell(last, money + 1).value) == cents(edition.report.total.money)
    assert {sheet[cell].number_format for sheet, cell in ((values["Summary"], "C7"), (values["Rows"], f"W{last}"))} == {
        "#,##0.00"
    }
    day = values["Rows"]["B2"]
    assert day.is_date and day.number_format == "yyyy-mm-dd"
    assert rows.freeze_panes == "A2" and rows.auto_filter.ref == f"A1:W{last - 1}"


def cents(value: object) -> Decimal:
    return Decimal(str(value)).quantize(CENT)


@pytest.mark.parametrize("language", ["en", "zh_Hans", "zh_Hant"])
def test_the_pdf_says_the_figures_of_the_page(scene: FullScene, language: str) -> None:
    edition = scene.edition(language)
    words = pdf_words(pdf_of(edition))
    total = edition.report.total
    assert total.money is not None and total.money_low is not None
    for figure in (total.money, total.money_low):
        assert squeezed(edition.money(figure)) in words
    assert squeezed(edition.contacts(total.likely)) in words
    for lines in (edition.report.by_month, edition.report.kinds.lines, edition.report.by_board, edition.report.by_network, edition.report.by_channel, edition.report.by_language):  # fmt: skip
        for line in lines:
            assert line.figure.money is not None
            assert squeezed(edition.money(line.figure.money)) in words, line.key


def pdf_words(content: bytes) -> str:
    """Without spaces: a reader of text puts them where fonts change."""
    return squeezed("".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages))


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_who_sees_no_money_gets_a_file_without_any(scene: FullScene) -> None:
    edition = scene.edition(currency=None)
    assert "€" not in pdf_words(pdf_of(edition))
    assert json.loads(json_of(edition))["total"]["money"] is None
    assert all("money" not in column.key for table in figure_tables(edition) for column in table.columns)
