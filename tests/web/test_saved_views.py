"""A reader's own views of the report: saved, renamed, mailed, deleted; nobody else's are within reach."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.ledger.report_view import SavedView
from forum.moderation.log import LogEntry
from tests.application import SignInAs
from tests.cast import Cast
from tests.web.test_deflection_page import words

VIEWS = "/reports/deflection/views"
WIFI = {"name": "Wi-Fi, checked", "query": "board=wifi&grade=checked&span=last-month&csrf=x"}


@pytest.fixture
def fay(client: FlaskClient, cast: Cast, sign_in_as: SignInAs) -> FlaskClient:
    return sign_in_as(client, cast.fay)


def saved(session: Session) -> SavedView:
    session.rollback()
    return session.scalars(select(SavedView)).one()


def test_the_filters_are_kept_under_a_name_and_open_the_report_again(
    fay: FlaskClient, session: Session, cast: Cast
) -> None:
    answer = fay.post(VIEWS, data=WIFI)
    assert (answer.status_code, answer.location) == (303, VIEWS)
    view = saved(session)
    assert (view.name, view.query, view.account_id) == (
        "Wi-Fi, checked", "board=wifi&grade=checked&span=last-month", cast.fay.id,
    )  # fmt: skip
    page = fay.get(VIEWS).text
    assert 'href="/reports/deflection?board=wifi&amp;grade=checked&amp;span=last-month"' in page
    assert "Last month · Checked against contact data · wifi" in words(page)


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "Taken"])
def test_a_name_that_cannot_be_taken_keeps_the_form(fay: FlaskClient, session: Session, name: str) -> None:
    fay.post(VIEWS, data={"name": "Taken", "query": ""})
    answer = fay.post(VIEWS, data={**WIFI, "name": name})
    assert answer.status_code == 422 and 'id="name-error"' in answer.text
    assert 'value="board=wifi&amp;grade=checked&amp;span=last-month"' in answer.text
    assert saved(session).name == "Taken"


def test_a_view_is_renamed_but_not_to_a_name_that_is_there(fay: FlaskClient, session: Session) -> None:
    fay.post(VIEWS, data=WIFI)
    view_id = saved(session).id
    assert fay.post(f"{VIEWS}/{view_id}/name", data={"name": " Mesh "}).status_code == 303
    assert saved(session).name == "Mesh"
    fay.post(VIEWS, data=WIFI)
    answer = fay.post(f"{VIEWS}/{view_id}/name", data={"name": WIFI["name"]})
    assert answer.status_code == 422 and f'id="name-{view_id}-error"' in answer.text
    assert "You have a view of this name already." in words(answer.text)


def test_a_view_is_mailed_from_now_on_until_it_is_not(fay: FlaskClient, session: Session) -> None:
    fay.post(VIEWS, data=WIFI)
    path = f"{VIEWS}/{saved(session).id}/mailing"
    assert fay.post(path).status_code == 303
    since = saved(session).mailed_since
    assert since is not None and "Mailed every month since" in words(fay.get(VIEWS).text)
    fay.post(path)
    assert saved(session).mailed_since == since
    assert fay.post(f"{path}/end").status_code == 303
    assert saved(session).mailed_since is None
    logged = session.execute(select(LogEntry.act, LogEntry.details).order_by(LogEntry.id)).all()
    assert [(act, details["did"]) for act, details in logged] == [
        ("see_deflection_counts", "saved"), ("export_deflection", "mailed from now on"),
        ("export_deflection", "mailed no longer"),
    ]  # fmt: skip


def test_a_view_is_deleted_and_the_log_says_so(fay: FlaskClient, session: Session) -> None:
    fay.post(VIEWS, data=WIFI)
    assert fay.post(f"{VIEWS}/{saved(session).id}/deletion").status_code == 303
    session.rollback()
    assert session.scalars(select(SavedView)).all() == []
    assert [entry.details["did"] for entry in session.scalars(select(LogEntry))] == ["saved", "deleted"]


def test_somebody_elses_view_is_out_of_reach(
    fay: FlaskClient, app: Flask, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    fay.post(VIEWS, data=WIFI)
    view_id = saved(session).id
    other = sign_in_as(app.test_client(), cast.max)
    assert "Wi-Fi, checked" not in words(other.get(VIEWS).text)
    for verb in ("name", "deletion", "mailing", "mailing/end"):
        assert other.post(f"{VIEWS}/{view_id}/{verb}", data={"name": "Mine"}).status_code == 404
    assert saved(session).name == WIFI["name"]


def test_an_agent_saves_views_but_has_none_mailed(
    client: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    agent = sign_in_as(client, cast.ann)
    assert agent.post(VIEWS, data=WIFI).status_code == 303
    assert "Mail me this every month" not in agent.get(VIEWS).text
    assert agent.post(f"{VIEWS}/{saved(session).id}/mailing").status_code == 403
    assert saved(session).mailed_since is None
