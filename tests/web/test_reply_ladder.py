"""The queue of replies that wait, in the browser: what staff read, change and decline, and the trail that stays on the thread."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from forum.actions.mirror_answer import mirror_answer
from forum.kernel.clock import utc_now
from forum.listening.mention import Mention
from forum.outbox.delivery import Delivery, State
from forum.superfans.rank import MemberMeasure
from tests.actions.listening_world import Clock, ListeningWorld, an_answered_mention, listening_world
from tests.application import QuietParts, SignInAs
from tests.cast import Cast


@pytest.fixture
def world(parts: QuietParts) -> ListeningWorld:
    return listening_world(parts.sessions, Clock(utc_now() + timedelta(minutes=1)))


@pytest.fixture
def agent(client: FlaskClient, cast: Cast, sign_in_as: SignInAs) -> FlaskClient:
    return sign_in_as(client, cast.ann)


@pytest.fixture
def reply(session: Session, world: ListeningWorld, cast: Cast) -> Delivery:
    """To a post that really stands on the sandbox."""
    remote_id = world.posts("@routerly my wifi drops")[0]
    made = an_answered_mention(session, world.connection_id, world.board_id, remote_id, cast.bob, State.HELD)
    session.commit()
    return made


def now_is(session: Session, delivery: Delivery) -> Delivery:
    session.rollback()
    session.expire_all()
    return session.get_one(Delivery, delivery.id)


def written(page: str, name: str) -> str:
    found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\n(.*?)</textarea>', page, re.S)
    assert found is not None
    return unescape(found[1])


def test_the_queue_says_what_was_asked_who_answered_and_how_long_it_waits(
    agent: FlaskClient, session: Session, reply: Delivery, cast: Cast
) -> None:
    values = {"acceptance_rate": "0.7500", "reversals": "1"}
    session.add(MemberMeasure(account_id=cast.bob.id, values=values, measured_at=utc_now()))
    reply.made_at = utc_now() - timedelta(hours=3)
    session.commit()
    text = agent.get("/staff/replies").text
    for words in ("@routerly my wifi drops", "Waiting 3 h", "75% of answers accepted", "1 acceptance withdrawn", "Bob"):
        assert words in text, words


def test_the_longest_wait_stands_first(
    agent: FlaskClient, session: Session, world: ListeningWorld, cast: Cast, reply: Delivery
) -> None:
    later = an_answered_mention(session, world.connection_id, world.board_id, "x2", cast.bob, State.HELD)
    session.commit()
    found = re.findall(r'id="delivery-(\d+)"', agent.get("/staff/replies").text)
    assert found == [str(reply.id), str(later.id)]


def test_the_form_holds_the_very_words_and_sends_what_staff_make_of_them(
    agent: FlaskClient, session: Session, world: ListeningWorld, cast: Cast, reply: Delivery
) -> None:
    here = f"/deliveries/{reply.id}"
    page = agent.get(here).text
    assert written(page, "text") == "Turn band steering off, then restart."
    assert "— Bob at Answerback" in page
    answer = agent.post(f"{here}/rewording", data={"text": "Turn <b>it</b> off.\r\nThen on."})
    assert answer.status_code == 303
    assert mirror_answer(world.sessions, reply.id, world.outside()) == State.SENT
    sent = now_is(session, reply).text
    assert world.standing() == [sent]
    assert sent is not None and sent.startswith("Turn <b>it</b> off.\nThen on.\n\n— Bob at Answerback\n")
    text = agent.get(here).text
    assert "Ann changed the words and approved it" in text
    assert "Turn band steering off, then restart." in text  # what it said before
    assert "Turn &lt;b&gt;it&lt;/b&gt; off." in text


@pytest.mark.parametrize(("path", "field"), [("rewording", "text"), ("taking-over", "words")])
@pytest.mark.parametrize("typed", ["", "long " * 200])
def test_what_does_not_fit_is_shown_again_with_the_networks_count(
    agent: FlaskClient, session: Session, reply: Delivery, path: str, field: str, typed: str
) -> None:
    answer = agent.post(f"/deliveries/{reply.id}/{path}", data={field: typed})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert written(answer.text, field) == typed
    if typed:
        assert re.search(r"too long: 1,?\d{3} of 500", answer.text)
    assert now_is(session, reply).state == State.HELD


def test_taken_over_it_is_signed_by_the_site(
    agent: FlaskClient, session: Session, world: ListeningWorld, reply: Delivery
) -> None:
    assert agent.post(f"/deliveries/{reply.id}/taking-over", data={"words": "We call you."}).status_code == 303
    mirror_answer(world.sessions, reply.id, world.outside())
    assert world.standing()[0].startswith("We call you.\n\n— Answerback\n")
    assert "in the brand's name instead" in agent.get(f"/deliveries/{reply.id}").text


def test_declined_needs_a_reason_and_can_be_taken_up_again(
    agent: FlaskClient, session: Session, reply: Delivery
) -> None:
    here = f"/deliveries/{reply.id}"
    answer = agent.post(f"{here}/refusal", data={"reason": " "})
    assert answer.status_code == 422
    assert 'href="#reason"' in answer.text
    agent.post(f"{here}/refusal", data={"reason": "It is the wrong model."})
    page = agent.get(here).text
    assert "It is the wrong model." in page
    seen = re.search(r'name="seen" value="(cancelled-\d+)"', page)
    assert seen is not None
    assert agent.post(f"{here}/taking-up", data={"seen": "cancelled-1"}).status_code == 303
    assert now_is(session, reply).state == State.CANCELLED  # it was not what stands there now
    assert agent.post(f"{here}/taking-up", data={"seen": seen[1]}).location == here
    assert now_is(session, reply).state == State.HELD
    assert agent.post(f"{here}/taking-up", data={"seen": "held"}).status_code == 409


def test_the_thread_shows_the_trail_to_staff_and_the_reason_to_the_author(
    app: Flask, agent: FlaskClient, cast: Cast, reply: Delivery, sign_in_as: SignInAs
) -> None:
    thread = f"/threads/{reply.thread_id}-my-wifi-drops"
    assert f'href="/deliveries/{reply.id}"' in agent.get(thread).text
    agent.post(f"/deliveries/{reply.id}/refusal", data={"reason": "It is the wrong model."})
    assert "Ann decided not to send it" in agent.get(thread).text
    author = sign_in_as(app.test_client(), cast.bob).get(thread).text
    assert "It is the wrong model." in author
    assert "Ann decided" not in author
    for name in ("ada", "sue"):
        assert "wrong model" not in sign_in_as(app.test_client(), getattr(cast, name)).get(thread).text
    assert "wrong model" not in app.test_client().get(thread).text


def test_what_was_decided_meanwhile_is_said_and_not_changed(
    agent: FlaskClient, session: Session, reply: Delivery
) -> None:
    here = f"/deliveries/{reply.id}"
    agent.post(f"{here}/refusal", data={"reason": "No."})
    for path, form in (("approval", {}), ("rewording", {"text": "x"}), ("taking-over", {"words": "x"}), ("refusal", {"reason": "x"})):  # fmt: skip
        assert agent.post(f"{here}/{path}", data=form).status_code == 303
        assert "decided this already" in agent.get("/staff/replies").text
    assert (now_is(session, reply).state, now_is(session, reply).refused_why) == (State.CANCELLED, "No.")


def test_words_that_nobody_read_are_not_approved(agent: FlaskClient, session: Session, reply: Delivery) -> None:
    assert agent.post(f"/deliveries/{reply.id}/approval").status_code == 409
    assert agent.post(f"/deliveries/{reply.id}/approval", data={"seen": "0" * 64}).status_code == 409
    assert now_is(session, reply).state == State.HELD


def test_the_trail_costs_a_thread_one_query_however_many_replies_it_has(
    agent: FlaskClient, session: Session, world: ListeningWorld, cast: Cast, reply: Delivery
) -> None:
    def queries() -> int:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            assert agent.get(f"/threads/{reply.thread_id}-my-wifi-drops").status_code == 200
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        return len([one for one in seen if "log_entries" in one])

    assert queries() == 1
    for number in range(3):
        more = an_answered_mention(session, world.connection_id, world.board_id, f"y{number}", cast.bob, State.HELD)
        session.get_one(Mention, more.mention_id).thread_id = reply.thread_id
    session.commit()
    assert queries() == 1


@pytest.mark.parametrize(
    ("path", "form"), [("rewording", {"text": "Off."}), ("taking-over", {"words": "We call you."}), ("refusal", {"reason": "No."})]
)  # fmt: skip
def test_who_works_through_the_queue_stays_in_it(
    agent: FlaskClient, session: Session, world: ListeningWorld, cast: Cast, reply: Delivery, path: str, form: dict[str, str]
) -> None:  # fmt: skip
    """Everything can be decided on the queue itself, and leads back to the part of it that was open."""
    later = an_answered_mention(session, world.connection_id, world.board_id, "x2", cast.bob, State.HELD)
    session.commit()
    for page, back in ((f"/staff/replies?after={reply.id}", f"/staff/replies?after={reply.id}"), (f"/deliveries/{later.id}", "/staff/replies")):  # fmt: skip
        found = re.search(rf'action="/deliveries/{later.id}/{path}"><input type="hidden" name="next" value="(.*?)">', agent.get(page).text)  # fmt: skip
        assert found and unescape(found[1]) == back
    assert agent.post(f"/deliveries/{later.id}/{path}", data={**form, "next": back}).location == back


def test_the_fields_of_a_queue_are_told_apart(
    agent: FlaskClient, session: Session, world: ListeningWorld, cast: Cast, reply: Delivery
) -> None:
    an_answered_mention(
        session, world.connection_id, world.board_id, world.posts("@routerly slow")[0], cast.bob, State.HELD
    )
    session.commit()
    page = agent.get("/staff/replies").text
    ids = re.findall(r' id="(.*?)"', page)
    assert len(ids) == len(set(ids)) and f"reason-{reply.id}" in ids
    assert set(re.findall(r'<label for="(.*?)"', page)) <= set(ids)


def test_behind_the_last_one_the_queue_starts_anew(agent: FlaskClient, reply: Delivery) -> None:
    assert agent.get(f"/staff/replies?after={reply.id}").location == "/staff/replies"
    assert agent.get("/staff/replies").status_code == 200


def test_what_was_declined_stands_on_a_list_and_can_be_read_before_it_is_taken_up(
    agent: FlaskClient, session: Session, world: ListeningWorld, cast: Cast, reply: Delivery
) -> None:
    other = an_answered_mention(session, world.connection_id, world.board_id, "x2", cast.bob, State.CANCELLED)
    session.commit()
    assert "/deliveries?show=declined" in agent.get("/staff/replies").text
    agent.post(f"/deliveries/{reply.id}/refusal", data={"reason": "It is the wrong model."})
    page = agent.get("/deliveries?show=declined").text
    assert f'id="delivery-{reply.id}"' in page and "It is the wrong model." in page
    assert f'href="/deliveries/{reply.id}"' in page
    assert f'id="delivery-{other.id}"' not in page  # nobody declined it
    assert "band steering" in agent.get(f"/deliveries/{reply.id}").text
