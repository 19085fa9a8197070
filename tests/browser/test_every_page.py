"""Every page in a browser: no serious fault of accessibility, nothing wider than a phone, nothing on the console, in both
themes, in each language, and all of it within reach of the keyboard."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.fixtures import PHONE, WIDE, Visitors

Axe = pytest.importorskip("axe_core_python.sync_playwright", reason="axe-core-python is not installed").Axe

pytestmark = pytest.mark.browser

UNSEEN = [  # what a visitor may open
    "/", "/?before=9999999999999999-1", "/unanswered", "/unsolved", "/solved", "/boards/wifi", "/boards/wifi?show=solved",
    "/tags/iptv", "/tags/nothing-has-this", "/search", "/search?q=wifi+drops", "/search?q=qqqzzz", "/people/radiowave", "/sign-in",
    "/sign-up", "/password-reset", "/sandbox", "/no-such-page", "solved", "open", "imported", "chinese", "conversation", "history",
    "/ranks", "/badges", "/leaderboards", "/leaderboards?span=all&by=solutions", "/cards/verify", "/people/radiowave/card",
]  # fmt: skip
CUSTOMERS = [
    "/",
    "/ask",
    "/following",
    "/account",
    "/account/data",
    "/account/expertise",
    "/help-now",
    "/leaderboards",
    "/notifications",
    "/account/notifications",
    "/people/mira_b",
    "/sandbox",
    "solved",
    "open",
    "imported",
    "comment",
    "conversation",
]
STAFF = {
    "superfan": ["/help-now", "/notifications", "/people/radiowave", "/people/radiowave/points", "/programme"],
    "agent": ["/mentions", "/deliveries", "imported", "/people/radiowave", "/staff/replies", "/staff/superfans"],
    "moderator": [
        "/people/radiowave",
        "edit",
        "/staff/gaming",
        "/staff/superfans",
        "/staff/superfans?tab=soon",
        "/staff/superfans?tab=invited",
        "/staff/superfans/radiowave",
    ],
    "admin": [
        "/admin/ranks",
        "/admin/ranks/new",
        "/admin/badges",
        "/admin/badges/new",
        "/admin/points",
        "/staff/terms",
        "/admin/networks",
        "/admin/tokens",
        "/people/radiowave/data",
        "/people/radiowave",
        "/reports/deflection/targets",
    ],
    "finance": [
        "/reports/deflection",
        "/reports/deflection/claims",
        "/reports/deflection/entries",
        "/reports/deflection/costs",
        "/reports/deflection/programme",
        "/reports/deflection/exchange-rates",
        "/reports/deflection/what-if",
        "/reports/deflection/views",
        "/reports/deflection/periods",
        "/reports/deflection/contacts",
    ],
}
SERIOUS = {"serious", "critical"}
TOO_WIDE = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > wide + 1)
    .slice(-3).map(one => one.outerHTML.slice(0, 120));
}"""


@pytest.mark.parametrize("path", UNSEEN)
def test_a_visitors_page_is_sound(visitors: Visitors, path: str) -> None:
    page = visitors.open()
    go(page, path)
    assert faults(page) == []


@pytest.mark.parametrize("path", CUSTOMERS)
def test_a_customers_page_is_sound(visitors: Visitors, path: str) -> None:
    page = visitors.open("customer")
    go(page, path)
    assert faults(page) == []


@pytest.mark.parametrize(("role", "path"), [(role, path) for role, paths in STAFF.items() for path in paths])
def test_a_page_of_staff_is_sound(visitors: Visitors, role: str, path: str) -> None:
    page = visitors.open(role)
    status = go(page, path)
    assert status == 200
    assert faults(page) == []


def test_a_form_with_errors_is_sound_and_takes_the_reader_to_them(visitors: Visitors) -> None:
    page = visitors.open("customer")
    page.goto("/ask")
    page.locator("main form").first.evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="Post the question").click()
    page.get_by_role("alert").wait_for()
    assert page.evaluate("document.activeElement.id") == "form-errors"
    assert faults(page) == []


@pytest.mark.parametrize(("locale", "lang"), [("en-GB", "en"), ("zh-CN", "zh-Hans"), ("zh-TW", "zh-Hant")])
def test_a_page_says_which_language_it_is_in(visitors: Visitors, locale: str, lang: str) -> None:
    page = visitors.open(locale=locale)
    for path in ("/", "imported", "/search?q=wifi", "/sign-in"):
        go(page, path)
        assert page.locator("html").get_attribute("lang") == lang
        page.set_viewport_size(PHONE)
        assert page.evaluate(TOO_WIDE) == []
        page.set_viewport_size(WIDE)


