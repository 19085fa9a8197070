"""The workbook opens in LibreOffice, and what it counts there, with every stored value taken away, is the page's figure."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy.orm import Session

from forum.exports.edition import Edition
from forum.exports.tables import figure_tables
from forum.exports.workbook import write_workbook
from forum.kernel.money import CENT, FINEST
from forum.reports.deflection_rows import EntryRow, entries_with
from tests.cast import Cast
from tests.exports.scene import SCOPE, FullScene

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = [
    pytest.mark.running,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed"),
]
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
        assert Decimal(str(contacts)).quantize(Decimal("0.000001")) == total.likely
        assert cents(money) == cents(total.money)
    headline = {row[0]: row[2] for row in summary}
    assert cents(headline["Money saved"]) == cents(total.money)
    rows = book["Rows"]
    assert rows.max_row == edition.row_count + 2
    heads = [cell.value for cell in rows[1]]
    money_of = heads.index("Saved (EUR)") + 1
    for line, row in enumerate(rows_of(scene, edition), start=2):
        assert row.money is not None and abs(Decimal(str(rows.cell(line, money_of).value)) - row.money) < FINEST, row


def cents(value: object) -> Decimal:
    return Decimal(str(value)).quantize(CENT)
