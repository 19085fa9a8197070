"""Rendered hostile texts in a real browser, on a page without any policy that would hide that one of them ran."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from forum.markup.renderer import MarkdownMarkup
from tests.markup.hostile import DISGUISES, everywhere, payloads

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
ADDRESS = "http://forum.test/"
ON_A_PAGE = 600
# Whatever a payload would call leaves a mark; the elements themselves are asked for what only a script could have put there.
WATCH = """
window.ran = [];
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open', 'fetch'])
  window[name] = (...given) => { window.ran.push(name + ':' + given.join()); };
"""
PROVOKE = """
() => {
  const wrong = [];
  for (const element of document.querySelectorAll('main *')) {
    for (const name of ['mouseover', 'mouseenter', 'focus', 'pointerdown', 'wheel', 'animationstart', 'toggle', 'copy'])
      element.dispatchEvent(new Event(name, {bubbles: true}));
    for (const attribute of element.attributes)
      if (!['href', 'class', 'rel', 'title', 'start'].includes(attribute.name)) wrong.push(element.outerHTML);
    if (element.localName === 'a' && element.href && !['http:', 'https:', 'mailto:'].includes(element.protocol)) wrong.push(element.outerHTML);
    if (element.namespaceURI !== 'http://www.w3.org/1999/xhtml') wrong.push(element.outerHTML);
  }
  return wrong;
}
"""


@dataclass
class Watched:
    """One browser page and everything that happened on it beside its being shown."""

    page: Any
    body: str = ""
    events: list[str] = field(default_factory=list)

    def show(self, html: str) -> list[str]:
        self.body, self.events = f"<!doctype html><title>Posts</title><main>{html}</main>", []
        self.page.goto(ADDRESS, wait_until="load")
        wrong: list[str] = self.page.evaluate(PROVOKE)
        ran: list[str] = self.page.evaluate("window.ran")
        return self.events + ran + wrong

    def answer(self, route: Any) -> None:
        if route.request.url == ADDRESS and route.request.is_navigation_request():
            route.fulfill(body=self.body, content_type="text/html; charset=utf-8")
        else:
            if not route.request.url.endswith("/favicon.ico"):  # the browser's own wish, not the page's
                self.events.append(f"asked for {route.request.url}")
            route.abort()


@pytest.fixture(scope="module")
def watched() -> Iterator[Watched]:
    if not CHROMIUM.exists():
        pytest.skip(f"there is no browser at {CHROMIUM}")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        page = browser.new_page()
        watching = Watched(page)
        page.add_init_script(WATCH)
        page.route("**/*", watching.answer)
        page.on("console", lambda message: watching.events.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: watching.events.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (watching.events.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("popup", lambda popup: watching.events.append(f"popup: {popup.url}"))
        page.on("frameattached", lambda frame: watching.events.append(f"frame: {frame.url}"))
        yield watching
        browser.close()


def test_what_runs_is_noticed(watched: Watched) -> None:
    for bad in (
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>a</a>",
        "<p onfocus=alert(1)>",
    ):
        assert watched.show(bad), bad
    assert watched.show("<p>a</p>") == []


@pytest.mark.parametrize("at", range(13))
def test_no_published_payload_runs(watched: Watched, at: int) -> None:
    """In three ways: as a post, from a network, and some of them wherever Markdown takes something."""
    markup = MarkdownMarkup()
    some = list(payloads())[at * ON_A_PAGE : (at + 1) * ON_A_PAGE]
    posts = [markup.render(payload).html for payload in some]
    posts += [markup.from_network(payload).html for payload in some]
    posts += [markup.render(everywhere(payload)).html for payload in some[::40]]
    assert watched.show("\n".join(posts)) == []


def test_no_disguise_runs_anywhere(watched: Watched) -> None:
    markup = MarkdownMarkup()
    assert watched.show("\n".join(markup.render(everywhere(payload)).html for payload in DISGUISES)) == []


def test_the_pages_above_hold_every_payload() -> None:
    assert len(list(payloads())) <= 13 * ON_A_PAGE
