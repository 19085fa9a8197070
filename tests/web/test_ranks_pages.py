"""Pages of ranks, badges, points and leaderboards: written, tried, saved; what is wrong is marked; what they cost."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.actions.review_members import review_due
from forum.actions.ship_ranks import ship_ranks
from forum.kernel.clock import utc_now
from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import Act
from forum.superfans.badge import Badge, BadgeAward
from forum.superfans.grant import SuperfanGrant
from forum.superfans.points import PointEntry, PointWeight
from forum.superfans.rank import Rank
from forum.superfans.standings import Span, StandingRow, spans_of
from forum.threads.thread import Thread
from tests.application import SignInAs
from tests.cast import Cast, person
from tests.scene import Stage
from tests.web.test_forum_pages import cost, counted

FORM = {
    "title_en": "Wizard", "title_zh_Hans": "巫师", "formula": "solutions >= 1", "icon": "star", "colour": "violet", "grace_days": "7",
    "rights": ["accept_for_others"],
}  # fmt: skip
DAY = datetime(2026, 3, 2, tzinfo=UTC)
RANKS, BADGES, LEADERBOARDS, THREAD = 4, 3, 7, 5


@pytest.fixture
def max(app: Flask, cast: Cast, sign_in_as: SignInAs) -> FlaskClient:
    return sign_in_as(app.test_client(), cast.max)


@pytest.fixture
def solved(stage: Stage, session: Session, cast: Cast) -> Thread:
    """Bob solved a question of Ada's; both were reviewed without any rank."""
    thread = stage.thread(cast.ada)
    accept_answer(session, thread, stage.answer(thread, cast.bob), cast.ada, now=stage.clock.pass_by(minutes=1))
    review_due(session, stage.clock.pass_by(minutes=1), zone=UTC)
    session.commit()
    return thread


def fresh(session: Session, row: object) -> None:
    """As the application left it."""
    session.rollback()
    session.refresh(row)


# Ranks


def test_a_rank_is_tried_before_it_is_saved(max: FlaskClient, session: Session, solved: Thread) -> None:
    page = max.post("/admin/ranks/new", data={**FORM, "try": "yes"})
    assert page.status_code == 200
    assert "1 would rise, 0 would fall" in page.text and "/people/bob" in page.text
    assert "Solutions ≥ 1" in page.text
    assert 'value="Wizard"' in page.text and "solutions &gt;= 1</textarea>" in page.text
    assert session.scalars(select(Rank)).all() == []


def test_a_saved_rank_is_logged_and_lifts_who_meets_it(
    max: FlaskClient, app: Flask, session: Session, solved: Thread, cast: Cast
) -> None:
    assert max.post("/admin/ranks/new", data=FORM).status_code == 303
    rank = session.scalars(select(Rank)).one()
    assert (rank.name, rank.titles, rank.rights) == (
        "wizard",
        {"en": "Wizard", "zh_Hans": "巫师"},
        ["accept_for_others"],
    )
    logged = session.scalars(select(LogEntry).where(LogEntry.about == f"rank:{rank.id}")).one()
    assert logged.act == Act.KEEP_RANKS and logged.details["made"]["formula"] == "solutions >= 1"
    assert app.test_cli_runner().invoke(args=["superfans", "review"]).output == "2 members reviewed.\n"
    fresh(session, cast.bob)
    assert cast.bob.rank_id == rank.id and cast.bob.rights == ["accept_for_others"]
    assert "Wizard" in max.get(f"/threads/{solved.id}-{solved.slug}").text


def test_a_harder_formula_says_who_would_fall(max: FlaskClient, app: Flask, session: Session, solved: Thread) -> None:
    max.post("/admin/ranks/new", data=FORM)
    app.test_cli_runner().invoke(args=["superfans", "review"])
    rank = session.scalars(select(Rank)).one()
    page = max.post(f"/admin/ranks/{rank.id}", data={**FORM, "formula": "solutions >= 2", "try": "yes"})
    assert "0 would rise, 1 would fall" in page.text
    assert (
        max.post(f"/admin/ranks/{rank.id}", data={**FORM, "formula": "solutions >= 2", "title_en": "Sage"}).status_code
        == 303
    )
    fresh(session, rank)
    assert (rank.formula, rank.titles["en"], rank.name) == ("solutions >= 2", "Sage", "wizard")


