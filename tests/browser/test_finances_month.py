"""Finance's month: enter costs, upload contacts, read, drill, export, close; a correction then lands in the next open month.

`LOOK_AT=folder` keeps a picture of each step in both themes there, for a person to look at.
"""

from __future__ import annotations

import csv
import io
import os
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from forum.ledger.period import Period
from forum.sample.finance import latest_closable
from tests.browser.fixtures import PHONE, WIDE, Product, Visitors
from tests.running.waiting import until

pytestmark = pytest.mark.browser

WITHIN = 40.0  # seconds that a worker may take on a busy machine
REPORT = "/reports/deflection"
HEAD = ["Interaction", "Start", "Channel", "Customer number"]


def test_finances_month(product: Product, visitors: Visitors, tmp_path: Path) -> None:
    month = latest_closable(datetime.now(UTC), datetime.now(UTC).tzinfo or UTC, 7)
    page = visitors.open("finance", accept_downloads=True)
    enter_a_cost(page, month)
    enter_a_programme_cost(page, month)
    upload_contacts(page, month)
    money = read_the_report(page, month)
    thread = drill_to_the_thread(page, month, money)
    export(page, month, money, tmp_path)
    frozen = close_the_month(page, month, money)
    rows = correct_it(visitors, page, thread)
    assert rows >= 1
    assert frozen_words(page, month) == frozen
    page.goto(f"{REPORT}?month={month.name}")
    assert money_of(page) == money
    page.goto(f"{REPORT}/periods/{month.name}/closing")
    assert page.get_by_role("button", name="for good").count() == 0  # and nobody closes it twice


def enter_a_cost(page: Any, month: Period) -> None:
    page.goto(f"{REPORT}/costs")
    page.get_by_label("Channel", exact=True).select_option("phone")
    page.get_by_label("Valid from").fill(month.first.isoformat())
    page.get_by_label("Cost of one contact").fill("7.15")
    page.get_by_label("Source", exact=True).fill("Telephone bill, sheet 4")
    page.get_by_role("button", name="Enter", exact=True).click()
    row = page.get_by_role("row", name=re.compile("Telephone bill, sheet 4"))
    row.wait_for()
    assert "7.15" in row.inner_text()
    look(page, "1-costs")


def enter_a_programme_cost(page: Any, month: Period) -> None:
    page.goto(f"{REPORT}/programme")
    page.get_by_label("Month", exact=True).select_option(month.name)
    page.get_by_label("Part", exact=True).select_option("platform")
    page.get_by_label("Cost in the month").fill("205.50")
    page.get_by_label("Source", exact=True).fill("Hosting, invoice 118")
    page.get_by_role("button", name="Enter", exact=True).click()
    row = page.get_by_role("row", name=re.compile("Hosting, invoice 118"))
    row.wait_for()
    assert "205.50" in row.inner_text()
    assert page.get_by_text("replaced by a later row").count() == 1  # the sample's own of that month
    look(page, "2-programme")


def upload_contacts(page: Any, month: Period) -> None:
    """A file in another system's words: one of them is matched by hand, and then the rows are looked at once more."""
    page.goto(f"{REPORT}/contacts")
    page.get_by_label("CSV file").set_input_files(
        {"name": "anrufe.csv", "mimeType": "text/csv", "buffer": contact_file(month)}
    )
    page.get_by_role("button", name="Upload and look").click()
    page.get_by_role("heading", name="What it is taken as").wait_for()
    assert page.get_by_text("This word is not matched to a channel yet.").count() == 3
    page.get_by_label("“rückruf” (3 rows)").select_option("phone")
    page.get_by_label("System they come from").fill("telefonanlage")
    look(page, "3-preview")
    page.get_by_role("button", name="Import these contacts").click()
    page.get_by_text("Please look at the rows once more").wait_for()
    assert page.get_by_text("This word is not matched to a channel yet.").count() == 0
    assert figure(page, "Will be taken") == "12"
    page.get_by_role("button", name="Import these contacts").click()
    page.get_by_text("Imported", exact=True).wait_for()  # the page sees to it by itself
    until(lambda: figure(page, "Taken") == "12" and not page.locator("[data-pending]").count(), WITHIN, "imported")
    look(page, "4-imported")


def contact_file(month: Period) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEAD)
    for number in range(12):
        told = f"{(month.first + timedelta(days=number)):%d.%m.%Y} 10:{number:02}"
        writer.writerow([f"T-{number}", told, "Rückruf" if number % 4 == 0 else "Anruf", f"K-{number:05}"])
    return text.getvalue().encode()


def read_the_report(page: Any, month: Period) -> Decimal:
    """The likely money; the low bound, which is the headline, lies below it."""
    page.goto(f"{REPORT}?month={month.name}")
    page.get_by_text("Open period", exact=True).wait_for()
    low = amounts(figure(page, "Money saved, at least"))[0]
    likely = money_of(page)
    assert 0 < low <= likely
    assert "95" in figure(page, "How sure")
    look(page, "5-report")
    return likely


