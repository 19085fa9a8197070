"""Staff's pages of the programme, and the member's own: what stands there, for whom, and in how many queries."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from forum.actions.answer_invitation import accept_invitation
from forum.actions.invite_superfan import invite_superfan
from forum.actions.ship_ranks import ship_ranks
from forum.exports.superfan_file import as_csv
from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.reports.superfan_figures import Figures, Place, Standing
from forum.reports.superfan_list import MemberRow
from forum.superfans.grant import Invitation, ProgrammeTerms, SuperfanGrant, Thanks
from forum.superfans.rank import MemberMeasure
from forum.superfans.standings import Span, StandingRow, start_of
from tests.application import SignInAs
from tests.cast import Cast, person

NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def shipped(session: Session) -> None:
    ship_ranks(session, NOW)
    session.commit()


@pytest.fixture
def staff(client: FlaskClient, cast: Cast, sign_in_as: SignInAs) -> FlaskClient:
    return sign_in_as(client, cast.cleo)


def measured(session: Session, account: Account, *, scopes: tuple[str, ...] = ("",), **figures: object) -> None:
    """As `review_members` and `give_points` would have left it; with points in the quarter that runs."""
    session.add(
        MemberMeasure(
            account_id=account.id, values={name: None if value is None else str(value) for name, value in figures.items()}, measured_at=NOW
        )
    )  # fmt: skip
    for scope in scopes:
        start = start_of(Span.QUARTER, NOW.date())
        session.add(
            StandingRow(span=Span.QUARTER, starts_on=start, scope=scope, account_id=account.id, points=9, solutions=1)
        )
    session.commit()


def names(text: str) -> list[str]:
    """The members of a list, in its order."""
    return re.findall(r'<a href="/staff/superfans/(\w+)">', text)


def queries(browser: FlaskClient, path: str) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert browser.get(path).status_code == 200
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(seen)


def test_the_list_shows_figures_trend_and_risk_in_words(staff: FlaskClient, session: Session, cast: Cast) -> None:
    measured(
        session, cast.sue, solutions_90d=12, earlier_solutions=8, median_first_response_minutes_90d="42.0",
        kudos_per_answer_90d="1.2500", networks_90d=2, days_since_last_answer=3, answers_30d=30, answers_90d=70,
        kudos_received_30d=12, kudos_received_90d=60,
    )  # fmt: skip
    text = staff.get("/staff/superfans").text
    assert names(text) == ["sue"]
    for words in ("4 more", "42 min", "1.3", "Trusted", "May be burning out",
                  "30 answers in 30 days instead of 20, and 0.4 kudos for each instead of 1.2"):  # fmt: skip
        assert words in text, words


def test_who_was_never_measured_stands_there_without_figures(staff: FlaskClient) -> None:
    assert "Not measured yet" in staff.get("/staff/superfans").text


def test_a_paused_one_still_stands_there(staff: FlaskClient, session: Session, cast: Cast) -> None:
    assert staff.post("/staff/superfans/sue/pause", data={"pause_reason": "Rest."}).status_code == 303
    session.refresh(cast.sue)
    assert cast.sue.superfan_since is None
    session.rollback()
    text = staff.get("/staff/superfans").text
    assert names(text) == ["sue"]
    assert "Paused" in text


def test_it_is_sorted_as_asked_and_who_has_no_figure_stands_last(
    staff: FlaskClient, session: Session, cast: Cast
) -> None:
    for name, solutions, minutes in [("kim", 3, "5.0"), ("lee", 9, None), ("moe", 6, "90.0")]:
        one = person(name, superfan_since=NOW)
        session.add(one)
        session.flush()
        measured(session, one, solutions_90d=solutions, earlier_solutions=5, median_first_response_minutes_90d=minutes)
    assert names(staff.get("/staff/superfans").text) == ["lee", "moe", "kim", "sue"]
    assert names(staff.get("/staff/superfans?sort=response").text) == ["kim", "moe", "lee", "sue"]
    assert names(staff.get("/staff/superfans?sort=name").text) == ["kim", "lee", "moe", "sue"]
    for path in ("?sort=secret", "?tab=secret"):
        assert staff.get(f"/staff/superfans{path}").status_code == 404


def test_it_is_narrowed_to_a_board_or_a_language(staff: FlaskClient, session: Session, cast: Cast) -> None:
    measured(session, cast.sue, scopes=("", "language:zh-Hant"), solutions_90d=1)
    assert names(staff.get("/staff/superfans?scope=language:zh-Hant").text) == ["sue"]
    assert names(staff.get("/staff/superfans?scope=language:en").text) == []
    assert names(staff.get("/staff/superfans?scope=nonsense").text) == ["sue"]


def test_who_is_about_to_become_one(staff: FlaskClient, session: Session, cast: Cast) -> None:
    near = {"solutions": 48, "solutions_90d": 9, "earlier_solutions": 9, "people_helped": 40, "kudos_received": 60}
    near |= {"days_member": 300, "reversals_90d": 0}
    measured(session, cast.bob, **near)
    measured(session, cast.ada, solutions_90d=6, earlier_solutions=2)
    measured(session, cast.mallory, solutions_90d=2, earlier_solutions=2)
    measured(session, cast.ann, **near)
    measured(session, cast.sue, **near)
    text = staff.get("/staff/superfans?tab=soon").text
    assert names(text) == ["bob", "ada"]
    assert "Solutions: 48 of 50" in text
    assert "Grows: 6 solutions after 2" in text
    invite_superfan(session, cast.bob, cast.cleo, words="", now=NOW)
    session.commit()
    assert names(staff.get("/staff/superfans?tab=soon").text) == ["ada"]


def test_who_went_quiet(staff: FlaskClient, session: Session, cast: Cast) -> None:
    measured(session, cast.bob, solutions_90d=5, answers_30d=0, earlier_solutions=0)
    measured(session, cast.sue, solutions_90d=0, answers_30d=0, earlier_solutions=7)
    measured(session, cast.ada, solutions_90d=9, answers_30d=1, earlier_solutions=7)
    measured(session, cast.mallory, solutions_90d=4, answers_30d=0, earlier_solutions=4)
    assert set(names(staff.get("/staff/superfans?tab=quiet").text)) == {"bob", "sue"}


@pytest.mark.parametrize("tab", ["superfans", "soon", "quiet", "invited"])
def test_each_list_costs_the_same_queries_however_long_it_is(
    staff: FlaskClient, session: Session, cast: Cast, tab: str
) -> None:
    def more(count: int) -> None:
        for number in range(count):
            one = person(f"m{tab}{count}n{number}", superfan_since=NOW if tab == "superfans" else None)
            session.add(one)
            session.flush()
            measured(session, one, solutions_90d=6, earlier_solutions=0, answers_30d=0)
            if tab == "invited":
                invite_superfan(session, one, cast.cleo, words="", now=NOW)
        session.commit()

    more(1)
    few = queries(staff, f"/staff/superfans?tab={tab}")
    more(25)
    assert queries(staff, f"/staff/superfans?tab={tab}") == few <= 8


def test_the_list_is_taken_away_as_files_that_run_nothing_and_each_is_logged(
    staff: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.sue.display_name = '=HYPERLINK("http://evil.example")'
    measured(session, cast.sue, solutions_90d=12, earlier_solutions=8, kudos_per_answer_90d="1.2500")
    answer = staff.get("/staff/superfans.csv?sort=name")
    rows = list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"))))
    assert [(row["name"], row["display_name"]) for row in rows] == [("sue", "'" + cast.sue.display_name)]
    assert (rows[0]["solutions_90_days"], rows[0]["solutions_90_days_before"]) == ("12", "8")
    assert rows[0]["kudos_per_answer"] == "1.2500"
    assert "attachment" in answer.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(BytesIO(staff.get("/staff/superfans.xlsx").data)).active
    line = list(sheet.rows)[1]
    assert (line[1].value, line[1].data_type) == (cast.sue.display_name, "s")
    assert line[6].value == 12
    log = session.scalars(select(LogEntry).where(LogEntry.act == "export_programme").order_by(LogEntry.id)).all()
    assert [one.details for one in log] == [{"format": "csv", "query": "sort=name"}, {"format": "xlsx", "query": ""}]
    assert staff.get("/staff/superfans.csv?tab=invited").status_code == 404


def test_from_invitation_to_promotion_in_the_browser(
    app: Flask, staff: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    bob = sign_in_as(app.test_client(), cast.bob)
    assert "No invitation waits" in bob.get("/programme/invitation").text
    here = "/staff/superfans/bob"
    answer = staff.post(f"{here}/invitation", data={"words": "You know <b>mesh</b>."})
    assert (answer.status_code, answer.location) == (303, here)
    assert "waits until" in staff.get(here).text
    text = bob.get("/programme/invitation").text
    assert "You know &lt;b&gt;mesh&lt;/b&gt;." in text
    assert "<strong>What you may do.</strong>" in text
    number = session.scalars(select(Invitation.id)).one()
    session.rollback()
    answer = bob.post("/programme/invitation", data={"invitation": number, "answer": "accept"})
    assert (answer.status_code, answer.location) == (303, "/programme")
    assert "On probation until" in bob.get("/programme").text
    assert "Accepted" in staff.get("/staff/superfans?tab=invited").text
    assert staff.post(f"{here}/promotion").status_code == 303
    session.refresh(cast.bob)
    assert "send_without_approval" in cast.bob.rights
    session.rollback()
    assert "Bob" in staff.get(here).text
    assert "ended probation well" in staff.get(here).text
    assert staff.post(f"{here}/end", data={"reason": "Moved away."}).status_code == 303
    assert "Not in the programme" in bob.get("/programme").text


def test_the_terms_are_read_in_the_members_language(
    app: Flask, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    cast.bob.language = "zh_Hant"
    invite_superfan(session, cast.bob, cast.cleo, words="", now=NOW)
    session.commit()
    assert "你在這裡幫助他人完全出於自願" in sign_in_as(app.test_client(), cast.bob).get("/programme/invitation").text


def test_an_invitation_is_declined(app: Flask, session: Session, cast: Cast, sign_in_as: SignInAs) -> None:
    number = invite_superfan(session, cast.bob, cast.cleo, words="", now=NOW).id
    session.commit()
    bob = sign_in_as(app.test_client(), cast.bob)
    for wrong in ("", "x", str(number + 1)):  # not the one whose terms were read
        assert bob.post("/programme/invitation", data={"invitation": wrong, "answer": "accept"}).status_code == 409
    assert bob.post("/programme/invitation", data={"invitation": number, "answer": "decline"}).status_code == 303
    assert session.scalars(select(Invitation.answer)).one() == "declined"
    for wrong in ("", "x", "999", "9" * 30):
        answer = bob.post("/programme/invitation", data={"invitation": wrong, "answer": "accept"})
        assert answer.status_code == 409
    session.rollback()
    assert session.scalars(select(SuperfanGrant).where(SuperfanGrant.account_id == cast.bob.id)).all() == []


@pytest.mark.parametrize(
    ("act", "field", "typed"),
    [("pause", "pause_reason", ""), ("thanks", "thanks", ""), ("thanks", "thanks", "y" * 601)],
)
def test_a_form_that_lacks_its_reason_is_shown_again_with_what_was_typed(
    staff: FlaskClient, session: Session, cast: Cast, act: str, field: str, typed: str
) -> None:
    answer = staff.post(f"/staff/superfans/sue/{act}", data={field: typed})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert typed in answer.text
    assert session.scalars(select(Thanks)).all() == []


def test_thanks_are_read_on_ones_own_page(
    app: Flask, staff: FlaskClient, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    assert (
        staff.post("/staff/superfans/ada/thanks", data={"thanks": "For asking so <i>clearly</i>."}).status_code == 303
    )
    text = sign_in_as(app.test_client(), cast.ada).get("/programme").text
    assert "For asking so &lt;i&gt;clearly&lt;/i&gt;." in text
    assert "Cleo" in text
    assert "clearly" not in sign_in_as(app.test_client(), cast.bob).get("/programme").text


def test_an_admin_writes_the_terms_and_keeps_what_was_typed_when_english_is_missing(
    app: Flask, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    admin = sign_in_as(app.test_client(), cast.max)
    answer = admin.post("/staff/terms", data={"terms-en": " ", "terms-zh_Hans": "请友善。"})
    assert answer.status_code == 422
    assert "请友善。" in answer.text
    assert admin.post("/staff/terms", data={"terms-en": "Be kind.", "terms-zh_Hans": "请友善。"}).status_code == 303
    text = admin.get("/staff/terms").text
    assert "Be kind." in text and "Version 2" in text and "as shipped" in text
    assert len(session.scalars(select(ProgrammeTerms)).all()) == 2


def test_nobody_of_that_name(staff: FlaskClient) -> None:
    assert staff.get("/staff/superfans/nobody").status_code == 404
    assert staff.post("/staff/superfans/nobody/pause", data={"pause_reason": "x"}).status_code == 404
    assert staff.post("/staff/superfans/bob/pause", data={"pause_reason": "x"}).status_code == 409


def test_who_invites_reads_the_terms_that_go_with_it(
    staff: FlaskClient, session: Session, cast: Cast, app: Flask, sign_in_as: SignInAs
) -> None:
    session.add(ProgrammeTerms(texts={"en": "Be **kind**.", "zh_Hans": "请友善。"}, made_at=NOW))
    session.commit()
    assert "Be <strong>kind</strong>." in staff.get("/staff/superfans/bob").text
    assert "Be <strong>kind</strong>." not in sign_in_as(app.test_client(), cast.ann).get("/staff/superfans/bob").text


def test_every_version_of_the_terms_can_be_read(app: Flask, session: Session, cast: Cast, sign_in_as: SignInAs) -> None:
    for words in ("First words.", "Second words."):
        session.add(ProgrammeTerms(texts={"en": words, "zh_Hans": "请友善。"}, made_at=NOW))
    session.commit()
    page = sign_in_as(app.test_client(), cast.max).get("/staff/terms").text
    assert page.count("First words.") == 1 and page.count("Second words.") == 2  # the latest stands in the form too
    assert page.count('<p class="formula" lang="zh-Hans">请友善。</p>') == 2


def test_a_pause_that_cannot_be_is_shown_open_with_what_was_typed(
    staff: FlaskClient, session: Session, cast: Cast
) -> None:
    session.add(SuperfanGrant(account_id=cast.bob.id, given_by_id=cast.max.id, given_at=NOW, rights=[]))
    session.commit()
    assert '<details class="more" open>' not in staff.get("/staff/superfans/bob").text
    page = staff.post("/staff/superfans/bob/pause", data={"pause_reason": "long " * 100})
    assert page.status_code == 422 and page.text.count('<details class="more" open>') == 1


def test_staff_see_which_terms_a_member_agreed_to(staff: FlaskClient, session: Session, cast: Cast) -> None:
    assert "Agreed to version" not in staff.get("/staff/superfans/bob").text
    invitation = invite_superfan(session, cast.bob, cast.cleo, words="", now=NOW)
    accept_invitation(session, cast.bob, invitation.id, NOW)
    session.commit()
    assert f"Agreed to version {invitation.terms_id} of the terms" in staff.get("/staff/superfans/bob").text


def test_a_share_is_a_figure_that_can_be_read_in_a_file() -> None:
    figures = Figures(
        solutions=28, earlier_solutions=11, share=Decimal(28) / 150, response_minutes=None, kudos_per_answer=None,
        networks=1, last_answer=None, burning_out=None,
    )  # fmt: skip
    row = MemberRow(1, "sue", "Sue", {}, Place(Standing.TRUSTED, True), figures)
    text = as_csv([row], lambda message: message.text, "en").decode("utf-8-sig")
    assert [one["share"] for one in csv.DictReader(StringIO(text))] == ["0.1867"]
