"""The workbook opens in LibreOffice, and what it counts there, with every stored value taken away, is the page's figure."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy.orm import Session

from forum.exports.edition import Edition
from forum.exports.tables import figure_tables
from forum.exports.workbook import write_workbook
from forum.reports.deflection_rows import EntryRow, entries_with
from tests.cast import Cast
from tests.exports.scene import SCOPE, FullScene

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = [
    pytest.mark.running,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed"),
]
CENT = Decimal("0.01")
SHEETS = {
    "By month": "by-month", "Where it comes from": "by-kind", "By board": "by-board", "By network": "by-network",
    "By channel": "by-channel", "By language": "by-language",
}  # fmt: skip
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""


def recalculated(content: bytes, folder: Path) -> openpyxl.Workbook:
    """The workbook without the values that we stored beside its formulas, counted by LibreOffice in a profile of its own."""
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(ALWAYS)
    bare = folder / "report.xlsx"
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(bare, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name.startswith("xl/worksheets/"):
                part = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1<v>-1</v>", part)
            target.writestr(name, part)
    command = [
        str(SOFFICE), f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML",
        "--outdir", str(folder / "out"), str(bare),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return openpyxl.load_workbook(folder / "out" / "report.xlsx", data_only=True)


@pytest.fixture
def scene(session: Session, cast: Cast) -> FullScene:
    return FullScene(session, cast).fill()


def rows_of(scene: FullScene, edition: Edition) -> list[EntryRow]:
    return list(entries_with(scene.session, SCOPE, currency="EUR", zone=edition.zone))


def test_its_recalculated_totals_equal_the_page(scene: FullScene, tmp_path: Path) -> None:
    edition = scene.edition()
    file = BytesIO()
    write_workbook(file, edition, rows_of(scene, edition))
    book = recalculated(file.getvalue(), tmp_path)
    total = edition.report.total
    assert {table.key for table in figure_tables(edition)} == set(SHEETS.values())
    summary = [[cell.value for cell in row] for row in book["Summary"].iter_rows(max_col=4)]
    sums = [row[1:] for row in summary if str(row[0]).startswith("Sum of the")]
    assert len(sums) == 7  # six tables and the rows
    for quantity, contacts, money in sums:
        assert quantity == total.quantity
        assert Decimal(str(contacts)).quantize(Decimal("0.0001")) == total.likely
        assert Decimal(str(money)).quantize(CENT) == total.money
    headline = {row[0]: row[2] for row in summary}
    assert Decimal(str(headline["Money saved"])).quantize(CENT) == total.money
    rows = book["Rows"]
    assert rows.max_row == edition.row_count + 2
    heads = [cell.value for cell in rows[1]]
    money_of = heads.index("Saved (EUR)") + 1
    for line, row in enumerate(rows_of(scene, edition), start=2):
        assert Decimal(str(rows.cell(line, money_of).value)).quantize(CENT) == row.money, row


def test_half_a_cent_goes_where_the_ledger_puts_it(scene: FullScene, tmp_path: Path) -> None:
    """A spreadsheet rounds it up, the ledger to the even cent: 0.50 of 8.01 is 4.005, and so is 1.0 of 4.005."""
    edition = scene.edition()
    rows = rows_of(scene, edition)
    [row, *_rest] = [row for row in rows if row.price and row.quantity == 1]
    odd = [
        _valued(row, Decimal(price), Decimal(rate), Decimal(money))
        for price, rate, money in (("8.01", "0.5", "4.00"), ("4.005", "1", "4.00"), ("4.015", "1", "4.02"), ("8.0102", "0.5", "4.01"))
    ]  # fmt: skip
    file = BytesIO()
    write_workbook(file, edition, odd)
    book = recalculated(file.getvalue(), tmp_path)["Rows"]
    money_of = [cell.value for cell in book[1]].index("Saved (EUR)") + 1
    assert [Decimal(str(book.cell(line, money_of).value)).quantize(CENT) for line in range(2, 7)] == [
        Decimal(money) for money in ("4.00", "4.00", "4.02", "4.01", "16.03")
    ]


def _valued(row: EntryRow, price: Decimal, rate: Decimal, money: Decimal) -> EntryRow:
    return replace(row, price=price, rate=rate, contacts=rate, money=money)
