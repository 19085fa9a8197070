"""The report as files: who gets them, with which filters, under which names, and that each is noted."""

from __future__ import annotations

import csv
import json
import re
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from forum.moderation.log import LogEntry
from forum.web.extensions import db
from tests.application import SignInAs
from tests.cast import Cast
from tests.exports.scene import FullScene

FILES = "/reports/deflection"
SPAN = "from=2026-08&to=2026-10"
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "json": "application/json",
}


@pytest.fixture
def fay(client: FlaskClient, cast: Cast, sign_in_as: SignInAs) -> FlaskClient:
    return sign_in_as(client, cast.fay)


@pytest.fixture
def scene(session: Session, cast: Cast) -> FullScene:
    return FullScene(session, cast).fill()


def rows_in(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("ending", TYPES)
@pytest.mark.parametrize("name", ["ada", "sue", "ann", "cleo", "mallory"])
def test_nobody_but_finance_and_admins_takes_it_away(
    client: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs, ending: str, name: str
) -> None:
    assert sign_in_as(client, getattr(cast, name)).get(f"{FILES}.{ending}").status_code == 403
    assert session.scalars(select(LogEntry)).all() == []


@pytest.mark.parametrize("ending", TYPES)
def test_each_file_has_its_type_and_name_and_is_noted(
    fay: FlaskClient, session: Session, cast: Cast, scene: FullScene, ending: str
) -> None:
    answer = fay.get(f"{FILES}.{ending}?{SPAN}&board=wifi&x=y")
    assert answer.status_code == 200 and answer.content_type == TYPES[ending]
    middle = "-rows" if ending == "csv" else ""
    name = f"call-deflection-2026-08-to-2026-10{middle}.{ending}"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert answer.headers["Cache-Control"] == "private, no-store"
    (noted,) = session.scalars(select(LogEntry).where(LogEntry.act == "export_deflection")).all()
    assert (noted.about, noted.by_id) == ("report:deflection", cast.fay.id)
    assert noted.details == {"format": ending, "query": f"{SPAN}&board=wifi"}


def test_all_files_say_what_the_page_says(fay: FlaskClient, scene: FullScene) -> None:
    total = scene.edition().report.total
    money = f"€{total.money:,.2f}"
    assert money in fay.get(f"{FILES}?{SPAN}").text
    assert json.loads(fay.get(f"{FILES}.json?{SPAN}").data)["total"]["money"] == str(total.money)
    assert money in "".join(page.extract_text() for page in PdfReader(BytesIO(fay.get(f"{FILES}.pdf?{SPAN}").data)).pages)  # fmt: skip
    book = openpyxl.load_workbook(BytesIO(fay.get(f"{FILES}.xlsx?{SPAN}").data), data_only=True)
    assert book["Summary"]["C7"].value == pytest.approx(float(total.money or 0))
    rows = rows_in(fay.get(f"{FILES}.csv?{SPAN}").data)
    assert sum(Decimal(row["money"]) for row in rows) == total.money


def test_the_filters_of_the_address_narrow_the_rows(fay: FlaskClient, scene: FullScene) -> None:
    kinds = {row["kind"] for row in rows_in(fay.get(f"{FILES}.csv?{SPAN}&kind=social").data)}
    assert kinds == {"social"}
    days = {row["day"][:7] for row in rows_in(fay.get(f"{FILES}.csv?month=2026-10").data)}
    assert days == {"2026-10"}
    assert {row["kind"] for row in rows_in(fay.get(f"{FILES}.csv?{SPAN}&kind=everything").data)} >= {"assisted"}


def test_a_table_of_the_page_comes_as_csv(fay: FlaskClient, scene: FullScene) -> None:
    answer = fay.get(f"{FILES}.csv?{SPAN}&table=by-board")
    assert "call-deflection-2026-08-to-2026-10-by-board.csv" in answer.headers["Content-Disposition"]
    (board,) = rows_in(answer.data)
    assert (board["key"], board["board"], board["money_likely"]) == ("wifi", "Wifi", str(scene.edition().report.total.money))  # fmt: skip
    assert fay.get(f"{FILES}.csv?table=no-such").status_code == 404


def test_an_empty_ledger_makes_files_too(fay: FlaskClient) -> None:
    for ending in TYPES:
        assert fay.get(f"{FILES}.{ending}").status_code == 200, ending


def test_they_are_written_in_the_readers_language(app: Flask, fay: FlaskClient, scene: FullScene, session: Session, cast: Cast) -> None:  # fmt: skip
    cast.fay.language = "zh_Hans"
    session.commit()
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(fay.get(f"{FILES}.pdf?{SPAN}").data)).pages)
    assert "按月份" in re.sub(r"\s", "", words)
    book = openpyxl.load_workbook(BytesIO(fay.get(f"{FILES}.xlsx?{SPAN}").data))
    assert "按月份" in book.sheetnames


def test_an_export_holds_the_write_lock_for_its_note_alone(
    app: Flask, fay: FlaskClient, scene: FullScene, session: Session
) -> None:
    """On SQLite every BEGIN IMMEDIATE is somebody else's wait."""
    sent: list[str] = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_rest: sent.append(statement))
    fay.get(f"{FILES}.csv?{SPAN}")
    locking = [index for index, statement in enumerate(sent) if statement == "BEGIN IMMEDIATE"]
    written = [index for index, statement in enumerate(sent) if statement.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert len(locking) == 1 and len(written) == 1
    after = [statement for statement in sent[written[0] + 1 :] if statement.startswith("SELECT")]
    assert len(after) > 5  # all reading comes behind it
