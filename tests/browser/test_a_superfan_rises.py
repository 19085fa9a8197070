"""An admin writes a rank, tries it and saves it; a member rises to it, uses its right, and loses it with the answer that earned it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser.fixtures import Product, Visitors
from tests.running.waiting import until

pytestmark = pytest.mark.browser

WITHIN = 60.0  # seconds; what is promised is a minute
WRONG = "solutions >= 1 && kudos_recieved >= 0"
RIGHT = "solutions >= 1 && days_member >= 1"


def test_a_rank_is_written_tried_and_saved_and_a_member_rises_uses_its_right_and_falls(
    product: Product, visitors: Visitors
) -> None:
    admin = visitors.open("admin")
    write_the_rank(admin)

    asker, member, agent = visitors.open("finance"), visitors.open("customer"), visitors.open("agent")
    earning = ask(asker, "Which lamp on the front says that the line is gone?")
    using = ask(asker, "How long does an update of the firmware take?")
    answer(agent, using, "About five minutes; the lamp blinks blue meanwhile.")
    member.goto(using)
    assert member.get_by_role("button", name="Accept").count() == 0

    answer(member, earning, "The leftmost one. It is red as long as there is no line.")
    asker.goto(earning)
    asker.get_by_role("button", name="Accept").click()
    asker.get_by_role("heading", name="Accepted answer").wait_for()

    profile = f"/people/{product.accounts['customer'][0]}"
    shown = member.locator("main").get_by_text("Pathfinder").first
    until(lambda: member.goto(profile) and shown.is_visible(), WITHIN, "the member rises")
    member.goto("/notifications")
    assert "Pathfinder" in member.locator("main").inner_text()

    member.goto(using)
    member.get_by_role("button", name="Accept").click()
    member.get_by_role("heading", name="Accepted answer").wait_for()

    third = ask(asker, "May the router lie flat on a shelf?")
    answer(agent, third, "It may, with a hand's width of air around it.")
    member.goto(third)
    member.get_by_role("button", name="Accept").wait_for()

    asker.goto(earning)
    asker.locator("summary", has_text="Not solved after all").click()
    asker.get_by_role("dialog").get_by_role("button", name="Not solved after all").click()
    asker.get_by_role("heading", name="Accepted answer").wait_for(state="detached")
    until(lambda: member.goto(profile) and not shown.is_visible(), WITHIN, "the member falls, without a grace time")
    member.goto(third)
    assert member.get_by_role("button", name="Accept").count() == 0


def write_the_rank(admin: Any) -> None:
    admin.goto("/admin/ranks")
    admin.get_by_role("link", name="Make a rank").first.click()
    admin.get_by_label("Title in English").fill("Pathfinder")
    formula = admin.get_by_label("Formula", exact=True)
    formula.fill(WRONG)
    admin.get_by_role("button", name="Try it").click()
    admin.locator("main mark").wait_for()
    assert admin.locator("main mark").inner_text() == "kudos_recieved"
    assert "kudos_received" in admin.locator("main").inner_text()
    assert formula.input_value() == WRONG

    formula.fill(RIGHT)
    admin.get_by_role("button", name="Try it").click()
    tried = admin.locator("#trial")
    tried.wait_for()
    assert "would rise" in tried.inner_text()
    admin.get_by_label("Place", exact=True).select_option("Above Legend")
    admin.get_by_label("Grace, in days").fill("0")
    admin.locator("input[name=rights][value=accept_for_others]").check()
    admin.get_by_role("button", name="Save").click()
    admin.wait_for_url("**/admin/ranks")
    assert "Pathfinder" in admin.locator("main").inner_text()


def ask(page: Any, title: str) -> str:
    """The new thread's path."""
    page.goto("/ask")
    page.get_by_label("Your question in one line").fill(title)
    page.get_by_label("Board", exact=True).select_option("wifi")
    page.get_by_label("What happens?").fill("I would like to know before I change anything.")
    page.get_by_role("button", name="Post the question").click()
    page.wait_for_url("**/threads/*")
    return urlsplit(page.url).path


def answer(page: Any, path: str, text: str) -> None:
    page.goto(path)
    page.get_by_label("Reply", exact=True).fill(text)
    page.get_by_role("button", name="Post reply").click()
    page.get_by_text(text).wait_for()
