"""Finance's report in the browser: who sees what, each figure's rows, entering a cost, and what a look leaves behind."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from forum.kernel.clock import utc_now
from forum.ledger.cost import ContactCost
from forum.ledger.report_view import SuggestionTrial
from forum.moderation.log import LogEntry
from forum.web.extensions import db
from tests.application import SignInAs
from tests.cast import Cast
from tests.reports.ledger_scene import LedgerScene
from tests.scene import Clock

REPORT = "/reports/deflection"
OF_MONEY = [f"{REPORT}/{page}" for page in ("costs", "programme", "exchange-rates", "what-if")]
PAGES = [
    REPORT, f"{REPORT}/entries", f"{REPORT}/claims", f"{REPORT}/claims?state=lapsed", f"{REPORT}/views",
    f"{REPORT}/periods", *OF_MONEY,
]  # fmt: skip
COUNTS, MONEY = {"ann", "cleo", "fay", "max"}, {"fay", "max"}  # by hand
COST = {"channel": "phone", "amount": "8.01", "valid_from": "2020-01-01", "source": "Service ledger 2026"}


@pytest.fixture
def scene(session: Session, cast: Cast) -> LedgerScene:
    return LedgerScene(session, cast, Clock(utc_now() - timedelta(days=20)))


@pytest.fixture
def decided(scene: LedgerScene) -> LedgerScene:
    """Four that said yes, one that said no, one silent, one from a network; and one that waits."""
    for intent in ("yes", "yes", "yes", "yes", "no", None):
        scene.solved(intent, "phone" if intent == "yes" else None)
    scene.mentioned("1")
    scene.days_pass(9)
    scene.solved("yes", "chat")
    return scene


def words(page: str) -> str:
    """What a reader reads."""
    body = re.sub(r"<svg.*?</svg>|<head>.*?</head>", "", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("name", ["ada", "bob", "sue", "ann", "cleo", "fay", "max", "mallory"])
def test_each_role_sees_what_it_may(
    client: FlaskClient, cast: Cast, sign_in_as: SignInAs, path: str, name: str
) -> None:
    answer = sign_in_as(client, getattr(cast, name)).get(path)
    allowed = MONEY if path in OF_MONEY else COUNTS
    assert answer.status_code == (200 if name in allowed else 403)


@pytest.mark.parametrize("path", PAGES)
def test_a_visitor_is_asked_to_sign_in(client: FlaskClient, cast: Cast, path: str) -> None:
    assert client.get(path).status_code in {303, 401}


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_money_is_for_finance_and_admins(
    client: FlaskClient, cast: Cast, sign_in_as: SignInAs, decided: LedgerScene, name: str
) -> None:
    decided.cost("phone", "8.01")
    browser = sign_in_as(client, getattr(cast, name))
    for path in (REPORT, f"{REPORT}/entries"):
        page = browser.get(path).text
        assert ("€" in page) == (name in MONEY)
        assert (f"{REPORT}.xlsx" in page) == (name in MONEY and path == REPORT)


def test_without_a_cost_there_is_no_money_and_a_link_to_enter_one(
    client: FlaskClient, cast: Cast, sign_in_as: SignInAs, decided: LedgerScene
) -> None:
    page = sign_in_as(client, cast.fay).get(REPORT).text
    assert "No cost entered" in words(page) and f'href="{REPORT}/costs"' in page
    assert "€" not in page


def test_the_low_bound_is_the_headline_and_every_link_opens_rows(
    client: FlaskClient, cast: Cast, sign_in_as: SignInAs, decided: LedgerScene
) -> None:
    decided.cost("phone", "8.01")
    browser = sign_in_as(client, cast.fay)
    page = browser.get(REPORT).text
    figure = decided.report().total
    assert f"Contacts saved, at least {int(figure.low)} between {int(figure.low)} and" in words(page)
    assert f"most likely {figure.likely:.1f}" in words(page)
    links = set(re.findall(rf'href="({REPORT}/(?:entries|claims)[^"]*)"', page))
    assert len(links) > 8
    for link in links:
        assert browser.get(unescape(link)).status_code == 200


def test_the_rows_behind_a_month_add_up_to_its_figure(
    client: FlaskClient, cast: Cast, sign_in_as: SignInAs, decided: LedgerScene
) -> None:
    month = decided.clock().strftime("%Y-%m")
    page = sign_in_as(client, cast.fay).get(f"{REPORT}/entries?kind=saved&month={month}").text
    shown = [Decimal(cell) for cell in re.findall(r'<td class="r">(-?\d\.\d{4,6})</td>', page)]
    assert sum(shown) == decided.report().total.likely
    assert f"{sum(shown):.4f}" in words(page)


def test_a_row_is_worth_less_than_cents_can_say_and_their_sum_is_shown_to_the_cent(
    client: FlaskClient, cast: Cast, sign_in_as: SignInAs, decided: LedgerScene
) -> None:
    decided.cost("phone", "0.0044")
    page = words(sign_in_as(client, cast.fay).get(f"{REPORT}/entries?kind=saved").text)
    total = decided.report().total.money
    assert total and f"Money, most likely €{total:.2f} the sum of the rows" in page
    assert "1 100.0000% €0.0044 1.0000 €0.0044" in page


def test_each_line_of_each_table_opens_just_its_rows(
    client: FlaskClient, cast: Cast, sign_in_as: SignInAs, decided: LedgerScene
) -> None:
    decided.cost("phone", "8.01")
    browser = sign_in_as(client, cast.fay)
    page = browser.get(REPORT).text
    lines = re.findall(rf'<a href="({REPORT}/entries[^"]*)">([\d,-]+)</a></td>\s*<td class="r">\d', page)
    assert len(lines) > 15
    for link, quantity in lines:
        said = f"{quantity} claims and reader-weeks" if quantity != "0" else "No rows here"
        assert said in words(browser.get(unescape(link)).text), link


def test_the_chart_is_told_in_words_and_its_months_stand_in_a_table(
    client: FlaskClient, cast: Cast, sign_in_as: SignInAs, decided: LedgerScene
) -> None:
    page = sign_in_as(client, cast.fay).get(REPORT).text
    chart = re.search(r"<svg viewBox.*?</svg>", page, re.DOTALL)
    assert chart and 'role="img"' in chart[0]
    assert "<title" in chart[0] and re.search(r"<desc[^>]*>[^<]*at least \d+, most likely", chart[0])
    assert f"{REPORT}/entries?from={decided.clock():%Y-%m}" in page


def test_filters_stand_in_the_address_and_in_every_link_that_goes_on(
    client: FlaskClient, cast: Cast, sign_in_as: SignInAs, decided: LedgerScene
) -> None:
    browser = sign_in_as(client, cast.fay)
    board = decided.board
    page = browser.get(f"{REPORT}?board={board.slug}&grade=stated&span=12").text
    query = f"board={board.slug}&amp;grade=stated&amp;span=12"
    for ending in (".xlsx", ".pdf", ".csv", ".json"):
        assert f'href="{REPORT}{ending}?{query}"' in page
    assert f'href="{REPORT}/views?{query}"' in page and f'href="{REPORT}/what-if?{query}"' in page
    assert f"Latest twelve months · Stated by the asker · {board.name}" in words(page)
    assert f'<option value="{board.slug}" selected>' in page and '<option value="stated" selected>' in page
    assert "No rows under these filters" in words(browser.get(f"{REPORT}?grade=checked&language=zh").text)


@pytest.mark.parametrize(
    ("people", "said"), [(200, "Saved by showing them 25.0% 95 % range:"), (50, "not enough people yet")]
)
def test_the_trial_of_the_suggestions_stands_beside_and_counts_nothing(
    client: FlaskClient,
    session: Session,
    cast: Cast,
    sign_in_as: SignInAs,
    decided: LedgerScene,
    people: int,
    said: str,
) -> None:
    browser, before = sign_in_as(client, cast.fay), decided.report().total
    assert "Similar questions while asking" not in browser.get(REPORT).text
    session.rollback()  # so that it writes on what the page's note in the log left
    for arm, asked in (("shown", people // 4), ("held_out", people // 2)):
        for number in range(people):
            at = utc_now()
            session.add(
                SuggestionTrial(
                    key=f"{arm}{number}", arm=arm, share=10, begun_at=at, asked_at=at if number < asked else None
                )
            )
    session.commit()
    assert said in words(browser.get(REPORT).text)
    assert decided.report().total == before


def test_what_is_missing_is_named(client: FlaskClient, cast: Cast, sign_in_as: SignInAs, decided: LedgerScene) -> None:
    page = words(sign_in_as(client, cast.fay).get(REPORT).text)
    assert "What this report does not know" in page and "things are not known" in page
    assert "No channel named: no cost is entered for its day, so 1 row carries no money." in page
    assert "no comparable mentions, so how many staff would have answered is not known; it counts 0." in page


def test_money_stands_after_the_programmes_cost(
    client: FlaskClient, cast: Cast, sign_in_as: SignInAs, decided: LedgerScene
) -> None:
    decided.cost("phone", "8.01")
    browser = sign_in_as(client, cast.fay)
    assert "no programme cost entered" in words(browser.get(REPORT).text)
    month = f"{decided.clock():%Y-%m}"
    cost = {"month": month, "part": "platform", "amount": "10", "currency": "EUR", "source": "Invoice"}
    browser.post(f"{REPORT}/programme", data=cost)
    page = words(browser.get(REPORT).text)
    programme = decided.report().programme
    assert programme is not None and programme.net_low is not None
    assert f"after €10.00 of programme cost: at least €{programme.net_low:,.2f}" in page
    assert "Return on the cost (ROI)" in page


def test_a_claim_that_waits_stands_there_with_its_evidence_and_day(
    client: FlaskClient, cast: Cast, sign_in_as: SignInAs, decided: LedgerScene
) -> None:
    page = words(sign_in_as(client, cast.fay).get(REPORT).text)
    assert "Claims that wait 1" in page
    assert "Answered by Bob, a member The asker would have contacted us: Chat Direct" in page
    assert "Indirect: readers of solved threads 0 0 0.0 0" in page
    assert "asker would not have contacted us 1" in page  # lapsed, and why


def test_an_empty_report_says_what_to_do_next(client: FlaskClient, cast: Cast, sign_in_as: SignInAs) -> None:
    browser = sign_in_as(client, cast.fay)
    assert "No claim has come to its day here" in browser.get(REPORT).text
    assert "No claim waits" in browser.get(f"{REPORT}/claims").text
    assert "No rows here" in browser.get(f"{REPORT}/entries").text


@pytest.mark.parametrize(
    "query", ["month=x", "month=2026-99", "month=1999-01", "kind=x&board=no&network=no", "before=x&after=x", "before=2026-01-01.9", "state=x"]
)  # fmt: skip
def test_an_address_that_makes_no_sense_still_answers(
    client: FlaskClient, cast: Cast, sign_in_as: SignInAs, query: str
) -> None:
    browser = sign_in_as(client, cast.fay)
    for path in (REPORT, f"{REPORT}/entries", f"{REPORT}/claims"):
        assert browser.get(f"{path}?{query}").status_code == 200


def test_finance_enters_a_cost_and_the_row_says_who_and_why(
    client: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    browser = sign_in_as(client, cast.fay)
    answer = browser.post(f"{REPORT}/costs", data=COST)
    assert (answer.status_code, answer.location) == (303, f"{REPORT}/costs")
    cost = session.scalars(select(ContactCost)).one()
    assert (str(cost.amount), cost.currency, cost.entered_by_id) == ("8.0100", "EUR", cast.fay.id)
    assert session.scalars(select(LogEntry.act)).all() == ["enter_costs"]
    assert "Phone €8.01 Jan 1, 2020 Service ledger 2026 Fay" in words(browser.get(f"{REPORT}/costs").text)


@pytest.mark.parametrize(
    "wrong",
    [{"amount": "0"}, {"amount": "-1"}, {"amount": "8,01"}, {"amount": "NaN"}, {"amount": ""}, {"amount": "1e99"},
     {"amount": "0.00001"}, {"channel": "pigeon"}, {"valid_from": ""}, {"valid_from": "soon"}, {"source": " "},
     {"source": "x" * 301}],
)  # fmt: skip
def test_a_cost_that_cannot_be_taken_keeps_what_was_typed(
    client: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs, wrong: dict[str, str]
) -> None:
    answer = sign_in_as(client, cast.fay).post(f"{REPORT}/costs", data={**COST, **wrong})
    assert answer.status_code == 422
    kept = {**COST, **wrong}
    assert f'value="{kept["amount"]}"' in answer.text and f'id="{next(iter(wrong))}-error"' in answer.text
    assert session.scalar(select(func.count()).select_from(ContactCost)) == 0


@pytest.mark.parametrize("name", ["ada", "sue", "ann", "cleo", "mallory"])
def test_nobody_else_enters_a_cost(client: FlaskClient, cast: Cast, sign_in_as: SignInAs, name: str) -> None:
    assert sign_in_as(client, getattr(cast, name)).post(f"{REPORT}/costs", data=COST).status_code == 403


def test_each_look_is_logged_with_its_page_and_its_filters(
    client: FlaskClient, app: Flask, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    browser = sign_in_as(client, cast.fay)
    for path in (REPORT, f"{REPORT}?month=2026-10", f"{REPORT}/entries?kind=direct&board=wifi"):
        browser.get(path)
    sign_in_as(app.test_client(), cast.max).get(REPORT)
    sign_in_as(app.test_client(), cast.mallory).get(REPORT)
    looks = session.scalars(select(LogEntry).order_by(LogEntry.id)).all()
    assert [(look.by_id, look.details["page"], look.details["query"]) for look in looks] == [
        (cast.fay.id, "", ""), (cast.fay.id, "", "month=2026-10"), (cast.fay.id, "entries", "kind=direct&board=wifi"),
        (cast.max.id, "", ""),
    ]  # fmt: skip
    assert {look.act for look in looks} == {"see_deflection_report"}


@pytest.mark.parametrize("path", ["", "/entries", "/claims?state=decided", "/what-if", "/periods"])
def test_a_page_costs_the_same_queries_however_many_rows(
    client: FlaskClient, app: Flask, cast: Cast, sign_in_as: SignInAs, decided: LedgerScene, path: str
) -> None:
    browser = sign_in_as(client, cast.fay)
    browser.get(REPORT)
    sent: list[str] = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_rest: sent.append(statement))

    def cost() -> int:
        sent.clear()
        assert browser.get(f"{REPORT}{path}").status_code == 200
        return len([statement for statement in sent if statement.startswith("SELECT")])

    few = cost()
    for number in range(3):
        decided.solved("yes", "chat"), decided.mentioned(f"m{number}"), decided.solved("no")
    decided.days_pass(8), decided.solved()
    assert cost() == few <= 44


def test_staff_see_a_threads_claim_beside_it_and_members_do_not(
    client: FlaskClient, app: Flask, cast: Cast, sign_in_as: SignInAs, scene: LedgerScene
) -> None:
    thread = scene.solved()
    staff, member = sign_in_as(client, cast.ann), sign_in_as(app.test_client(), cast.ada)
    path = f"/threads/{thread.id}-{thread.slug}"
    assert "Deflection claim Waiting, decided on" in words(staff.get(path).text)
    assert "Deflection claim" not in member.get(path).text
    scene.days_pass()
    assert "Deflection claim Counted" in words(staff.get(path).text)
    scene.withdraw(thread)
    assert "Deflection claim Counted, then taken back" in words(staff.get(path).text)