def test_a_trial_says_who_would_get_rights_and_who_would_lose_them(
    max: FlaskClient, app: Flask, session: Session, solved: Thread
) -> None:
    """Nobody moves here, or only up; still somebody gets a right, and somebody loses one."""
    gain, lose = "Get rights that they do not have:", "Lose rights at once:"
    tried = max.post("/admin/ranks/new", data={**FORM, "try": "yes"}).text
    assert gain in tried and lose not in tried
    assert gain not in max.post("/admin/ranks/new", data={**FORM, "rights": [], "try": "yes"}).text
    max.post("/admin/ranks/new", data=FORM)
    app.test_cli_runner().invoke(args=["superfans", "review"])
    rank = session.scalars(select(Rank)).one()
    tried = max.post(f"/admin/ranks/{rank.id}", data={**FORM, "rights": [], "try": "yes"}).text
    assert "0 would rise, 0 would fall" in tried and gain not in tried and lose in tried
    tried = max.post("/admin/ranks/new", data={**FORM, "rights": [], "above": rank.id, "try": "yes"}).text
    assert "1 would rise, 0 would fall" in tried and gain not in tried and lose in tried


@pytest.mark.parametrize(
    ("state", "lose"),
    [({}, False), ({"paused_at": DAY}, False), ({"probation_until": DAY}, False), ({"rights": []}, True), ({"ended_at": DAY}, True)],
    ids=str,
)  # fmt: skip
def test_what_staff_gave_is_not_lost_with_a_rank(
    max: FlaskClient, app: Flask, session: Session, solved: Thread, cast: Cast, state: dict[str, Any], lose: bool
) -> None:
    max.post("/admin/ranks/new", data=FORM)
    app.test_cli_runner().invoke(args=["superfans", "review"])
    fresh(session, cast.bob)
    grant = {"rights": ["accept_for_others"], **state}
    session.add(SuperfanGrant(account_id=cast.bob.id, given_by_id=cast.max.id, given_at=DAY, **grant))
    session.commit()
    rank = session.scalars(select(Rank)).one()
    tried = max.post(f"/admin/ranks/{rank.id}", data={**FORM, "rights": [], "try": "yes"}).text
    assert ("Lose rights at once:" in tried) == lose


@pytest.mark.parametrize("what", ["save", "try"])
def test_what_is_wrong_in_a_formula_is_marked_and_nothing_is_lost(
    max: FlaskClient, session: Session, cast: Cast, what: str
) -> None:
    page = max.post(
        "/admin/ranks/new",
        data={**FORM, "formula": "answers > 1 && solutoins >= 1", **({"try": "yes"} if what == "try" else {})},
    )
    assert page.status_code == 422
    assert "answers &gt; 1 &amp;&amp; <mark>solutoins</mark> &gt;= 1" in page.text
    assert "At character 16:" in page.text and "solutions" in page.text
    assert 'value="Wizard"' in page.text and 'value="accept_for_others" checked' in page.text
    assert session.scalars(select(Rank)).all() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"title_en": " "}, {"title_zh_Hans": "巫" * 41}, {"icon": "../x"}, {"colour": "green"}, {"grace_days": "-1"}, {"grace_days": "x"},
        {"rights": ["give_roles"]}, {"above": "4711"}, {"formula": "1 + 1"}, {"formula": ""},
    ],
    ids=str,
)  # fmt: skip
def test_a_rank_that_cannot_be_is_refused(
    max: FlaskClient, session: Session, cast: Cast, wrong: dict[str, str]
) -> None:
    page = max.post("/admin/ranks/new", data={**FORM, **wrong})
    assert page.status_code == 422 and 'class="error"' in page.text
    assert session.scalars(select(Rank)).all() == []


def test_ranks_stand_where_they_are_put_and_a_retired_one_is_gone(
    max: FlaskClient, session: Session, cast: Cast
) -> None:
    for title, above in (("One", None), ("Three", "One"), ("Two", "One"), ("Zero", None)):
        place = {"above": session.scalars(select(Rank.id).where(Rank.name == above.lower())).one()} if above else {}
        assert max.post("/admin/ranks/new", data={**FORM, "title_en": title, **place}).status_code == 303
        session.rollback()
    named = select(Rank.name).where(Rank.retired_at.is_(None)).order_by(Rank.position)
    assert session.scalars(named).all() == ["zero", "one", "two", "three"]
    two = session.scalars(select(Rank).where(Rank.name == "two")).one()
    assert "selected" in max.get(f"/admin/ranks/{two.id}").text
    max.post(f"/admin/ranks/{two.id}/retirement")
    session.rollback()
    assert session.scalars(named).all() == ["zero", "one", "three"]
    assert max.get(f"/admin/ranks/{two.id}").status_code == 404
    assert "Retired ranks" in max.get("/admin/ranks").text


# Badges


