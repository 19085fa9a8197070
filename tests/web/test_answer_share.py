"""What an answer has saved: said to staff on its thread, to a superfan on their own page, to nobody else, and never as money."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from forum.kernel.clock import utc_now
from tests.application import SignInAs
from tests.cast import Cast
from tests.reports.ledger_scene import LedgerScene
from tests.scene import Clock
from tests.web.test_deflection_page import words

SAVED = "A share of the community's estimate"


@pytest.fixture
def scene(session: Session, cast: Cast) -> LedgerScene:
    return LedgerScene(session, cast, Clock(utc_now() - timedelta(days=20)))


@pytest.mark.parametrize(("name", "sees"), [("ann", True), ("fay", True), ("ada", False), ("bob", False)])
def test_staff_read_on_a_thread_what_its_answer_saved(
    client: FlaskClient, cast: Cast, sign_in_as: SignInAs, scene: LedgerScene, name: str, sees: bool
) -> None:
    scene.cost("phone", "8.00")
    thread, silent = scene.solved("yes", "phone"), scene.solved()
    scene.solved("no")
    scene.days_pass()
    browser = sign_in_as(client, getattr(cast, name))
    page = words(browser.get(f"/threads/{thread.id}-{thread.slug}").text)
    assert ("This answer has saved about 1 contact." in page) == (SAVED in page) == sees
    assert "€" not in page
    assert SAVED not in words(browser.get(f"/threads/{silent.id}-{silent.slug}").text)  # half a contact: nothing to say


@pytest.mark.parametrize(
    ("viewer", "person", "said"),
    [("sue", "sue", "Your answers have saved about 2 contacts."), ("ann", "sue", "This member's answers have saved about 2"),
     ("mallory", "sue", None), ("bob", "bob", None), ("ann", "bob", None)],
)  # fmt: skip
def test_a_superfan_reads_their_own_share(
    client: FlaskClient,
    cast: Cast,
    sign_in_as: SignInAs,
    scene: LedgerScene,
    viewer: str,
    person: str,
    said: str | None,
) -> None:
    for by in (cast.sue, cast.sue, cast.bob):
        scene.solved("yes", by=by)
    scene.days_pass()
    page = words(sign_in_as(client, getattr(cast, viewer)).get(f"/people/{person}").text)
    assert (SAVED in page) == (said is not None)
    assert said is None or said in page


def test_a_visitor_reads_no_share(client: FlaskClient, cast: Cast, scene: LedgerScene) -> None:
    thread = scene.solved("yes", by=cast.sue)
    scene.days_pass()
    for path in (f"/threads/{thread.id}-{thread.slug}", "/people/sue"):
        assert SAVED not in words(client.get(path).text)
