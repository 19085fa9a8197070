"""The forms behind the report: what finance and admins enter, who entered it when, and what is kept when it can't be taken."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.kernel.clock import utc_now
from forum.ledger.closed_period import ClosedPeriod
from forum.ledger.cost import ContactCost
from forum.ledger.programme import ExchangeRate, ProgrammeCost
from forum.ledger.report_view import ResponseTarget
from forum.moderation.log import LogEntry
from tests.actions.listening_world import a_connection
from tests.application import SignInAs
from tests.cast import Cast
from tests.scene import Clock, Stage
from tests.web.test_deflection_page import words

PROGRAMME = {"month": "2026-10", "part": "platform", "amount": "1,200.50", "currency": "EUR", "source": "Invoice 7"}
RATE = {"currency": "usd", "rate": "0.91250000", "valid_from": "2026-01-01", "source": "ECB"}
COST = {"channel": "phone", "amount": "8.01", "currency": "USD", "valid_from": "2026-01-01", "source": "Service ledger"}
TARGET = {"network": "", "minutes": "60", "share": "80"}
REPORT = "/reports/deflection"


@pytest.fixture
def fay(client: FlaskClient, cast: Cast, sign_in_as: SignInAs) -> FlaskClient:
    return sign_in_as(client, cast.fay)


@pytest.fixture
def max_(client: FlaskClient, cast: Cast, sign_in_as: SignInAs) -> FlaskClient:
    return sign_in_as(client, cast.max)


def test_a_programme_cost_is_a_row_with_who_and_when_and_the_next_part_comes_next(
    fay: FlaskClient, session: Session, cast: Cast
) -> None:
    answer = fay.post(f"{REPORT}/programme", data=PROGRAMME)
    assert (answer.status_code, answer.location) == (303, f"{REPORT}/programme?month=2026-10&part=moderation")
    cost = session.scalars(select(ProgrammeCost)).one()
    assert (cost.period, cost.part, cost.amount, cost.currency, cost.entered_by_id) == (
        "2026-10", "platform", Decimal("1200.50"), "EUR", cast.fay.id,
    )  # fmt: skip
    assert session.scalars(select(LogEntry.about)).all() == [f"programme_cost:{cost.id}"]
    page = fay.get(answer.location).text
    assert "October 2026 Platform €1,200.50 Invoice 7 Fay" in words(page)
    assert '<option value="moderation" selected>' in page


def test_a_later_row_of_the_same_month_and_part_replaces_the_earlier_which_stays_in_sight(fay: FlaskClient) -> None:
    fay.post(f"{REPORT}/programme", data=PROGRAMME)
    fay.post(f"{REPORT}/programme", data={**PROGRAMME, "amount": "0"})
    page = words(fay.get(f"{REPORT}/programme").text)
    assert "€0.00 Invoice 7" in page and "€1,200.50 replaced by a later row" in page


def test_a_closed_months_programme_cost_stays(fay: FlaskClient, session: Session, cast: Cast) -> None:
    session.add(
        ClosedPeriod(
            name="2026-10", closed_at=utc_now(), closed_by_id=cast.fay.id, rows=0, sha256="0" * 64, seed=1, draws=1,
            parameters={}, figures={},
        )
    )  # fmt: skip
    session.commit()
    answer = fay.post(f"{REPORT}/programme", data=PROGRAMME)
    assert answer.status_code == 422 and "This month is closed" in words(answer.text)
    assert session.scalar(select(func.count()).select_from(ProgrammeCost)) == 0


def test_an_exchange_rate_makes_an_amount_in_its_currency_count(fay: FlaskClient, session: Session) -> None:
    assert fay.post(f"{REPORT}/costs", data=COST).status_code == 303
    assert "$8.01 not counted: no exchange rate" in words(fay.get(f"{REPORT}/costs").text)
    assert fay.post(f"{REPORT}/exchange-rates", data=RATE).status_code == 303
    rate = session.scalars(select(ExchangeRate)).one()
    assert (rate.currency, rate.rate, rate.into) == ("USD", Decimal("0.9125"), "EUR")
    assert "no exchange rate" not in words(fay.get(f"{REPORT}/costs").text)
    assert "1 USD 0.9125 EUR Jan 1, 2026 ECB Fay" in words(fay.get(f"{REPORT}/exchange-rates").text)


@pytest.mark.parametrize(
    ("path", "good", "wrong"),
    [
        *(("programme", PROGRAMME, one) for one in (
            {"month": "soon"}, {"month": "1999-12"}, {"part": "coffee"}, {"amount": "-1"}, {"amount": "1.005"}, {"amount": "1,2"},
            {"amount": "10000000"}, {"currency": "XXQ"}, {"source": ""},
        )),
        *(("exchange-rates", RATE, one) for one in (
            {"currency": "EUR"}, {"currency": "12"}, {"rate": "0"}, {"rate": "0.000000001"}, {"rate": "x"}, {"valid_from": "x"},
            {"source": "x" * 301},
        )),
        ("costs", COST, {"currency": "pounds"}),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_kept_in_the_form_with_its_error(
    fay: FlaskClient, session: Session, path: str, good: dict[str, str], wrong: dict[str, str]
) -> None:
    answer = fay.post(f"{REPORT}/{path}", data={**good, **wrong})
    [name] = wrong
    assert answer.status_code == 422 and f'id="{name}-error"' in answer.text
    for field in {"amount", "rate", "source", "valid_from"} & set(good):
        assert f'value="{ {**good, **wrong}[field] }"' in answer.text
    for model in (ProgrammeCost, ExchangeRate, ContactCost, LogEntry):
        assert session.scalar(select(func.count()).select_from(model)) == 0


def test_numbers_are_read_as_the_readers_language_writes_them(fay: FlaskClient, session: Session, cast: Cast) -> None:
    cast.fay.language = "zh-Hans"
    session.commit()
    assert fay.post(f"{REPORT}/programme", data=PROGRAMME).status_code == 303
    assert session.scalars(select(ProgrammeCost.amount)).one() == Decimal("1200.50")


def test_an_admin_sets_a_target_and_the_latest_holds(
    max_: FlaskClient, session: Session, cast: Cast, stage: Stage
) -> None:
    session.add(a_connection(stage.board().id))
    session.commit()
    page = max_.get(f"{REPORT}/targets").text
    network = page.split('<option value="')[2].split('"')[0]
    for share in ("80", "85.5 %"):
        assert max_.post(f"{REPORT}/targets", data={**TARGET, "network": network, "share": share}).status_code == 303
    rows = session.scalars(select(ResponseTarget).order_by(ResponseTarget.id)).all()
    assert [(row.network, row.minutes, row.share) for row in rows] == [
        (network, 60, Decimal("0.8")), (network, 60, Decimal("0.855")),
    ]  # fmt: skip
    page = words(max_.get(f"{REPORT}/targets").text)
    assert "within 1 hour 85.5% Max" in page and "within 1 hour replaced by a later row 80% Max" in page
    assert session.scalars(select(LogEntry.act)).all() == ["set_targets"] * 2


@pytest.mark.parametrize("wrong", [{"network": "pigeon"}, {"minutes": "7"}, {"minutes": "x"}, {"share": "101"}, {"share": "-1"}, {"share": ""}])  # fmt: skip
def test_a_target_that_cannot_be_taken_is_kept_in_the_form(
    max_: FlaskClient, session: Session, wrong: dict[str, str]
) -> None:
    answer = max_.post(f"{REPORT}/targets", data={**TARGET, **wrong})
    assert answer.status_code == 422 and f'id="{next(iter(wrong))}-error"' in answer.text
    assert session.scalar(select(func.count()).select_from(ResponseTarget)) == 0


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session, Clock(utc_now()))
