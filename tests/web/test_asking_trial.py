"""Similar questions while asking are held back from a random few, and who goes on to ask is counted in both arms."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from forum.actions.begin_asking import begin_asking, note_asked, trial_key
from forum.actions.index_threads import index_threads
from forum.kernel.clock import utc_now
from forum.kernel.settings import Settings
from forum.ledger.holdout import read_holdout
from forum.ledger.proportion import Proportion
from forum.ledger.report_view import Arm, SuggestionTrial
from forum.threads.thread import Thread
from tests.application import QuietParts
from tests.cast import Cast

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
SHOWN = "Perhaps it is answered already"


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, suggestions_held_out=50)


@pytest.fixture
def found(parts: QuietParts, thread: Thread) -> Thread:
    """A thread that the index knows."""
    index_threads(parts.sessions, parts.index, utc_now)
    return thread


def put_into(session: Session, app: Flask, account_id: int, arm: Arm) -> None:
    """As if the draw had fallen so today."""
    key = trial_key(app.extensions["parts"].settings.secret_key, account_id, utc_now().date())
    begin_asking(session, key, share=5_000, draw=0 if arm == Arm.HELD_OUT else 9_999, now=utc_now())
    session.commit()


def trials(session: Session) -> list[SuggestionTrial]:
    session.rollback()
    return list(session.scalars(select(SuggestionTrial)))


def test_whoever_begins_to_ask_is_drawn_once_a_day(ada: FlaskClient, session: Session, found: Thread) -> None:
    pages = [ada.get("/ask/similar?title=wifi+drops").text for _time in range(6)]
    [trial] = trials(session)
    assert (trial.share, trial.asked_at) == (5_000, None)
    assert {SHOWN in page for page in pages} == {trial.arm == Arm.SHOWN}  # the same all day


def test_held_out_sees_none_on_any_page_of_asking(
    app: Flask, ada: FlaskClient, session: Session, cast: Cast, found: Thread
) -> None:
    put_into(session, app, cast.ada.id, Arm.HELD_OUT)
    assert SHOWN not in ada.get("/ask/similar?title=wifi+drops").text
    assert SHOWN not in ada.get("/ask?title=wifi+drops").text
    wrong = ada.post("/ask", data={"title": "wifi drops", "board": "wifi", "text": ""})
    assert wrong.status_code == 422 and SHOWN not in wrong.text


def test_shown_sees_them_on_every_page_of_asking(
    app: Flask, ada: FlaskClient, session: Session, cast: Cast, found: Thread
) -> None:
    put_into(session, app, cast.ada.id, Arm.SHOWN)
    assert SHOWN in ada.get("/ask/similar?title=wifi+drops").text
    assert SHOWN in ada.get("/ask?title=wifi+drops").text
    assert SHOWN in ada.post("/ask", data={"title": "wifi drops", "board": "wifi", "text": ""}).text


def test_a_first_look_in_a_form_that_came_back_is_a_trial_too(
    ada: FlaskClient, session: Session, found: Thread
) -> None:
    assert ada.post("/ask", data={"title": "wifi drops", "board": "wifi", "text": ""}).status_code == 422
    assert len(trials(session)) == 1


@pytest.mark.parametrize("arm", list(Arm))
def test_going_on_to_ask_is_noted_in_either_arm(
    app: Flask, ada: FlaskClient, session: Session, cast: Cast, found: Thread, arm: Arm
) -> None:
    put_into(session, app, cast.ada.id, arm)
    form = {"title": "My wifi drops at noon", "board": "wifi", "text": "Since today.", "once": "a"}
    assert ada.post("/ask", data=form).status_code == 303
    [trial] = trials(session)
    first = trial.asked_at
    assert first is not None
    ada.post("/ask", data={**form, "once": "b"})
    assert trials(session)[0].asked_at == first


def test_visitors_and_titles_with_nothing_similar_are_in_no_trial(
    client: FlaskClient, bob: FlaskClient, session: Session, found: Thread
) -> None:
    assert SHOWN in client.get("/ask/similar?title=wifi+drops").text
    assert SHOWN not in bob.get("/ask/similar?title=toaster").text
    bob.post("/ask", data={"title": "A toaster burns", "board": "wifi", "text": "Since today."})
    assert trials(session) == []


class TestWithNobodyHeldOut:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, suggestions_held_out=0)

    def test_nothing_is_recorded_and_everybody_sees_them(
        self, ada: FlaskClient, session: Session, found: Thread
    ) -> None:
        assert SHOWN in ada.get("/ask/similar?title=wifi+drops").text
        assert trials(session) == []


def test_the_draw_decides_with_the_share_and_the_first_one_stands(session: Session) -> None:
    assert begin_asking(session, "a", share=1_000, draw=999, now=NOON) == Arm.HELD_OUT
    assert begin_asking(session, "b", share=1_000, draw=1_000, now=NOON) == Arm.SHOWN
    assert begin_asking(session, "a", share=1_000, draw=5_000, now=NOON) == Arm.HELD_OUT


def test_a_key_is_of_one_person_and_day_and_tells_neither() -> None:
    day = date(2026, 11, 2)
    keys = {
        trial_key("s", 1, day),
        trial_key("s", 2, day),
        trial_key("s", 1, day + timedelta(days=1)),
        trial_key("t", 1, day),
    }
    assert len(keys) == 4 and {len(key) for key in keys} == {64}


def test_the_result_counts_both_arms_of_the_days_asked_for(session: Session) -> None:
    for number in range(40):
        key = f"key {number}"
        begin_asking(session, key, share=2_500, draw=0 if number % 4 == 0 else 9_999, now=NOON)
        if number < 20:
            note_asked(session, key, NOON)
    begin_asking(session, "the day before", share=2_500, draw=0, now=NOON - timedelta(days=1))
    session.commit()
    found = read_holdout(session, NOON, NOON + timedelta(days=1))
    assert (found.held_out, found.shown) == (Proportion(5, 10), Proportion(15, 30))
    assert found.saved == 0 and not found.enough
    assert read_holdout(session, NOON + timedelta(days=1), NOON + timedelta(days=2)).saved is None


def test_a_second_look_writes_nothing(app: Flask, ada: FlaskClient, session: Session, found: Thread) -> None:
    ada.get("/ask/similar?title=wifi+drops")
    written: list[str] = []
    with app.app_context():
        from forum.web.extensions import db

        engine = db.engine

    def watch(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(("INSERT", "UPDATE")):
            written.append(statement)

    event.listen(engine, "before_cursor_execute", watch)
    ada.get("/ask/similar?title=wifi+drops+again")
    event.remove(engine, "before_cursor_execute", watch)
    assert written == []
