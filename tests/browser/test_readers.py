"""A reader in a real browser: counted once they have read, also after a visit without a reload, and asked in the page."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.fixtures import Product, Visitors
from tests.running.waiting import until

pytestmark = pytest.mark.browser

# The tests' own browser says that it has no head, and is then taken for the program that it is.
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36"


@pytest.fixture(scope="module")
def everybody_is_asked() -> Iterator[None]:
    os.environ["SURVEY_SHARE"] = "100"
    yield
    del os.environ["SURVEY_SHARE"]


@pytest.fixture(scope="module")
def product(everybody_is_asked: None, product: Product) -> Product:
    return product


def rows(product: Product, query: str) -> list[Any]:
    database = sqlite3.connect(product.folder / "answerback.db", timeout=10)
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def solved(product: Product) -> list[int]:
    """Threads that a member solved."""
    found = rows(
        product,
        "select acceptances.thread_id from acceptances join posts on posts.id = post_id join threads on threads.id = acceptances.thread_id"
        " where withdrawn_at is null and not posts.by_staff and threads.hidden_at is null order by 1 limit 5",
    )
    return [row[0] for row in found]


def views(product: Product) -> int:
    return int(rows(product, "select coalesce(sum(views), 0) from reader_weeks")[0][0])


def open_asked(page: Any, thread: int) -> None:
    """A process asks from its first view on, and there are several."""

    def is_asked() -> bool:
        page.goto(f"/threads/{thread}")
        return bool(page.locator("turbo-frame#survey").count())

    until(is_asked, within=60, what="every process knows the week's salt")


def test_a_page_in_sight_is_counted_once_and_again_after_a_visit_without_a_reload(
    visitors: Visitors, product: Product
) -> None:
    page = visitors.open(user_agent=AGENT)
    first, second = solved(product)[:2]
    before = views(product)
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.url.endswith("/views") else None)
    page.goto(f"/threads/{first}")
    with page.expect_response(re.compile(f"/threads/{first}/views$")) as told:
        page.mouse.move(200, 200)
        page.mouse.move(220, 240)
    assert told.value.status == 204
    page.evaluate(f"Turbo.visit('/threads/{second}')")
    page.wait_for_url(re.compile(f"/threads/{second}"))
    with page.expect_response(re.compile(f"/threads/{second}/views$")):
        page.mouse.move(300, 200)
        page.keyboard.press("ArrowDown")
    assert [re.sub(r".*/threads/(\d+)/views", r"\1", url) for url in sent] == [str(first), str(second)]
    until(lambda: views(product) == before + 2, within=60, what="the worker has counted both")
    assert rows(product, "select count(*) from readings") != [(0,)]


def test_who_leaves_at_once_is_not_counted(visitors: Visitors, product: Product) -> None:
    page = visitors.open(user_agent=AGENT)
    first = solved(product)[0]
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.url.endswith("/views") else None)
    page.goto(f"/threads/{first}")
    page.mouse.move(200, 200)
    until(lambda: page.evaluate("document.querySelector('count-view').seen") >= 2, what="two seconds in sight")
    page.evaluate("Turbo.visit('/')")
    page.locator("count-view").wait_for(state="detached")
    page.wait_for_timeout(6000)  # that nothing happens can only be waited for
    assert sent == []


def test_the_survey_is_answered_within_the_page(visitors: Visitors, product: Product) -> None:
    page = visitors.open(user_agent=AGENT + " Asked/1")  # who is asked on one thread is not on the next
    thread = solved(product)[2]
    page.goto(f"/threads/{thread}")
    with page.expect_response(re.compile("/views$")):
        page.mouse.move(200, 200)
    open_asked(page, thread)
    frame = page.locator("turbo-frame#survey")
    frame.scroll_into_view_if_needed()
    for question in (
        "Did you come to this page",
        "Did you find the answer",
        "would you have contacted us",
        "everything you need",
    ):
        frame.get_by_role("heading", name=re.compile(question)).wait_for()
        frame.get_by_role("button", name="Yes").click()
    frame.get_by_text("Thank you").wait_for()
    assert re.search(f"/threads/{thread}-", page.url)
    answered = rows(
        product,
        f"select problem, found, contact, enough from surveys where thread_id = {thread} order by id desc limit 1",
    )
    assert answered == [("yes",) * 4]


def test_the_survey_is_answered_without_javascript(visitors: Visitors, product: Product) -> None:
    with_script = visitors.open(user_agent=AGENT + " Scripted/1")
    thread = solved(product)[3]
    with_script.goto(f"/threads/{thread}")
    with with_script.expect_response(re.compile("/views$")):
        with_script.mouse.move(200, 200)
    page = visitors.open(javascript=False, user_agent=AGENT + " Plain/1")
    open_asked(page, thread)
    page.get_by_role("link", name="Did you find your answer?").click()
    page.get_by_role("button", name="Yes").click()
    page.get_by_role("button", name="No").click()
    page.get_by_text("Thank you").wait_for()
    answered = rows(
        product, f"select problem, found, contact from surveys where thread_id = {thread} order by id desc limit 1"
    )
    assert answered == [("yes", "no", None)]
