"""Where a member stands, as their own pages say it: the way to the next rank, pins, the week, the place in the programme."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.answer_invitation import accept_invitation
from forum.actions.invite_superfan import invite_superfan
from forum.actions.settle_rights import settle_rights
from forum.actions.ship_ranks import ship_ranks
from forum.kernel.clock import utc_now
from forum.people.account import Account
from forum.superfans.badge import Badge, BadgeAward
from forum.superfans.grant import SuperfanGrant
from forum.superfans.rank import MemberMeasure, Rank
from forum.superfans.standings import StandingRow, spans_of
from forum.threads.thread import Thread
from tests.application import SignInAs
from tests.cast import Cast
from tests.scene import Stage
from tests.web.test_forum_pages import counted

RANKS, PROFILE, PROGRAMME = 6, 10, 6  # queries of a signed-in member's page


@pytest.fixture
def ranks(session: Session, stage: Stage) -> dict[str, Rank]:
    ship_ranks(session, stage.clock())
    session.commit()
    return {rank.name: rank for rank in session.scalars(select(Rank))}


def holds(session: Session, account: Account, rank: Rank, **values: object) -> None:
    account.rank_id = rank.id
    kept = {name: str(value) for name, value in values.items()}
    session.merge(MemberMeasure(account_id=account.id, values=kept, measured_at=utc_now()))
    session.commit()


def queries(app: Flask, browser: FlaskClient, address: str) -> int:
    with counted(app) as sent:
        assert browser.get(address).status_code == 200
    return len(sent)


# The way to the next rank


def test_a_member_sees_what_is_missing_to_the_next_rank_and_nobody_else_does(
    app: Flask, bob: FlaskClient, client: FlaskClient, session: Session, cast: Cast, ranks: dict[str, Rank]
) -> None:
    holds(session, cast.bob, ranks["helper"], solutions=7, solutions_365d=7, people_helped=5)
    for address in ("/ranks", "/people/bob"):
        page = bob.get(address).text
        assert "Solutions: 3 to go" in page, address
        assert 'max="10" value="7"' in page
        assert "Askers helped:" not in page  # five are enough
        assert "to go" not in client.get(address).text
    assert "your next rank" in bob.get("/ranks").text
    assert "Your next rank" in bob.get("/people/bob").text


def test_on_the_highest_rank_before_measuring_and_of_staff_nothing_is_missing(
    app: Flask, bob: FlaskClient, session: Session, cast: Cast, ranks: dict[str, Rank], sign_in_as: SignInAs
) -> None:
    assert "to go" not in bob.get("/ranks").text  # never measured
    holds(session, cast.bob, ranks["legend"], solutions=7)
    assert "to go" not in bob.get("/ranks").text
    assert "next rank" not in sign_in_as(app.test_client(), cast.ann).get("/ranks").text


def test_whoever_may_fall_reads_until_when_they_keep_the_rank_and_what_it_takes(
    bob: FlaskClient, session: Session, cast: Cast, ranks: dict[str, Rank]
) -> None:
    holds(session, cast.bob, ranks["guide"], solutions=10, solutions_365d=1, people_helped=9)
    assert "You keep it until" not in bob.get("/ranks").text
    cast.bob.rank_falls_at = utc_now() + timedelta(days=9)
    session.commit()
    for address in ("/ranks", "/people/bob"):
        page = bob.get(address).text
        assert "You keep it until" in page, address
        assert "Solutions in 365 days: 2 to go" in page  # to keep the guide, not to become an expert
        assert page.count("to go") == 1


def test_the_way_to_the_next_rank_costs_a_query_or_two(
    app: Flask, bob: FlaskClient, session: Session, cast: Cast, ranks: dict[str, Rank]
) -> None:
    holds(session, cast.bob, ranks["helper"], solutions=7)
    assert queries(app, bob, "/ranks") == RANKS
    assert queries(app, bob, "/people/bob") == PROFILE


# The profile


def test_a_superfan_is_called_one_whatever_the_rank(
    client: FlaskClient, session: Session, cast: Cast, ranks: dict[str, Rank]
) -> None:
    holds(session, cast.sue, ranks["expert"])
    for name, title in (("expert", "Expert"), ("champion", "Champion")):
        holds(session, cast.sue, ranks[name])
        head = client.get("/people/sue").text.partition("Here since")[0]
        assert (head.count(f"{title}<"), head.count("Superfan<")) == (1, 1)


def test_beside_an_answer_stand_the_rank_of_its_author_and_that_they_are_a_superfan(
    client: FlaskClient, session: Session, stage: Stage, cast: Cast, ranks: dict[str, Rank]
) -> None:
    thread = stage.thread(cast.ada)
    stage.answer(thread, cast.sue)
    holds(session, cast.sue, ranks["champion"])
    page = client.get(f"/threads/{thread.id}", follow_redirects=True).text
    assert (page.count("Champion<"), page.count("Superfan<")) == (1, 1)


def test_nobody_is_shown_with_a_big_nought(
    client: FlaskClient, session: Session, cast: Cast, ranks: dict[str, Rank]
) -> None:
    holds(session, cast.sue, ranks["contributor"], answers=4, kudos_received=0, people_reached=0)
    assert 'class="big"' not in client.get("/people/sue").text
    cast.sue.solutions = 1
    session.commit()
    assert 'class="big"' in client.get("/people/sue").text


# Pins


def test_a_fourth_pin_is_refused_where_the_badges_stand(
    bob: FlaskClient, session: Session, cast: Cast, ranks: dict[str, Rank]
) -> None:
    badges = session.scalars(select(Badge).limit(4)).all()
    awards = [BadgeAward(badge_id=badge.id, account_id=cast.bob.id, at=utc_now()) for badge in badges]
    session.add_all(awards)
    session.commit()
    for award in awards[:3]:
        assert bob.get("/badges").text.count('/pin"') > 0
        bob.post(f"/badges/{award.id}/pin")
    page = bob.get("/badges").text
    assert '/pin"' not in page and page.count('/pin/end"') == 3  # what would be refused is not offered
    assert "Three badges are pinned already." in page
    refused = bob.post(f"/badges/{awards[3].id}/pin")  # from a page that was older
    assert refused.status_code == 409
    assert "Three badges are pinned already." in refused.text
    assert "Your badges" in refused.text and "Somebody was faster" not in refused.text


# Leaderboards


def test_ones_own_week_stands_above_the_board_and_languages_by_their_names(
    bob: FlaskClient, session: Session, cast: Cast
) -> None:
    now = utc_now()
    for span, first in spans_of(now):
        for scope in ("", "language:zh-Hans", "network:Sandbox"):
            row = StandingRow(
                span=span.value, starts_on=first, scope=scope, account_id=cast.bob.id, points=7, solutions=0, kudos=3
            )
            session.add(row)
    session.commit()
    page = bob.get("/leaderboards").text
    assert page.index("Your week") < page.index("<table")
    assert "Language: zh-Hans" not in page
    assert "Simplified Chinese" in page or "Chinese (Simplified" in page
    assert "Network: Sandbox" in page
    for address in ("/ranks", "/badges", "/leaderboards"):  # each leads to the others
        assert bob.get(address).text.count('<nav class="tabs" aria-label="Ranks, badges and points"') == 1


# The programme


def test_a_superfan_reads_their_rights_the_private_boards_and_the_terms_they_agreed_to(
    app: Flask, bob: FlaskClient, session: Session, cast: Cast, stage: Stage, ranks: dict[str, Rank]
) -> None:
    stage.board("lounge", private_since=stage.clock())
    session.commit()
    page = bob.get("/programme").text
    assert 'href="/ranks"' in page and "/boards/lounge" not in page and "Terms of the programme" not in page
    sent = invite_superfan(session, cast.bob, cast.cleo, words="", now=stage.clock())
    accept_invitation(session, cast.bob, sent.id, stage.clock.pass_by(minutes=5))
    session.commit()
    page = bob.get("/programme").text
    main = page.partition("<main")[2]
    assert "Accept answers for others" in main and "Move threads" in main
    assert "Answers to mentions go out at once" not in main  # not in probation
    assert 'href="/boards/lounge"' in main
    assert "You agreed to them on" in main and "<strong>What you may do.</strong>" in main
    assert queries(app, bob, "/programme") == PROGRAMME


def test_after_probation_nobody_asks_the_member_to_decide(
    bob: FlaskClient, session: Session, cast: Cast, stage: Stage, ranks: dict[str, Rank]
) -> None:
    now = utc_now()
    grant = SuperfanGrant(
        account_id=cast.bob.id, given_by_id=cast.cleo.id, given_at=now - timedelta(days=20), rights=["edit_tags"],
        probation_until=now - timedelta(days=6),
    )  # fmt: skip
    session.add(grant)
    session.flush()
    settle_rights(session, cast.bob, now)
    session.commit()
    page = bob.get("/programme").text
    assert "Your probation is over, and the team will look at it." in page
    assert "please decide" not in page


# Private boards


def test_a_private_board_says_that_it_is_one(
    app: Flask, client: FlaskClient, session: Session, cast: Cast, stage: Stage, thread: Thread, sign_in_as: SignInAs
) -> None:
    stage.board("lounge", private_since=stage.clock())
    session.commit()
    ann = sign_in_as(app.test_client(), cast.ann)
    assert "Private board" in ann.get("/boards/lounge").text.partition('class="tabs"')[0].partition("<main")[2]
    assert "Private board" not in client.get("/boards/wifi").text