def test_a_badge_is_tried_made_earned_pinned_and_revoked(
    app: Flask, max: FlaskClient, bob: FlaskClient, session: Session, cast: Cast, solved: Thread, sign_in_as: SignInAs
) -> None:
    form = {
        "title_en": "Solver",
        "description_en": "Solves.",
        "formula": "solutions / 1",
        "repeats": "yes",
        "icon": "medal",
        "colour": "sky",
    }
    tried = max.post("/admin/badges/new", data={**form, "try": "yes"})
    assert (
        tried.status_code == 200
        and "1 member would earn it now" in tried.text
        and session.scalar(select(Badge)) is None
    )
    assert max.post("/admin/badges/new", data=form).status_code == 303
    app.test_cli_runner().invoke(args=["superfans", "review"])
    session.rollback()
    award = session.scalars(select(BadgeAward)).one()
    assert award.account_id == cast.bob.id
    assert "Solver" in bob.get("/badges").text
    assert bob.post(f"/badges/{award.id}/pin").status_code == 303
    mallory = sign_in_as(app.test_client(), cast.mallory)
    assert mallory.post(f"/badges/{award.id}/pin").status_code == 404
    fresh(session, award)
    assert award.pinned_at is not None
    assert max.post(f"/badges/{award.id}/revocation").status_code == 303
    fresh(session, award)
    assert award.revoked_by_id == cast.max.id and award.pinned_at is None
    assert bob.post(f"/badges/{award.id}/pin").status_code == 404
    max.post(f"/badges/{award.id}/revocation/end")
    fresh(session, award)
    assert award.revoked_at is None


def test_a_condition_is_no_number_and_is_marked(max: FlaskClient, session: Session, cast: Cast) -> None:
    form = {"title_en": "Solver", "formula": "solutions >= 1", "repeats": "yes", "icon": "medal", "colour": "sky"}
    page = max.post("/admin/badges/new", data=form)
    assert (
        page.status_code == 422
        and "<mark>" in page.text
        and 'id="repeats" name="repeats" value="yes" checked' in page.text
    )


def test_four_pins_are_one_too_many(bob: FlaskClient, session: Session, cast: Cast, stage: Stage) -> None:
    ship_ranks(session, stage.clock())
    badges = session.scalars(select(Badge).limit(4)).all()
    awards = [BadgeAward(badge_id=badge.id, account_id=cast.bob.id, at=stage.clock()) for badge in badges]
    session.add_all(awards)
    session.commit()
    assert [bob.post(f"/badges/{award.id}/pin").status_code for award in awards] == [303, 303, 303, 409]
    assert bob.post(f"/badges/{awards[0].id}/pin/end").status_code == 303
    assert bob.post(f"/badges/{awards[3].id}/pin").status_code == 303


def test_a_hidden_badge_is_shown_to_nobody_before_it_is_earned(
    client: FlaskClient, session: Session, stage: Stage, cast: Cast
) -> None:
    ship_ranks(session, stage.clock())
    session.commit()
    page = client.get("/badges").text
    assert "First solution" in page and "Never too late" not in page and "2 hidden ones" in page


# Points


def test_a_weight_is_set_for_a_board_and_kept_with_its_history(
    max: FlaskClient, session: Session, solved: Thread, cast: Cast
) -> None:
    earned = session.scalars(select(PointEntry.points).order_by(PointEntry.id)).all()
    form = {"kind": "kudos", "board": solved.board_id, "points": "5", "daily_cap": "20"}
    assert max.post("/admin/points", data=form).status_code == 303
    session.rollback()
    weight = session.scalars(select(PointWeight)).one()
    assert (weight.kind, weight.board_id, weight.points, weight.daily_cap, weight.set_by_id) == (
        "kudos",
        solved.board_id,
        5,
        20,
        cast.max.id,
    )
    page = max.get("/admin/points").text
    assert "Set so far" in page and ">20<" in page
    assert session.scalars(select(PointEntry.points).order_by(PointEntry.id)).all() == earned


@pytest.mark.parametrize(
    "wrong", [{"kind": "posting"}, {"points": ""}, {"points": "-1"}, {"points": "ten"}, {"points": "1001"}, {"board": "4711"}, {"daily_cap": "-2"}, {"kind": "acceptance", "daily_cap": "10"}], ids=str
)  # fmt: skip
def test_a_weight_that_cannot_be_is_refused(
    max: FlaskClient, session: Session, cast: Cast, wrong: dict[str, str]
) -> None:
    page = max.post("/admin/points", data={"kind": "kudos", "board": "", "points": "2", "daily_cap": "", **wrong})
    assert page.status_code == 422 and 'class="error"' in page.text
    assert session.scalars(select(PointWeight)).all() == []