def drill_to_the_thread(page: Any, month: Period, money: Decimal) -> str:
    """From the figure to its rows, whose sum it is, and from a row to what somebody asked. The address of a checked one."""
    page.locator(".figures", has_text="Money saved, at least").get_by_role("link").nth(1).click()
    page.get_by_role("heading", name="Ledger entries").wait_for()
    assert amounts(figure(page, "Money, most likely"))[0] == money
    look(page, "6-rows")
    page.goto(f"{REPORT}/entries?month={month.name}&kind=direct")
    checked = page.locator("tbody tr", has_text="The asker would have contacted us").filter(has_text="checked against")
    standing = checked.filter(has_not_text="Takes back")
    link = standing.first.locator("a[href^='/threads/']").first
    thread, title = link.get_attribute("href"), link.inner_text()
    link.click()
    page.get_by_role("heading", level=1, name=title).wait_for()
    page.get_by_role("heading", name="Accepted answer").wait_for()
    look(page, "7-thread")
    assert thread
    return str(thread)


def export(page: Any, month: Period, money: Decimal, folder: Path) -> None:
    """Both files say the page's figure."""
    openpyxl, pypdf = pytest.importorskip("openpyxl"), pytest.importorskip("pypdf")
    files = {}
    for ending, word in (("xlsx", "Spreadsheet (XLSX)"), ("pdf", "Document (PDF)")):
        page.goto(f"{REPORT}?month={month.name}")
        page.get_by_text("Export", exact=True).click()
        if ending == "xlsx":
            look(page, "8-export")
        with page.expect_download() as download:
            page.get_by_role("link", name=word).click()
        files[ending] = folder / f"report.{ending}"
        download.value.save_as(files[ending])
    book = openpyxl.load_workbook(files["xlsx"], data_only=True)
    cells = {
        Decimal(str(cell)).quantize(money)
        for row in book.worksheets[0].iter_rows(values_only=True)
        for cell in row
        if isinstance(cell, int | float)
    }
    assert money in cells
    text = " ".join(sheet.extract_text() for sheet in pypdf.PdfReader(files["pdf"]).pages)
    assert f"{money:,}" in text


def close_the_month(page: Any, month: Period, money: Decimal) -> list[str]:
    """Says first what will be frozen; the frozen report then says the same."""
    page.goto(f"{REPORT}?month={month.name}")
    page.locator(f"a[href='{REPORT}/periods/{month.name}/closing']").click()
    page.get_by_role("heading", name="What will be frozen").wait_for()
    assert money in amounts(page.locator("dl.facts").inner_text())
    look(page, "9-closing")
    page.get_by_role("button", name="for good").click()
    page.wait_for_url(f"**/periods/{month.name}")
    page.get_by_text("rows are sealed").wait_for()
    look(page, "10-frozen")
    page.goto(f"{REPORT}?month={month.name}")
    page.get_by_text("Closed on").wait_for()
    assert money_of(page) == money
    look(page, "11-closed")
    return frozen_words(page, month)


def frozen_words(page: Any, month: Period) -> list[str]:
    """The frozen report's tables, word by word."""
    page.goto(f"{REPORT}/periods/{month.name}")
    found = [str(row) for row in page.locator("main table tr").all_inner_texts()]
    assert found
    return found


def correct_it(visitors: Visitors, page: Any, thread: str) -> int:
    """A moderator withdraws an acceptance of the closed month: rows of the running month take back what had counted."""
    before = late_rows(page)
    moderator = visitors.open("moderator")
    moderator.goto(thread)
    moderator.get_by_text("Withdraw the acceptance").first.click()
    dialog = moderator.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("The answer harms newer routers")
    look(moderator, "12-withdraw")
    dialog.get_by_role("button", name="Withdraw the acceptance").click()
    moderator.get_by_role("heading", name="Accepted answer").wait_for(state="detached")
    until(lambda: late_rows(page) > before, WITHIN, "the correction is booked")
    newest = page.locator("tbody tr", has_text="Takes back row").first
    newest.wait_for()
    assert str(date.today().year) in newest.inner_text()  # noqa: DTZ011  the running month's own row
    look(page, "13-correction")
    page.goto(f"{REPORT}?month={Period.of(datetime.now(UTC).date()).name}")
    assert page.get_by_text("Open period", exact=True).count() == 1
    look(page, "14-next-month")
    return late_rows(page) - before


def late_rows(page: Any) -> int:
    """Of the running month: rows that correct months before it."""
    page.goto(f"{REPORT}/entries?month={Period.of(datetime.now(UTC).date()).name}&late=yes&kind=everything")
    if page.locator(".figures").count() == 0:
        return 0
    return int(figure(page, "Rows").replace(",", ""))


def figure(page: Any, label: str) -> str:
    """The big figure under these words."""
    card = page.locator(".figures > div", has=page.get_by_role("heading", name=label, exact=True))
    return str(card.locator(".big").inner_text()).strip()


def money_of(page: Any) -> Decimal:
    """The most likely amount, which is the last of the three below the headline."""
    card = page.locator(".figures > div", has_text="Money saved, at least")
    said = re.search(r"most likely\s+\D?([\d,]+\.\d\d)", card.inner_text())
    assert said, card.inner_text()
    return Decimal(said[1].replace(",", ""))


def amounts(text: str) -> list[Decimal]:
    return [Decimal(one.replace(",", "")) for one in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


def look(page: Any, name: str) -> None:
    """A picture for a person, wide in both themes and once as on a phone."""
    folder = os.environ.get("LOOK_AT")
    if folder is None:
        return
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.screenshot(path=Path(folder) / f"{name}-{theme}.png", full_page=True)
    page.set_viewport_size(PHONE)
    page.screenshot(path=Path(folder) / f"{name}-phone.png", full_page=True)
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
