"""Forms whose answer is a page and not a way to one: with JavaScript, too, the reader sees what came of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from forum.exports.notice_mail import stop_token
from forum.notices.choosing import choices_of
from tests.application import QuietParts
from tests.browser.fixtures import PATIENCE, PHONE
from tests.cast import Cast

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False])
def test_a_card_is_verified_from_its_source_and_from_its_file(
    chromium: Any, address: str, client: FlaskClient, cast: Cast, tmp_path: Path, javascript: bool
) -> None:
    card = client.get("/people/bob/card.svg").text
    saved = tmp_path / "card.svg"
    saved.write_text(card)
    page = opened(chromium, address, javascript)
    for facts, verdict in (
        (card, "This card is genuine"),
        (card.replace(">Bob<", ">Ada<"), "the picture around them was"),
    ):
        page.goto("/cards/verify")
        page.get_by_label("Source of the picture").fill(facts)
        page.get_by_role("button", name="Verify").tap()
        page.get_by_text(verdict).wait_for()
    page.goto("/cards/verify")
    page.get_by_label("Or a file").set_input_files(saved)
    page.get_by_role("button", name="Verify").tap()
    page.get_by_text("This card is genuine").wait_for()
    page.context.close()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_link_in_a_mail_ends_such_mails(
    chromium: Any, address: str, parts: QuietParts, session: Session, cast: Cast, javascript: bool
) -> None:
    page = opened(chromium, address, javascript)
    page.goto(f"/mail/stop/{stop_token(parts.settings.secret_key, cast.bob.id, ['answered'])}")
    page.get_by_role("button", name="Stop these mails").tap()
    page.get_by_text("You get no more mails about it").wait_for()
    page.context.close()
    session.rollback()
    assert not choices_of(session, cast.bob)["answered"].by_mail


def opened(chromium: Any, address: str, javascript: bool) -> Any:
    context = chromium.new_context(
        base_url=address, java_script_enabled=javascript, viewport=PHONE, has_touch=True, locale="en-US"
    )
    context.set_default_timeout(PATIENCE)
    return context.new_page()