# For everybody


def test_the_ranks_are_public_with_their_formulas_in_words_and_every_metric(
    client: FlaskClient, session: Session, stage: Stage, cast: Cast
) -> None:
    ship_ranks(session, stage.clock())
    session.commit()
    page = client.get("/ranks").text
    assert "<li>Solutions in 90 days ≥ 5</li><li>Askers helped ≥ 25</li>" in page
    assert "median_first_response_minutes" in page and "Kudos of a newcomer weigh half" in page
    chinese = client.get("/ranks", headers={"Accept-Language": "zh-TW"}).text
    assert "超級粉絲" in chinese


# What pages cost


def test_pages_cost_the_same_however_long_the_ledger_is(
    app: Flask, session: Session, stage: Stage, cast: Cast, solved: Thread
) -> None:
    ship_ranks(session, stage.clock())
    session.commit()
    addresses = {
        "/ranks": RANKS,
        "/badges": BADGES - 1,
        "/leaderboards": LEADERBOARDS,
        f"/threads/{solved.id}-{solved.slug}": THREAD,
    }
    few = {address: cost(app, address) for address in addresses}
    plant(session, stage, number=60, rows_each=50)
    many = {address: cost(app, address) for address in addresses}
    assert many == few


def test_no_query_of_a_leaderboard_reads_the_ledger(
    app: Flask, session: Session, stage: Stage, cast: Cast, solved: Thread
) -> None:
    with counted(app) as sent:
        for span in Span:
            for by in ("points", "solutions", "kudos"):
                assert (
                    app.test_client()
                    .get(f"/leaderboards?span={span.value}&by={by}&scope=board:{solved.board_id}")
                    .status_code
                    == 200
                )
    assert sent and not [statement for statement in sent if "point_entries" in statement]
    query = next(statement for statement in sent if "ORDER BY standings.points" in statement)
    asked = ("week", "2026-11-16", "", 0, "customer", 20, 0)
    plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", asked)
    assert any("standings" in row[-1] and "USING" in row[-1] for row in plan)


def plant(session: Session, stage: Stage, *, number: int, rows_each: int) -> None:
    """Members with a long ledger each, and the one row in the standings that it adds up to."""
    people = [person(f"m{one}") for one in range(number)]
    session.add_all(people)
    session.flush()
    for account in people:
        session.add_all(
            PointEntry(
                account_id=account.id, kind="kudos", cause=f"kudos:{account.id}{row}", points=2, at=stage.clock()
            )
            for row in range(rows_each)
        )
        stand(session, account, stage.clock(), 2 * rows_each)
    session.commit()


def stand(session: Session, account: Account, at: datetime, points: int, **more: int) -> None:
    for span, first in spans_of(at):
        session.add(
            StandingRow(
                span=span.value,
                starts_on=first,
                scope="",
                account_id=account.id,
                points=points,
                **{"solutions": 0, "kudos": 0, **more},
            )
        )
    account.points += points


# Leaderboards


def places(page: str) -> list[str]:
    import re

    return re.findall(r'<td class="r place">(\d+)</td>', page)