@pytest.mark.parametrize("path", ["/", "imported", "/search?q=wifi", "/sandbox", "/ask"])
def test_the_keyboard_reaches_everything_and_shows_where_it_is(visitors: Visitors, path: str) -> None:
    page = visitors.open("customer")
    go(page, path)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.skip')")
    assert page.locator(".skip").bounding_box()["y"] >= 0
    wanted = page.evaluate(REACHABLE)
    reached, hidden = set(), []
    for _press in range(len(wanted) + 20):
        page.keyboard.press("Tab")
        at, seen, words = page.evaluate(FOCUSED)
        if at is not None:
            reached.add(at)
            if not seen:
                hidden.append(words)
    assert hidden == [], "focus cannot be seen on these"
    assert {words for at, words in enumerate(wanted) if at not in reached} == set()


def test_the_skip_link_goes_to_the_content(visitors: Visitors) -> None:
    page = visitors.open()
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("main:focus").wait_for()  # the browser follows the link in its own time
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_accepted_answer_and_where_it_went_stand_above_the_fold(visitors: Visitors) -> None:
    page = visitors.open()
    go(page, "imported")
    box = page.locator(".accepted .trail").first.bounding_box()
    assert box["y"] + box["height"] <= WIDE["height"]


def test_words_and_titles_of_any_length_stay_inside_a_phone(visitors: Visitors) -> None:
    page = visitors.open("customer", viewport=PHONE)
    page.goto("/ask")
    page.get_by_label("Your question in one line").fill("Donaudampfschifffahrtsgesellschaft" * 4)
    page.get_by_label("Board", exact=True).select_option(index=1)
    page.get_by_label("What happens?").fill(
        "w" * 300
        + "\n\n`"
        + "c" * 200
        + "`\n\n"
        + "路由器" * 120
        + "\n\n| a | b |\n|---|---|\n| "
        + "x" * 90
        + " | "
        + "y" * 90
        + " |"
    )
    page.get_by_role("button", name="Post the question").click()
    page.locator("h1", has_text="Donaudampf").wait_for()
    for path in (page.url, "/", "/search?q=Donaudampfschifffahrtsgesellschaft", "/people/mira_b"):
        page.goto(path)
        assert page.evaluate(TOO_WIDE) == [], path


# Everything that can take the focus: links, buttons, fields; not what lies in a closed menu.
REACHABLE = """() => {
  window.wanted = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter(one =>
    !one.matches('.skip, [type=hidden], [disabled]') && one.checkVisibility({visibilityProperty: true})
    && !one.closest('details:not([open]) > :not(summary)') && one.tabIndex >= 0);
  return window.wanted.map(one => one.outerHTML.slice(0, 100));
}"""
FOCUSED = """() => {
  const one = document.activeElement, bar = one.closest('[role=toolbar]');  // a toolbar hands the focus to its buttons
  const at = window.wanted.findIndex(each => each === one || each === bar);
  if (at < 0) return [null, true, ''];
  const ring = element => { const style = getComputedStyle(element); return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0; };
  return [at, ring(one) || ring(one.closest('.editor') ?? one), one.outerHTML.slice(0, 100)];
}"""


def go(page: Any, path: str) -> int:
    """A word without a slash names a page whose address only the sample knows."""
    answer = page.goto(path if path.startswith("/") else SPECIAL[path](page))
    assert answer is not None
    return int(answer.status)


def first_link(at: str, within: str) -> Any:
    def find(page: Any) -> str:
        page.goto(at)
        return str(page.locator(within).first.get_attribute("href"))

    return find


def under_post(then: str) -> Any:
    def find(page: Any) -> str:
        page.goto(SPECIAL["solved"](page))
        number = str(page.locator(".accepted .post").get_attribute("id")).removeprefix("post-")
        return f"/posts/{number}/{then}"

    return find


SPECIAL = {
    "solved": first_link("/solved", ".list .t a"),
    "open": first_link("/unanswered", ".list .t a"),
    "imported": first_link("/search?q=routerly&solved=yes", ".list li:has(.meta:has-text('Sandbox')) .t a"),
    "chinese": first_link("/search?q=路由器", ".list .t a"),
    "conversation": first_link("/sandbox", ".post:has-text('routerly') .who a"),
    "history": under_post("history"),
    "comment": under_post("comments/new"),
    "edit": under_post("edit"),
}


def faults(page: Any) -> list[str]:
    """What is wrong with the page, in both themes and both widths."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for size in (WIDE, PHONE):
            page.set_viewport_size(size)
            where = f"{scheme} {size['width']}"
            found += [f"{where}: too wide: {part}" for part in page.evaluate(TOO_WIDE)]
            found += [f"{where}: {one['id']}: {one['nodes'][0]['html'][:200]}" for one in violations(page, scheme)]
    if (headings := page.locator("h1").count()) != 1:
        found.append(f"{headings} h1")
    return found


def violations(page: Any, scheme: str) -> list[dict[str, Any]]:
    """All rules in light; in dark what colours alone decide."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    only = {"runOnly": ["color-contrast"]} if scheme == "dark" else {}
    results = page.evaluate("given => axe.run(document, given)", {"resultTypes": ["violations"], **only})
    return [one for one in results["violations"] if one["impact"] in SERIOUS]
