"""What if: the report beside itself with other rates and costs, and never a row of it in the ledger."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.kernel.clock import utc_now
from forum.ledger.cost import ContactCost
from forum.ledger.entry import Entry
from tests.application import SignInAs
from tests.cast import Cast
from tests.reports.ledger_scene import LedgerScene
from tests.scene import Clock
from tests.web.test_deflection_page import words

WHAT_IF = "/reports/deflection/what-if"


@pytest.fixture
def fay(client: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs) -> FlaskClient:
    scene = LedgerScene(session, cast, Clock(utc_now() - timedelta(days=20)))
    scene.cost("phone", "8.00", scene.clock())
    for intent in ("yes", "yes", "yes", "no", None, None):
        scene.solved(intent, "phone" if intent == "yes" else None)
    scene.days_pass(9)
    return sign_in_as(client, cast.fay)


def test_unchanged_it_is_the_report_twice(fay: FlaskClient) -> None:
    page = words(fay.get(WHAT_IF).text)
    assert "most likely 4.5 4.5" in page and "most likely €36.00 €36.00" in page
    assert "It is never written to the ledger." in page


def test_another_cost_and_rate_move_the_figures_beside_the_reports_own(fay: FlaskClient, session: Session) -> None:
    before = [session.scalar(select(func.count()).select_from(model)) for model in (Entry, ContactCost)]
    page = words(fay.get(f"{WHAT_IF}?cost_phone=10&askers=100&programme=5&yearly_rate=8").text)
    assert "most likely 4.5 5.0" in page and "most likely €36.00 €50.00" in page
    assert "Direct: counted with 100 of 100 in every month." in page
    assert "Programme cost €0.00 €5.00" in page
    session.rollback()
    assert before == [session.scalar(select(func.count()).select_from(model)) for model in (Entry, ContactCost)]


@pytest.mark.parametrize("wrong", ["readers=101", "askers=x", "staff=-1", "survey_share=1e9", "cost_chat=-1", "programme=much", "yearly_rate=200"])  # fmt: skip
def test_what_cannot_be_read_is_kept_with_its_error(fay: FlaskClient, wrong: str) -> None:
    name, text = wrong.split("=")
    answer = fay.get(f"{WHAT_IF}?{wrong}&cost_phone=9")
    assert answer.status_code == 422
    assert f'id="{name}-error"' in answer.text and f'value="{text}"' in answer.text and 'value="9"' in answer.text


def test_the_reports_filters_come_along(fay: FlaskClient) -> None:
    page = fay.get(f"{WHAT_IF}?span=this-month&kind=direct&askers=50").text
    assert '<input type="hidden" name="span" value="this-month">' in page
    assert '<input type="hidden" name="kind" value="direct">' in page
    assert "This month · Direct" in words(page)
