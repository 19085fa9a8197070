"""Three taps from a notice to an answer, on a phone, with JavaScript and without."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.superfans.helping import HelpRequest
from forum.threads.post import Post
from forum.threads.thread import Thread
from tests.actions.help_scene import HelpScene
from tests.application import QuietParts
from tests.browser.fixtures import PATIENCE, PHONE
from tests.cast import PASSWORD, Cast
from tests.scene import Stage

pytestmark = pytest.mark.browser


@pytest.fixture
def waiting(parts: QuietParts, session: Session, cast: Cast) -> Thread:
    """Bob was asked about it."""
    stage = Stage(session)
    scene = HelpScene(parts.sessions, session, cast, stage, stage.board())
    scene.knows(cast.bob, "mesh", 2)
    thread = scene.question(title="The mesh forgets me")
    scene.work()
    session.commit()
    return thread


@pytest.mark.parametrize("javascript", [True, False])
def test_three_taps_from_the_notice_to_the_answer(
    chromium: Any, address: str, session: Session, cast: Cast, waiting: Thread, javascript: bool
) -> None:
    page = signed_in(chromium, address, javascript)
    page.goto("/notifications")
    page.get_by_role("button", name="The mesh forgets me").first.tap()  # one
    page.locator("#text:focus").wait_for()
    page.keyboard.type("Choose channel 36.")
    page.get_by_role("button", name="Post reply").tap()  # two
    page.get_by_text("Choose channel 36.").wait_for()
    page.context.close()
    session.rollback()
    assert session.scalar(select(func.count()).where(Post.thread_id == waiting.id, Post.author_id == cast.bob.id)) == 1
    assert session.scalar(select(HelpRequest.reply).where(HelpRequest.thread_id == waiting.id)) == "answered"


@pytest.mark.parametrize("javascript", [True, False])
def test_not_my_thing_is_said_on_the_phone(chromium: Any, address: str, waiting: Thread, javascript: bool) -> None:
    page = signed_in(chromium, address, javascript)
    page.goto("/help-now")
    page.locator("summary", has_text="Not my thing").tap()
    page.get_by_role("button", name="Nothing more about mesh").tap()
    page.get_by_text("You will be asked less about such things.").wait_for()
    assert page.get_by_role("link", name="The mesh forgets me").count() == 0
    page.context.close()


def signed_in(chromium: Any, address: str, javascript: bool) -> Any:
    context = chromium.new_context(
        base_url=address, java_script_enabled=javascript, viewport=PHONE, has_touch=True, locale="en-US"
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("Name or mail address").fill("bob")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main button[type=submit]").tap()
    page.locator(".bar .account").wait_for()
    return page
