"""The ledger's months on their pages: finance closes one, it stays as it read, and corrections stand in the next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.kernel.clock import utc_now
from forum.ledger.closed_period import ClosedPeriod
from forum.ledger.period import Period
from forum.moderation.log import LogEntry
from tests.application import SignInAs
from tests.cast import Cast
from tests.reports.ledger_scene import LedgerScene
from tests.scene import Clock
from tests.web.test_deflection_page import words

PERIODS = "/reports/deflection/periods"


@pytest.fixture
def scene(session: Session, cast: Cast) -> LedgerScene:
    """Two months ago, so that a month lies behind it that can be closed."""
    month = Period.of(utc_now().date()).moved(-2)
    return LedgerScene(session, cast, Clock(utc_now().replace(year=month.year, month=month.month, day=3, hour=12)))


@pytest.fixture
def decided(scene: LedgerScene) -> LedgerScene:
    scene.cost("phone", "8.00", scene.clock())
    for intent in ("yes", "yes", "no", None):
        scene.solved(intent, "phone" if intent == "yes" else None)
    scene.days_pass(9)
    return scene


@pytest.fixture
def fay(client: FlaskClient, cast: Cast, sign_in_as: SignInAs) -> FlaskClient:
    return sign_in_as(client, cast.fay)


def month_of(scene: LedgerScene) -> str:
    return Period.of(scene.clock().date()).name


def test_the_page_says_what_will_be_frozen_and_closing_freezes_it(
    fay: FlaskClient, session: Session, cast: Cast, decided: LedgerScene
) -> None:
    path = f"{PERIODS}/{month_of(decided)}"
    asked = words(fay.get(f"{path}/closing").text)
    assert "What will be frozen" in asked and "Nobody can open it again" in asked
    answer = fay.post(f"{path}/closing")
    assert (answer.status_code, answer.location) == (303, path)
    session.rollback()
    closed = session.scalars(select(ClosedPeriod)).one()
    assert (closed.name, closed.closed_by_id, closed.rows) == (month_of(decided), cast.fay.id, 3)
    assert session.scalars(select(LogEntry.about).where(LogEntry.act == "close_periods")).all() == [
        f"period:{closed.name}"
    ]
    frozen = words(fay.get(path).text)
    assert closed.sha256 in frozen and "by Fay" in frozen and "Money saved, at least" in frozen
    shown = words(fay.get(f"/reports/deflection?month={closed.name}").text)
    assert "by Fay" in shown and closed.sha256[:8] in shown
    assert "Closed" in words(fay.get(PERIODS).text)


def test_a_month_that_cannot_be_closed_says_why(fay: FlaskClient, session: Session, decided: LedgerScene) -> None:
    running = Period.of(utc_now().date()).name
    asked = fay.get(f"{PERIODS}/{running}/closing")
    assert asked.status_code == 200 and "can be closed from" in words(asked.text)
    assert f'action="{PERIODS}/{running}/closing"' not in asked.text
    answer = fay.post(f"{PERIODS}/{running}/closing")
    assert answer.status_code == 409 and "can be closed from" in words(answer.text)
    assert session.scalars(select(ClosedPeriod)).all() == []


def test_closing_twice_is_told_and_changes_nothing(fay: FlaskClient, session: Session, decided: LedgerScene) -> None:
    path = f"{PERIODS}/{month_of(decided)}/closing"
    fay.post(path)
    answer = fay.post(path)
    assert answer.status_code == 409 and "is closed already" in words(answer.text)
    session.rollback()
    assert len(session.scalars(select(ClosedPeriod)).all()) == 1


def test_a_correction_after_the_closing_stands_in_the_open_month_and_is_marked_late(
    fay: FlaskClient, session: Session, decided: LedgerScene
) -> None:
    thread = decided.solved("yes", "phone")
    decided.days_pass(8)
    name = month_of(decided)
    fay.post(f"{PERIODS}/{name}/closing", follow_redirects=True)  # which shows its notice
    decided.clock.now = utc_now() - timedelta(minutes=1)
    decided.withdraw(thread)
    decided.days_pass(0)
    before = words(fay.get(f"{PERIODS}/{name}").text)
    rows = words(fay.get("/reports/deflection/entries?late=yes").text)
    assert "Late correction" in rows and "valued on" in rows and "the acceptance was withdrawn" in rows
    assert "corrects a month that was closed before" in words(fay.get("/reports/deflection").text)
    assert words(fay.get(f"{PERIODS}/{name}").text) == before


def test_an_open_month_has_no_frozen_report_and_no_month_is_made_up(fay: FlaskClient, decided: LedgerScene) -> None:
    for path in (f"{PERIODS}/{month_of(decided)}", f"{PERIODS}/2026-99", f"{PERIODS}/x/closing"):
        assert fay.get(path).status_code == 404


def test_agents_see_which_months_are_closed_but_no_frozen_money(
    client: FlaskClient, app: Flask, cast: Cast, sign_in_as: SignInAs, decided: LedgerScene
) -> None:
    path = f"{PERIODS}/{month_of(decided)}"
    sign_in_as(app.test_client(), cast.max).post(f"{path}/closing")
    agent = sign_in_as(client, cast.ann)
    page = agent.get(PERIODS).text
    assert "Closed" in words(page) and path not in page and "closing" not in page
    assert agent.get(path).status_code == agent.get(f"{path}/closing").status_code == 403
    assert agent.post(f"{path}/closing").status_code == 403