def test_equal_figures_share_a_place_and_the_next_is_left_out(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    for account, points in ((cast.ada, 5), (cast.bob, 9), (cast.mallory, 9), (cast.sue, 2)):
        stand(session, account, utc_now(), points)
    session.commit()
    assert places(client.get("/leaderboards").text) == ["1", "1", "3", "4"]


def test_ties_across_pages_keep_their_places_and_nobody_is_lost(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    people = [person(f"m{number}") for number in range(130)]
    session.add_all(people)
    session.flush()
    for number, account in enumerate(people):
        stand(session, account, utc_now(), 1000 - number // 3)
    session.commit()
    seen: list[str] = []
    address = "/leaderboards"
    import re

    for _page in range(10):
        page = client.get(address).text
        seen += places(page)
        found = re.search(r'rel="next" href="([^"]+after=[^"]+)"', page)
        if found is None:
            break
        address = found.group(1).replace("&amp;", "&")
    assert seen == [str(number // 3 * 3 + 1) for number in range(100)]


def test_who_left_works_here_or_lost_stands_on_no_board(
    app: Flask, client: FlaskClient, bob: FlaskClient, session: Session, cast: Cast
) -> None:
    for account, points in (
        (cast.bob, 9),
        (cast.ann, 50),
        (cast.fay, 40),
        (cast.mallory, -3),
        (cast.ada, 0),
        (cast.sue, 4),
    ):
        stand(session, account, utc_now(), points)
    session.commit()
    page = client.get("/leaderboards").text
    assert places(page) == ["1", "2"] and "/people/bob" in page and "/people/ann" not in page
    assert bob.post("/account/leaderboards").status_code == 303
    page = client.get("/leaderboards").text
    assert places(page) == ["1"] and "/people/bob" not in page
    own = bob.get("/leaderboards").text
    assert "You are on no leaderboard." in own and "Place " not in own.split("Your week")[-1]
    bob.post("/account/leaderboards/end")
    assert places(client.get("/leaderboards").text) == ["1", "2"]


def test_ones_own_week_says_the_place_and_what_is_missing(bob: FlaskClient, session: Session, cast: Cast) -> None:
    for account, points in ((cast.bob, 7), (cast.sue, 9), (cast.ada, 30)):
        stand(session, account, utc_now(), points)
    week_ago = next((span, first) for span, first in spans_of(utc_now() - timedelta(days=7)) if span == Span.WEEK)
    session.add(
        StandingRow(
            span="week", starts_on=week_ago[1], scope="", account_id=cast.bob.id, points=3, solutions=0, kudos=0
        )
    )
    session.commit()
    page = bob.get("/leaderboards").text
    assert "Place 3" in page and "2 more points to the next place" in page and "Last week: 3 points" in page


def test_a_private_boards_leaderboard_is_seen_by_those_who_may_enter(
    client: FlaskClient, max: FlaskClient, session: Session, stage: Stage, cast: Cast
) -> None:
    board = stage.board("secret", private_since=stage.clock())
    session.commit()
    assert client.get(f"/leaderboards?scope=board:{board.id}").status_code == 404
    assert "Secret" not in client.get("/leaderboards").text
    assert max.get(f"/leaderboards?scope=board:{board.id}").status_code == 200


@pytest.mark.parametrize("address", ["?span=day", "?by=posts", "?scope=board:999", "?scope=point_entries"])
def test_a_leaderboard_that_is_none_is_not_found(client: FlaskClient, cast: Cast, address: str) -> None:
    assert client.get(f"/leaderboards{address}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "?day=x",
        "?day=9999-12-31",
        "?day=0001-01-01",
        "?after=x",
        "?after=9.9.9",
        f"?after={'9' * 40}.1",
        "?span=quarter&day=2026-01-01",
    ],
)
def test_whatever_the_address_says_a_page_comes(client: FlaskClient, cast: Cast, address: str) -> None:
    assert client.get(f"/leaderboards{address}").status_code == 200


def test_earlier_weeks_can_be_reached_and_the_way_back(client: FlaskClient, session: Session, cast: Cast) -> None:
    ago = utc_now() - timedelta(days=21)
    stand(session, cast.bob, ago, 5)
    session.commit()
    page = client.get("/leaderboards").text
    first = next(first for span, first in spans_of(ago) if span == Span.WEEK)
    assert f"day={first}" in page and "Nobody yet" in page
    assert places(client.get(f"/leaderboards?span=week&day={first}").text) == ["1"]
    assert 'rel="next"' in client.get(f"/leaderboards?span=week&day={first}").text


def test_what_holds_fills_the_form_so_that_no_limit_is_lost(max: FlaskClient, session: Session, solved: Thread) -> None:
    own = {"kind": "kudos", "board": solved.board_id, "points": "7", "daily_cap": "21"}
    max.post("/admin/points", data=own)
    link = f"/admin/points?kind=kudos&amp;board={solved.board_id}#enter"
    assert link in max.get("/admin/points").text

    def filled(address: str) -> list[str]:
        page = max.get(address).text
        return [re.findall(rf'<input[^>]*name="{name}"[^>]*value="(\d*)"', page)[0] for name in ("points", "daily_cap")]

    assert filled(f"/admin/points?kind=kudos&board={solved.board_id}") == ["7", "21"]
    assert filled("/admin/points?kind=kudos&board=") == filled("/admin/points?kind=kudos&board=4711") == ["2", "60"]
    assert filled("/admin/points?kind=acceptance") == ["10", ""]
    assert filled("/admin/points?kind=nonsense") == filled("/admin/points") == ["", ""]


def test_a_metric_is_shown_as_it_is_written_in_a_formula(max: FlaskClient, session: Session, cast: Cast) -> None:
    """Right below the formula, inside its form, with the endings of its windows."""
    for path in ("/admin/ranks/new", "/admin/badges/new"):
        form = max.get(path).text.split('<form class="form"')[1].split("</form>")[0]
        below = form.split('name="formula"')[1]
        assert "<code>_90d</code>" in below and ">earlier_solutions</code>" in below and "`" not in below
