"""Help now, what a member says to being asked, and what they are taken to know."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from babel.dates import format_date
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.kernel.clock import utc_now
from forum.notices.notice import Notice
from forum.superfans.helping import Availability, HelpRequest, Mute, Reply
from forum.threads.board import Board
from forum.threads.thread import Thread
from tests.actions.help_scene import HelpScene
from tests.application import QuietParts, SignInAs
from tests.cast import Cast
from tests.scene import Stage
from tests.web.test_forum_pages import counted

HELP_NOW, WHAT_I_KNOW = 8, 6  # queries of a signed-in member's page, whatever the number of rows


@pytest.fixture
def scene(parts: QuietParts, session: Session, cast: Cast, stage: Stage) -> HelpScene:
    """Bob knows mesh, and Ada waits for somebody who does."""
    made = HelpScene(parts.sessions, session, cast, stage, stage.board())
    made.knows(cast.bob, "mesh", 2)
    session.commit()
    return made


@pytest.fixture
def waiting(scene: HelpScene) -> Thread:
    thread = scene.question(title="The mesh forgets me")
    scene.work()
    return thread


def request_of(scene: HelpScene, thread: Thread) -> HelpRequest:
    scene.session.rollback()
    scene.session.expire_all()
    (request,) = scene.requests(thread)
    return request


def listed(client: FlaskClient) -> list[str]:
    """The titles in their order."""
    page = client.get("/help-now")
    assert page.status_code == 200
    return re.findall(r'<h3 class="t"><a [^>]*>([^<]*)</a>', page.text)


def test_whoever_was_asked_finds_the_question_with_its_box_one_tap_away(bob: FlaskClient, waiting: Thread) -> None:
    page = bob.get("/help-now").text
    href = f"/threads/{waiting.id}-{waiting.slug}?answer=yes#text"
    assert page.count(f'href="{href}"') == 2
    assert "Because you know about mesh." in page
    thread = bob.get(href.partition("#")[0]).text
    assert re.search(r'<textarea [^>]*id="text" [^>]*autofocus="autofocus"', thread)
    assert "autofocus" not in bob.get(href.partition("?")[0]).text


def test_the_notice_leads_to_the_same_place(bob: FlaskClient, scene: HelpScene, waiting: Thread) -> None:
    notice = scene.session.scalars(
        select(Notice).where(Notice.account_id == scene.cast.bob.id, Notice.thread_id == waiting.id)
    ).one()
    to = bob.post(f"/notifications/{notice.id}").headers["Location"]
    assert bob.get(to).headers["Location"] == f"/threads/{waiting.id}-{waiting.slug}?answer=yes#text"


def test_answering_takes_it_from_the_list(bob: FlaskClient, scene: HelpScene, waiting: Thread) -> None:
    assert listed(bob) == ["The mesh forgets me"]
    sent = bob.post(f"/threads/{waiting.id}/posts", data={"text": "Choose channel 36."})
    assert sent.status_code == 303
    assert request_of(scene, waiting).reply == Reply.ANSWERED
    assert listed(bob) == []


def test_not_now_puts_it_off_for_some_hours(bob: FlaskClient, scene: HelpScene, waiting: Thread) -> None:
    request = request_of(scene, waiting)
    sent = bob.post(f"/help-requests/{request.id}/reply", data={"reply": "later"})
    assert (sent.status_code, sent.headers["Location"]) == (303, "/help-now")
    assert "it comes back here" in bob.get("/help-now").text
    assert listed(bob) == []
    request_of(scene, waiting).snoozed_until = utc_now() - timedelta(seconds=1)
    scene.session.commit()
    assert listed(bob) == ["The mesh forgets me"]


def test_not_my_thing_with_and_without_a_mute(bob: FlaskClient, scene: HelpScene, waiting: Thread) -> None:
    request = request_of(scene, waiting)
    page = bob.get("/help-now").text
    assert "Nothing more about mesh" in page
    assert 'name="mute" value="tag:mesh"' in page
    bob.post(f"/help-requests/{request.id}/reply", data={"reply": "not_mine", "mute": "tag:mesh"})
    assert listed(bob) == []
    scene.session.rollback()
    assert scene.session.get(Mute, (scene.cast.bob.id, "tag", "mesh")) is not None
    assert "Ask me again" in bob.get("/account/expertise").text


def test_not_now_and_not_my_thing_can_be_said_on_the_page_that_a_notice_leads_to(
    app: Flask, bob: FlaskClient, ada: FlaskClient, scene: HelpScene, waiting: Thread
) -> None:
    request = request_of(scene, waiting)
    here = f"/threads/{waiting.id}-{waiting.slug}"
    action = f'action="/help-requests/{request.id}/reply"'
    assert action not in bob.get(here).text  # every other look at a thread costs no query for it
    page = bob.get(f"{here}?answer=yes").text
    assert page.count(action) == 3 and "Nothing more about mesh" in page
    assert "/help-requests/" not in ada.get(f"{here}?answer=yes").text
    assert "/help-requests/" not in app.test_client().get(f"{here}?answer=yes").text
    bob.post(f"/help-requests/{request.id}/reply", data={"reply": "not_mine"})
    assert action not in bob.get(f"{here}?answer=yes").text


def test_a_product_can_be_muted_as_a_tag_can(bob: FlaskClient, scene: HelpScene, waiting: Thread) -> None:
    request = request_of(scene, waiting)
    request.reasons = ["product:r6", "tag:mesh", "term:lost"]
    scene.session.commit()
    page = bob.get("/help-now").text
    for reason in ("product:r6", "tag:mesh"):
        assert f'name="mute" value="{reason}"' in page
    assert 'value="term:lost"' not in page  # stems are nothing to read
    bob.post(f"/help-requests/{request.id}/reply", data={"reply": "not_mine", "mute": "product:r6"})
    scene.session.rollback()
    assert scene.session.get(Mute, (scene.cast.bob.id, "product", "r6")) is not None


def test_a_wrong_word_changes_nothing_and_says_so(bob: FlaskClient, scene: HelpScene, waiting: Thread) -> None:
    request = request_of(scene, waiting)
    for form in ({}, {"reply": "never"}, {"reply": "not_mine", "mute": "tag:other"}):
        answer = bob.post(f"/help-requests/{request.id}/reply", data=form)
        assert answer.status_code == 422
        assert "Please choose one of these." in answer.text
    assert request_of(scene, waiting).reply is None


def test_nobody_answers_for_somebody_else(app: Flask, scene: HelpScene, waiting: Thread, sign_in_as: SignInAs) -> None:
    request = request_of(scene, waiting)
    for other in (scene.cast.mallory, scene.cast.max):
        browser = sign_in_as(app.test_client(), other)
        assert browser.post(f"/help-requests/{request.id}/reply", data={"reply": "not_mine"}).status_code == 404
    assert request_of(scene, waiting).reply is None


def test_what_waits_is_ranked_by_what_i_know_then_by_how_long_it_waits(
    app: Flask, bob: FlaskClient, scene: HelpScene
) -> None:
    scene.work()
    for title, tag in (("Billing first", "billing"), ("Billing second", "billing"), ("Mesh last", "mesh")):
        scene.question(tag, title=title)
    scene.session.commit()
    assert listed(bob) == ["Mesh last", "Billing first", "Billing second"]


def test_what_is_muted_mine_solved_answered_or_private_is_not_listed(bob: FlaskClient, scene: HelpScene) -> None:
    scene.work()
    scene.question(title="Mine it is", by=scene.cast.bob)
    scene.question("billing", title="Muted it is")
    answered = scene.question(title="Answered it is")
    scene.stage.answer(answered, scene.cast.sue)
    lounge = scene.stage.board("lounge", private_since=scene.clock())
    scene.stage.thread(scene.cast.cleo, lounge, title="A secret of the lounge")
    scene.session.add(Mute(account_id=scene.cast.bob.id, field="tag", subject="billing", since=scene.clock()))
    scene.session.commit()
    assert listed(bob) == []
    page = bob.get("/help-now").text
    assert "Nothing waits that you could help with." in page and "Every question has an answer" not in page


def test_a_request_on_a_board_that_became_private_is_gone(bob: FlaskClient, scene: HelpScene, waiting: Thread) -> None:
    request = request_of(scene, waiting)
    scene.session.get_one(Board, waiting.board_id).private_since = utc_now()
    scene.session.commit()
    assert listed(bob) == []
    assert bob.post(f"/help-requests/{request.id}/reply", data={"reply": "later"}).status_code == 404


def test_titles_are_shown_as_text(bob: FlaskClient, scene: HelpScene) -> None:
    scene.question(title="<script>alert(1)</script> mesh")
    scene.work()
    page = bob.get("/help-now").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_pages_cost_the_same_however_much_waits(app: Flask, bob: FlaskClient, scene: HelpScene) -> None:
    def costs() -> dict[str, int]:
        found = {}
        for address in ("/help-now", "/account/expertise"):
            with counted(app) as sent:
                assert bob.get(address).status_code == 200
            found[address] = len(sent)
        return found

    scene.question()
    scene.work()
    few = costs()
    for number in range(15):
        scene.knows(scene.cast.bob, f"tag{number}")
        scene.question(f"tag{number}", title=f"Another {number}")
    scene.session.add(Mute(account_id=scene.cast.bob.id, field="tag", subject="x", since=scene.clock()))
    scene.work()
    assert costs() == few == {"/help-now": HELP_NOW, "/account/expertise": WHAT_I_KNOW}


class TestWhatIKnow:
    def test_it_shows_what_was_learnt_and_how_much(self, bob: FlaskClient, scene: HelpScene) -> None:
        scene.knows(scene.cast.bob, "wifi-6", 5, solved=True)
        scene.work()
        page = bob.get("/account/expertise").text
        for tag, level in (("wifi-6", "a lot"), ("mesh", "some")):
            row = page.partition(f"<span>{tag}</span>")[2].partition("</li>")[0]
            assert level in row, tag
        assert "Your usual hours are not known yet." in page

    def test_of_nothing_known_it_says_what_to_do(self, ada: FlaskClient) -> None:
        assert "Nothing learnt yet" in ada.get("/account/expertise").text

    def test_hours_are_shown_once_they_are_known(self, bob: FlaskClient, scene: HelpScene) -> None:
        scene.work()
        row = scene.session.get_one(Availability, scene.cast.bob.id)
        row.hours = [20.0 * (hour in (7, 8)) for hour in range(24)]
        scene.session.commit()
        assert "You mostly answer at these times:" in bob.get("/account/expertise").text

    def test_how_often_and_until_when_are_kept_and_shown(self, bob: FlaskClient, scene: HelpScene) -> None:
        last = (utc_now() + timedelta(days=9)).date()
        sent = bob.post("/account/availability", data={"asks_a_day": "1", "away_until": last.isoformat()})
        assert (sent.status_code, sent.headers["Location"]) == (303, "/account/expertise")
        row = scene.session.get_one(Availability, scene.cast.bob.id)
        assert row.asks_a_day == 1
        page = bob.get("/account/expertise").text
        assert f'value="{last.isoformat()}"' in page
        assert f"You are away until {format_date(last, locale='en')}, so" in bob.get("/help-now").text

    def test_a_wrong_number_or_day_keeps_what_was_typed(self, bob: FlaskClient, scene: HelpScene) -> None:
        answer = bob.post("/account/availability", data={"asks_a_day": "lots", "away_until": "1999-01-01"})
        assert answer.status_code == 422
        assert 'value="lots"' in answer.text
        assert 'value="1999-01-01"' in answer.text
        assert "A number from 0 to 20, please." in answer.text

    def test_a_tag_is_muted_and_asked_about_again(self, bob: FlaskClient, scene: HelpScene) -> None:
        assert bob.post("/account/mutes", data={"subject": "Billing"}).status_code == 303
        assert 'value="tag:billing"' in bob.get("/account/expertise").text
        assert bob.post("/account/mutes/end", data={"field": "tag:billing"}).status_code == 303
        assert scene.session.scalar(select(func.count()).select_from(Mute)) == 0

    def test_a_subject_of_the_page_is_muted_by_its_button(self, bob: FlaskClient, scene: HelpScene) -> None:
        scene.work()
        name = re.search(r'name="field" value="(board:\d+)"', bob.get("/account/expertise").text)
        assert name is not None
        assert bob.post("/account/mutes", data={"field": name[1]}).status_code == 303
        (mute,) = scene.session.scalars(select(Mute)).all()
        assert (mute.field, mute.subject) == ("board", str(scene.board.id))

    @pytest.mark.parametrize(
        ("address", "form"),
        [
            ("/account/mutes", {"subject": "a/b"}),
            ("/account/mutes", {"subject": " "}),
            ("/account/mutes", {"field": "board:999999"}),
            ("/account/mutes", {"field": "nonsense"}),
            ("/account/mutes", {"field": "tag:" + "x" * 500}),
            ("/account/mutes/end", {}),
        ],
    )
    def test_what_is_no_subject_is_refused_with_what_was_typed(
        self, bob: FlaskClient, session: Session, address: str, form: dict[str, str]
    ) -> None:
        answer = bob.post(address, data=form)
        assert answer.status_code == 422
        assert f'value="{form.get("subject", "")}"' in answer.text
        assert session.scalar(select(func.count()).select_from(Mute)) == 0
