"""A member's profile, where their points come from: who sees what, and what it costs."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.actions.follow_thread import have_same_problem
from forum.actions.give_kudos import give_kudos
from forum.actions.measure_members import measure
from forum.actions.withdraw_acceptance import withdraw_acceptance
from forum.kernel.clock import utc_now
from forum.people.account import Account
from forum.superfans.badge import Badge, BadgeAward
from forum.superfans.grant import Thanks
from forum.superfans.points import PointEntry
from forum.superfans.rank import MemberMeasure, Rank
from forum.threads.board import Board
from forum.threads.post import Post
from forum.threads.thread import Thread
from tests.application import SignInAs
from tests.cast import Cast
from tests.scene import Stage
from tests.web.test_forum_pages import cost


def measured(session: Session, *accounts: Account) -> None:
    """As the review keeps it."""
    now = utc_now()
    for account_id, values in measure(session, [one.id for one in accounts], now, now.tzinfo).items():  # type: ignore[arg-type]
        kept = {name: None if value is None else str(value) for name, value in values.items()}
        session.merge(MemberMeasure(account_id=account_id, values=kept, measured_at=now))
    session.commit()


def solve(session: Session, stage: Stage, cast: Cast, thread: Thread, by: Account, **words: str) -> Post:
    post = stage.answer(thread, by, **words)
    accept_answer(session, thread, post, cast.ada, now=stage.clock.pass_by(seconds=1))
    return post


@pytest.fixture
def bobs(session: Session, stage: Stage, cast: Cast) -> Thread:
    """Bob solved a question of Ada's, in which Mallory said "same problem" and Sue gave kudos."""
    thread = stage.thread(cast.ada, language="zh-Hans", title="A wifi that drops")
    have_same_problem(session, thread, cast.mallory, stage.clock())
    post = solve(session, stage, cast, thread, cast.bob)
    give_kudos(session, thread, post, cast.sue, stage.clock())
    session.commit()
    measured(session, cast.bob)
    return thread


