"""The bell, the page behind it, what to hear of, and the link in a mail that ends such mails."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.give_kudos import give_kudos
from forum.actions.tell import About, tell
from forum.exports.notice_mail import stop_token
from forum.kernel.database import set_writing
from forum.kernel.settings import Settings
from forum.notices.events import ANSWERED, BADGE, EVENTS, RANK_NEAR, RANK_RISEN, STAFF_THANKS
from forum.notices.notice import Notice, NoticeChoice
from forum.people.account import Account
from forum.superfans.badge import Badge
from forum.superfans.rank import Rank
from forum.threads.board import Board
from forum.threads.post import Post
from forum.threads.thread import Thread
from tests.application import SignInAs
from tests.cast import Cast
from tests.scene import Stage
from tests.web.test_forum_pages import counted

QUERIES = 9  # sign-in, boards, the list with its newest, and one for each kind of thing that it speaks of


@pytest.fixture
def told(stage: Stage, session: Session, cast: Cast, thread: Thread) -> Notice:
    """Ada, that Sue replied."""
    tell_ada(stage, session, cast, thread)
    return session.scalars(select(Notice)).one()


def tell_ada(stage: Stage, session: Session, cast: Cast, thread: Thread, key: str = "post:1") -> None:
    post = session.scalars(select(Post).where(Post.thread_id == thread.id, Post.number == 2)).one()
    tell(session, cast.ada.id, ANSWERED, About(key, thread.id, post.id, cast.sue.id), stage.clock.pass_by(seconds=1))
    session.commit()


def fresh(session: Session, account: Account) -> Account:
    session.rollback()
    session.refresh(account)
    return account


def badge_of(page: str) -> str | None:
    found = re.search(r'<a class="btn ghost icon has-badge" href="/notifications">.*?</a>', page, re.S)
    assert found
    number = re.search(r'class="badge num">(\d+)', found.group())
    return number.group(1) if number else None


def test_a_visitor_has_no_bell_and_a_member_one_with_a_number(
    client: FlaskClient, ada: FlaskClient, told: Notice, app: Flask
) -> None:
    assert "/notifications" not in app.test_client().get("/").text
    assert badge_of(ada.get("/").text) == "1"
    ada.post(f"/notifications/{told.id}")
    assert badge_of(ada.get("/").text) is None


def test_the_number_in_the_header_costs_no_query(
    app: Flask, ada: FlaskClient, stage: Stage, session: Session, cast: Cast, thread: Thread
) -> None:
    with counted(app) as before:
        ada.get("/")
    for number in range(5):
        tell_ada(stage, session, cast, thread, f"post:{number}")
    with counted(app) as after:
        assert badge_of(ada.get("/").text) == "5"
    assert len(after) == len(before)


def test_nothing_yet(ada: FlaskClient) -> None:
    page = ada.get("/notifications")
    assert page.status_code == 200
    assert "Nothing yet" in page.text
    assert "Mark all as read" not in page.text


def test_a_new_one_says_so_in_words_and_looking_at_the_list_changes_nothing(
    ada: FlaskClient, told: Notice, session: Session, cast: Cast
) -> None:
    for _look in range(2):
        page = ada.get("/notifications").text
        assert "Sue replied to your question “My wifi drops every night”" in page
        assert "Choose channel 36." in page
        assert page.count("New</span>") == 1
        assert "1 is new" in page
    assert fresh(session, cast.ada).unread_notices == 1


def test_opening_one_marks_it_and_leads_to_its_post(
    ada: FlaskClient, told: Notice, session: Session, cast: Cast
) -> None:
    answer = ada.post(f"/notifications/{told.id}")
    assert (answer.status_code, answer.location) == (303, f"/posts/{told.post_id}")
    assert ada.get(answer.location).status_code == 302
    assert fresh(session, cast.ada).unread_notices == 0
    page = ada.get("/notifications").text
    assert "Sue replied" in page
    assert "New</span>" not in page
    assert ada.post(f"/notifications/{told.id}", data={"stay": "yes"}).location == "/notifications"


def test_a_link_alone_opens_nothing(ada: FlaskClient, told: Notice) -> None:
    assert ada.get(f"/notifications/{told.id}").status_code == 405


def test_anothers_is_not_there(bob: FlaskClient, told: Notice, session: Session, cast: Cast) -> None:
    assert bob.post(f"/notifications/{told.id}").status_code == 404
    bob.post("/notifications/reading", data={"up_to": told.id})
    assert fresh(session, cast.ada).unread_notices == 1
    assert "Sue replied" not in bob.get("/notifications").text


def test_marking_all_leaves_what_came_after_the_page_was_shown(
    ada: FlaskClient, told: Notice, stage: Stage, session: Session, cast: Cast, thread: Thread
) -> None:
    shown = re.search(r'name="up_to" value="(\d+)"', ada.get("/notifications").text)
    assert shown
    tell_ada(stage, session, cast, thread, "post:2")
    assert ada.post("/notifications/reading", data={"up_to": shown.group(1)}).status_code == 303
    assert fresh(session, cast.ada).unread_notices == 1
    assert ada.post("/notifications/reading", data={"up_to": "all"}).status_code == 303
    assert fresh(session, cast.ada).unread_notices == 1


def test_neighbours_of_one_thread_stand_together_and_pages_follow_each_other(
    ada: FlaskClient, stage: Stage, session: Session, cast: Cast, thread: Thread
) -> None:
    for number in range(35):
        tell_ada(stage, session, cast, thread, f"post:{number}")
        if number == 20:
            tell(
                session,
                cast.ada.id,
                STAFF_THANKS,
                About("thanks:1", by_id=cast.cleo.id, details={"reason": "For <b>it</b>"}),
                stage.clock(),
            )
            session.commit()
    first = ada.get("/notifications").text
    assert first.count('<h2 class="visually-hidden">My wifi drops every night</h2>') == 2
    assert "Cleo thanks you on behalf of the team" in first
    assert "For &lt;b&gt;it&lt;/b&gt;" in first
    older = re.search(r'rel="next" href="(/notifications\?before=\d+)"', first)
    assert older
    second = ada.get(older.group(1)).text
    ids = [re.findall(r'id="notice-(\d+)"', page) for page in (first, second)]
    assert (len(ids[0]), len(ids[1]), len({*ids[0], *ids[1]})) == (30, 6, 36)
    assert 'rel="next"' not in second
    assert ada.get("/notifications?before=999999").status_code == ada.get("/notifications?before=x").status_code == 200


def test_it_costs_the_same_however_many_there_are(
    app: Flask, ada: FlaskClient, stage: Stage, session: Session, cast: Cast, thread: Thread
) -> None:
    now = stage.clock()
    rank = Rank(
        name="guide",
        position=1,
        formula="solutions >= 1",
        titles={"en": "Guide"},
        icon="star",
        colour="blue",
        made_at=now,
        changed_at=now,
    )
    badge = Badge(
        name="light",
        formula="solutions >= 1",
        titles={"en": "Light"},
        icon="star",
        colour="blue",
        made_at=now,
        changed_at=now,
    )
    session.add_all([rank, badge])
    session.flush()
    costs = []
    for number in range(12):
        tell_ada(stage, session, cast, thread, f"post:{number}")
        for event, details in (
            (RANK_RISEN, {"rank": rank.id}),
            (BADGE, {"badge": badge.id, "number": number + 1}),
            (RANK_NEAR, {"rank": rank.id, "metric": "solutions_90d", "missing": 2}),
        ):
            tell(session, cast.ada.id, event, About(f"{event.name}:{number}", details=details), stage.clock())
        session.commit()
        with counted(app) as sent:
            page = ada.get("/notifications").text
        costs.append(len(sent))
    assert "You reached a new rank: Guide" in page
    assert "You earned a badge: Light" in page or "Light, number" in page
    assert "Solutions: 2 to go" in page
    assert costs == [QUERIES] * 12, sent


def test_of_what_may_not_be_read_any_more_nothing_is_shown(
    ada: FlaskClient, told: Notice, session: Session, thread: Thread
) -> None:
    session.get_one(Board, thread.board_id).private_since = datetime.now(UTC)
    session.commit()
    page = ada.get("/notifications").text
    assert "Somebody replied to your question" in page
    assert "wifi drops" not in page
    assert "channel 36" not in page
    assert ada.post(f"/notifications/{told.id}").location == "/notifications"


def test_thanks_given_in_the_page_stand_behind_the_bell(
    ada: FlaskClient, app: Flask, sign_in_as: SignInAs, session: Session, cast: Cast, thread: Thread, stage: Stage
) -> None:
    post = session.scalars(select(Post).where(Post.thread_id == thread.id, Post.number == 2)).one()
    give_kudos(session, thread, post, cast.bob, stage.clock())
    session.commit()
    ada.post(f"/posts/{post.id}/kudos")
    sue = sign_in_as(app.test_client(), cast.sue)
    assert "Ada and one other gave kudos to your post" in sue.get("/notifications").text


class TestChoices:
    def test_members_see_no_staff_events_and_staff_do(
        self, ada: FlaskClient, app: Flask, cast: Cast, sign_in_as: SignInAs
    ) -> None:
        page = ada.get("/account/notifications").text
        assert "Somebody replied to your question" in page
        assert "Votes that look wrong" not in page
        assert page.count('type="checkbox"') == 2 * sum(not event.for_staff for event in EVENTS.values())
        assert "Votes that look wrong" in sign_in_as(app.test_client(), cast.ann).get("/account/notifications").text

    def test_what_is_ticked_is_kept_and_shown_again(self, ada: FlaskClient, session: Session, cast: Cast) -> None:
        data = {"page-named": "yes", "mail-named": "yes", "page-suspicion": "yes", "paused_until": ""}
        assert ada.post("/account/notifications", data=data).status_code == 303
        kept = {one.event: (one.in_page, one.by_mail) for one in session.scalars(select(NoticeChoice))}
        assert kept["named"] == (True, True)
        assert kept["answered"] == (False, False)
        assert "suspicion" not in kept
        page = ada.get("/account/notifications").text
        ticked = set(re.findall(r'name="((?:page|mail)-\w+)"[^>]* checked', page))
        assert ticked == {"page-named", "mail-named"}

    def test_a_rest_from_mails(self, ada: FlaskClient, session: Session, cast: Cast) -> None:
        day = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
        assert ada.post("/account/notifications", data={"paused_until": day}).status_code == 303
        until = fresh(session, cast.ada).mail_paused_until
        assert until is not None and timedelta(days=18) < until - datetime.now(UTC) < timedelta(days=21)
        assert f'value="{day}"' in ada.get("/account/notifications").text
        assert ada.post("/account/notifications", data={"paused_until": ""}).status_code == 303
        assert fresh(session, cast.ada).mail_paused_until is None

    def test_a_wrong_day_keeps_what_was_ticked_and_changes_nothing(
        self, ada: FlaskClient, session: Session, cast: Cast
    ) -> None:
        answer = ada.post("/account/notifications", data={"mail-named": "yes", "paused_until": "<never>"})
        assert answer.status_code == 422
        assert "This is not a date." in answer.text
        assert 'value="&lt;never&gt;"' in answer.text
        assert re.search(r'name="mail-named"[^>]* checked', answer.text)
        assert session.scalars(select(NoticeChoice)).all() == []


class TestStopping:
    @pytest.fixture
    def link(self, settings: Settings, cast: Cast) -> str:
        return f"/mail/stop/{stop_token(settings.secret_key, cast.ada.id, ['answered', 'named'])}"

    def mailed(self, session: Session, cast: Cast) -> set[str]:
        session.rollback()
        return set(
            session.scalars(
                select(NoticeChoice.event).where(NoticeChoice.account_id == cast.ada.id, ~NoticeChoice.by_mail)
            )
        )

    def test_following_the_link_shows_a_button_and_ends_nothing(
        self, client: FlaskClient, link: str, session: Session, cast: Cast
    ) -> None:
        page = client.get(link)
        assert "Somebody replied to your question" in page.text
        assert "Stop these mails" in page.text
        assert page.headers["Cache-Control"] == "no-store"
        assert self.mailed(session, cast) == set()

    def test_a_mail_program_ends_them_in_one_click_from_nowhere(
        self, app: Flask, link: str, session: Session, cast: Cast
    ) -> None:
        program = FlaskClient(app, app.response_class)  # sends no header of a browser
        answer = program.post(link, data={"List-Unsubscribe": "One-Click"})
        set_writing(False)  # as the tests' own browser does
        assert answer.status_code == 200
        assert self.mailed(session, cast) == {"answered"}  # the other one was off by itself
        session.rollback()
        assert program.post(link).status_code == 200
        set_writing(False)

    @pytest.mark.parametrize("site", ["cross-site", "none", "same-origin"])
    def test_whoever_is_signed_in_it_is_the_links_owner_who_gets_no_more(
        self, bob: FlaskClient, link: str, session: Session, cast: Cast, site: str
    ) -> None:
        answer = bob.post(link, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 200
        assert "Bob" not in answer.text
        assert self.mailed(session, cast) == {"answered"}
        assert session.scalars(select(NoticeChoice.account_id)).all() == [cast.ada.id]

    def test_it_speaks_the_language_of_the_mail(
        self, client: FlaskClient, link: str, session: Session, cast: Cast
    ) -> None:
        cast.ada.language = "zh_Hans"
        session.commit()
        assert 'lang="zh-Hans"' in client.get(link).text

    @pytest.mark.parametrize("broken", ["x", "x.y", "%00.%00", "MTphbnN3ZXJlZA.AAAA"])
    def test_a_link_that_is_not_ours_is_none(self, client: FlaskClient, broken: str, cast: Cast) -> None:
        assert client.get(f"/mail/stop/{broken}").status_code == 404
        assert client.post(f"/mail/stop/{broken}").status_code == 404

    def test_a_link_of_who_has_left_is_none(self, client: FlaskClient, link: str, session: Session, cast: Cast) -> None:
        cast.ada.closed_at = datetime.now(UTC)
        session.commit()
        assert client.post(link).status_code == 404

    def test_no_other_address_is_open_to_other_sites(self, ada: FlaskClient) -> None:
        for path in ("/mail/stop", "/account/notifications", "/notifications/reading", "/mail"):
            assert ada.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