def badge(session: Session, name: str, **more: object) -> Badge:
    made = Badge(
        name=name, formula="solutions >= 1", titles={"en": name.title(), "zh_Hans": "徽章"}, descriptions={"en": f"For {name}."},
        icon="star", colour="teal", made_at=utc_now(), changed_at=utc_now(), **more,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def test_a_profile_shows_what_somebody_did_for_others(
    client: FlaskClient, bobs: Thread, session: Session, cast: Cast
) -> None:
    cast.bob.rank_id = _rank(session).id
    session.commit()
    page = client.get("/people/bob").text
    assert "Guide" in page and "A wifi that drops" in page
    assert '<div class="big">1</div>' in page  # a solution
    assert '<div class="big">2</div>' in page  # Ada who asked, and Mallory who had it, too
    assert "Simplified" in page or "Chinese" in page
    assert 'href="/boards/wifi"' in page
    assert "Where your points come from" not in page
    assert "向导" in client.get("/people/bob", headers={"Accept-Language": "zh-CN"}).text


def test_an_account_that_was_never_measured_has_a_page_too(client: FlaskClient, cast: Cast) -> None:
    page = client.get("/people/mallory").text
    assert "None yet" in page
    assert "People helped" not in page


def test_badges_stand_pinned_first_each_once_and_revoked_ones_not_at_all(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    now = utc_now()
    first, again, gone = badge(session, "first"), badge(session, "again", repeats=True), badge(session, "gone")
    session.add_all(
        BadgeAward(badge_id=again.id, account_id=cast.bob.id, number=number, at=now) for number in (1, 2, 3)
    )
    session.add(BadgeAward(badge_id=first.id, account_id=cast.bob.id, at=now, pinned_at=now))
    session.add(
        BadgeAward(badge_id=gone.id, account_id=cast.bob.id, at=now, revoked_at=now, revoked_by_id=cast.cleo.id)
    )
    session.commit()
    page = client.get("/people/bob").text
    assert page.index("For first.") < page.index("For again.")
    assert page.count("For again.") == 1 and "×3" in page
    assert "For gone." not in page
    assert page.count("Pinned") == 1


def test_thanks_of_staff_are_for_the_thanked_alone(
    app: Flask, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    session.add(
        Thanks(account_id=cast.bob.id, by_id=cast.ann.id, at=utc_now(), reason="You stayed up with a stranger.")
    )
    session.commit()
    for who in (None, cast.ada, cast.ann, cast.max):
        browser = app.test_client() if who is None else sign_in_as(app.test_client(), who)
        assert "stayed up" not in browser.get("/people/bob").text
    assert "stayed up" in sign_in_as(app.test_client(), cast.bob).get("/people/bob").text


def test_who_left_the_leaderboards_shows_no_figures_to_others(
    app: Flask, bobs: Thread, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    cast.bob.off_leaderboards_since = utc_now()
    session.commit()
    for who in (None, cast.ada, cast.fay):
        browser = app.test_client() if who is None else sign_in_as(app.test_client(), who)
        page = browser.get("/people/bob").text
        assert (
            "Kudos received" not in page
            and 'class="big"' not in page
            and "card" not in page.split("<main")[1].split('class="acts')[0][:200]
        )
        assert "A wifi that drops" in page  # what was solved stands in public anyway
    for who in (cast.bob, cast.ann):
        assert "Kudos received" in sign_in_as(app.test_client(), who).get("/people/bob").text


def test_a_profile_costs_the_same_however_much_somebody_wrote(
    app: Flask, bobs: Thread, session: Session, stage: Stage, cast: Cast
) -> None:
    few = cost(app, "/people/bob")
    board = session.get_one(Board, bobs.board_id)
    for number in range(15):
        solve(
            session,
            stage,
            cast,
            stage.thread(cast.ada, board, title=f"Another wifi {number}"),
            cast.bob,
            text=f"Do {number}.",
        )
        made = badge(session, f"badge-{number}")
        session.add(BadgeAward(badge_id=made.id, account_id=cast.bob.id, at=utc_now()))
    session.commit()
    measured(session, cast.bob)
    assert cost(app, "/people/bob") == few == 7


# Points


def test_one_sees_each_row_of_ones_own_points(
    app: Flask, bobs: Thread, session: Session, stage: Stage, cast: Cast, sign_in_as: SignInAs
) -> None:
    withdraw_acceptance(session, bobs, cast.ada, now=stage.clock.pass_by(minutes=1))
    session.commit()
    page = sign_in_as(app.test_client(), cast.bob).get("/people/bob/points").text
    assert page.count("Answer accepted") == 2 and page.count("taken back") >= 1
    assert "+10" in page and "-10" in page.replace("−", "-")
    assert "Kudos on an answer" in page and "A wifi that drops" in page


@pytest.mark.parametrize("who", ["ada", "sue", "ann", "cleo", "fay", "max", "mallory"])
def test_nobody_sees_where_somebody_elses_points_come_from(
    client: FlaskClient, bobs: Thread, cast: Cast, sign_in_as: SignInAs, who: str
) -> None:
    refused = sign_in_as(client, getattr(cast, who)).get("/people/bob/points")
    assert refused.status_code == 403
    assert "A wifi that drops" not in refused.text


def test_the_points_of_a_private_thread_are_listed_without_its_title(
    app: Flask, bobs: Thread, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    session.get_one(Board, bobs.board_id).private_since = utc_now()
    session.commit()
    page = sign_in_as(app.test_client(), cast.bob).get("/people/bob/points").text
    assert "A wifi that drops" not in page and "no longer to be seen" in page and "Answer accepted" in page


def test_points_are_read_page_by_page_to_the_last_row(
    app: Flask, bobs: Thread, session: Session, cast: Cast, sign_in_as: SignInAs
) -> None:
    at = utc_now()
    session.add_all(
        PointEntry(
            account_id=cast.bob.id, kind="kudos", cause=f"kudos:{number}", points=number, at=at, thread_id=bobs.id
        )
        for number in range(1000, 1070)
    )
    session.commit()
    browser, address, seen = sign_in_as(app.test_client(), cast.bob), "/people/bob/points", 0
    costs = set()
    while address:
        page = browser.get(address).text
        seen += page.count("data-entry")
        costs.add(page.count("Kudos on an answer") <= 30)
        found = page.partition('rel="next" href="')[2]
        address = found.partition('"')[0].replace("&amp;", "&") if found else ""
    assert seen == len(session.scalars(select(PointEntry.id).where(PointEntry.account_id == cast.bob.id)).all())
    assert costs == {True}
    assert browser.get("/people/bob/points?before=nonsense").status_code == 200


def _rank(session: Session) -> Rank:
    made = Rank(
        name="guide", position=3, formula="solutions >= 1", titles={"en": "Guide", "zh_Hans": "向导"}, icon="compass", colour="teal",
        made_at=utc_now(), changed_at=utc_now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made
