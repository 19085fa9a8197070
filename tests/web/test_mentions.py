"""Staff's list of mentions: filtered by address, continued by key, routed by hand."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from forum.actions.route_mention import route_mention
from forum.kernel.errors import Conflict, NotAllowed
from forum.listening.mention import Mention, Route
from forum.moderation.log import LogEntry
from forum.outbox.delivery import State
from forum.threads.post import Post
from forum.threads.thread import Thread
from tests.actions.listening_world import (
    NOW,
    ListeningWorld,
    a_connection,
    a_mention,
    an_answered_mention,
    listening_world,
)
from tests.application import QuietParts, SignInAs
from tests.cast import Cast


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def world(parts: QuietParts) -> ListeningWorld:
    return listening_world(parts.sessions)


@pytest.fixture
def agent(client: FlaskClient, cast: Cast, sign_in_as: SignInAs) -> FlaskClient:
    return sign_in_as(client, cast.ann)


def kept(session: Session, world: ListeningWorld, remote_id: str = "1", **more: object) -> Mention:
    connection_id = more.pop("connection_id", world.connection_id)
    mention = a_mention(connection_id, remote_id, **more)  # type: ignore[arg-type]
    session.add(mention)
    session.commit()
    return mention


def now_is(session: Session, mention: Mention) -> Mention:
    session.rollback()
    session.expire_all()
    return session.get_one(Mention, mention.id)


def shown(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="mention-(\d+)"', page)]


def test_an_empty_list_says_what_to_do_next(agent: FlaskClient, world: ListeningWorld, session: Session) -> None:
    assert 'href="/sandbox"' in agent.get("/mentions").text
    assert "Show all mentions" in agent.get("/mentions?route=staff").text


def test_a_mention_is_shown_with_its_route_and_why(agent: FlaskClient, world: ListeningWorld, session: Session) -> None:
    kept(session, world, route=Route.STAFF, route_reasons=["legal", "angry"], language="de",
         why_not="The post has been deleted on the network.")  # fmt: skip
    page = agent.get("/mentions").text
    for words in ("@mira", "my wifi drops", "Sandbox", "speaks of the law and sounds angry", 'lang="de"',
                  "The post has been deleted on the network.", "http://forum.example/sandbox/posts/1"):  # fmt: skip
        assert words in page


def test_personal_data_is_shown_to_staff_only_and_says_why(
    agent: FlaskClient, world: ListeningWorld, session: Session, app: object
) -> None:
    mention = kept(
        session, world, text="call me at +49 151 23456789", route=Route.PRIVATE, route_reasons=["personal_data"]
    )
    page = agent.get("/mentions").text
    assert "shows personal data" in page
    assert "So it is shown to staff only." in page
    assert mention.text not in agent.get("/").text


def test_filters_stand_in_the_address_and_keep_each_other(
    agent: FlaskClient, world: ListeningWorld, session: Session, cast: Cast
) -> None:
    other = a_connection(world.board_id, kind="x", title="X", account_handle="routerly_x", account_remote_id="x1")
    session.add(other)
    session.commit()
    staff = kept(session, world, "1", route=Route.STAFF).id
    ignored = kept(session, world, "2", route=Route.IGNORE).id
    gone = kept(session, world, "3", route=Route.STAFF, connection_id=other.id, why_not="No.").id
    fresh = kept(session, world, "4").id
    answered = an_answered_mention(session, world.connection_id, world.board_id, "5", cast.bob, State.SENT).mention_id
    session.commit()
    wanted = {
        "/mentions": {staff, ignored, gone, fresh, answered},
        "/mentions?route=staff": {staff, gone},
        "/mentions?route=community": {answered},
        f"/mentions?route=staff&network={other.id}": {gone},
        "/mentions?unanswerable=yes": {gone},
        "/mentions?unanswered=yes": {staff, gone, fresh},
        "/mentions?route=nonsense&network=x&before=x&after=9": {staff, ignored, gone, fresh, answered},
    }
    for address, ids in wanted.items():
        assert set(shown(agent.get(address).text)) == ids, address
    page = html.unescape(agent.get(f"/mentions?route=staff&network={other.id}&unanswered=yes").text)
    assert f'href="/mentions?route=private&network={other.id}&unanswered=yes"' in page


def test_the_list_pages_by_key_and_costs_the_same_queries_however_many_there_are(
    agent: FlaskClient, world: ListeningWorld, session: Session, cast: Cast
) -> None:
    def queries(path: str) -> tuple[int, str]:
        seen: list[str] = []

        def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        event.listen(Engine, "before_cursor_execute", count)
        try:
            text = agent.get(path).text
        finally:
            event.remove(Engine, "before_cursor_execute", count)
        return len(seen), html.unescape(text)

    an_answered_mention(session, world.connection_id, world.board_id, "first", cast.bob, State.SENT)
    session.commit()
    few, _text = queries("/mentions")
    for number in range(45):
        an_answered_mention(session, world.connection_id, world.board_id, f"m{number}", cast.bob, State.SENT)
    session.commit()
    for number, one in enumerate(session.scalars(select(Mention).order_by(Mention.id))):
        one.imported_at = NOW + timedelta(seconds=number // 3)  # some came at the same moment
    session.commit()
    walked, address = [], "/mentions"
    while address:
        cost, text = queries(address)
        assert cost == few
        walked.append(shown(text))
        older = re.search(r'rel="next" href="([^"]+)"', text)
        back = re.search(r'rel="prev" href="([^"]+)"', text)
        address = older[1] if older else ""
    assert [len(page) for page in walked] == [20, 20, 6]
    flat = [one for page in walked for one in page]
    assert flat == sorted(flat, reverse=True)
    assert back is not None
    assert shown(queries(back[1])[1]) == walked[1]


def test_what_staff_open_to_the_community_becomes_a_thread(
    agent: FlaskClient, world: ListeningWorld, session: Session, cast: Cast, parts: QuietParts
) -> None:
    mention = kept(session, world, route=Route.STAFF, route_reasons=["angry"])
    answer = agent.post(f"/mentions/{mention.id}/route", data={"route": "community"})
    after = now_is(session, mention)
    thread = session.scalars(select(Thread)).one()
    assert (answer.status_code, answer.location) == (303, f"/threads/{thread.id}-{thread.slug}")
    assert (after.route, after.routed_by_id, after.thread_id, after.opens_thread) == (
        "community",
        cast.ann.id,
        thread.id,
        True,
    )
    assert ("index_due", ()) in parts.bell.rung
    entry = session.scalars(select(LogEntry)).one()
    assert (entry.act, entry.about, entry.details) == (
        "route_mentions",
        f"mention:{mention.id}",
        {"before": "staff", "after": "community"},
    )
    assert "Routed by Ann." in agent.get("/mentions").text


def test_a_second_click_opens_no_second_thread(agent: FlaskClient, world: ListeningWorld, session: Session) -> None:
    mention = kept(session, world, route=Route.STAFF)
    first, second = (agent.post(f"/mentions/{mention.id}/route", data={"route": "community"}) for _ in range(2))
    assert first.location == second.location
    session.rollback()
    assert len(session.scalars(select(Thread)).all()) == 1
    assert len(session.scalars(select(LogEntry)).all()) == 1


def test_a_later_post_of_a_conversation_becomes_a_reply_of_its_thread(
    agent: FlaskClient, world: ListeningWorld, session: Session, cast: Cast
) -> None:
    made = an_answered_mention(session, world.connection_id, world.board_id, "5", cast.bob, State.SENT)
    session.commit()
    mention = kept(session, world, "6", conversation_id="5", route=Route.PRIVATE, thread_id=made.thread_id)
    agent.post(f"/mentions/{mention.id}/route", data={"route": "community"})
    session.rollback()
    posts = session.scalars(select(Post.number).where(Post.thread_id == made.thread_id).order_by(Post.number)).all()
    assert posts == [1, 2, 3]
    assert len(session.scalars(select(Thread)).all()) == 1


@pytest.mark.parametrize("route", ["staff", "private", "ignore"])
def test_other_routes_open_nothing(
    agent: FlaskClient, world: ListeningWorld, session: Session, cast: Cast, route: str
) -> None:
    mention = kept(session, world)
    back = "/mentions?unanswered=yes"
    assert agent.post(f"/mentions/{mention.id}/route", data={"route": route, "next": back}).location == back
    after = now_is(session, mention)
    assert (after.route, after.routed_by_id, after.thread_id) == (route, cast.ann.id, None)
    assert session.scalars(select(Thread)).all() == []


def test_personal_data_is_opened_only_by_who_says_that_it_is_nobodys(
    agent: FlaskClient, world: ListeningWorld, session: Session
) -> None:
    mention = kept(session, world, route=Route.PRIVATE, route_reasons=["personal_data"])
    here = f"/mentions/{mention.id}/route"
    assert agent.post(here, data={"route": "community"}).status_code == 303
    assert now_is(session, mention).route == Route.PRIVATE
    assert "Read it first" in agent.get("/mentions").text
    session.rollback()
    agent.post(here, data={"route": "community", "shows_nobodys_data": "yes"})
    assert now_is(session, mention).route == Route.COMMUNITY


def test_what_triage_has_not_seen_is_judged_before_it_is_opened(
    agent: FlaskClient, world: ListeningWorld, session: Session
) -> None:
    mention = kept(session, world, text="@routerly write to mira@example.com please")
    agent.post(f"/mentions/{mention.id}/route", data={"route": "community"})
    assert now_is(session, mention).thread_id is None


def test_what_stands_in_the_community_cannot_be_hidden_by_a_route(
    session: Session, world: ListeningWorld, cast: Cast, parts: QuietParts
) -> None:
    made = an_answered_mention(session, world.connection_id, world.board_id, "5", cast.bob, State.SENT)
    mention = session.get_one(Mention, made.mention_id)
    with pytest.raises(Conflict):
        route_mention(session, mention, "private", cast.ann, markup=parts.markup, now=NOW)


def test_there_is_no_such_mention_or_route(agent: FlaskClient, world: ListeningWorld, session: Session) -> None:
    assert agent.post("/mentions/99/route", data={"route": "staff"}).status_code == 404
    mention = kept(session, world)
    assert agent.post(f"/mentions/{mention.id}/route", data={"route": "moon"}).status_code == 303
    assert now_is(session, mention).route is None


@pytest.mark.parametrize("name", ["ada", "sue", "fay", "mallory"])
def test_others_neither_see_nor_route(
    client: FlaskClient,
    session: Session,
    world: ListeningWorld,
    cast: Cast,
    sign_in_as: SignInAs,
    parts: QuietParts,
    name: str,
) -> None:
    mention = kept(session, world)
    sign_in_as(client, getattr(cast, name))
    assert client.get("/mentions").status_code == 403
    assert client.post(f"/mentions/{mention.id}/route", data={"route": "ignore"}).status_code == 403
    with pytest.raises(NotAllowed):
        route_mention(session, mention, "ignore", getattr(cast, name), markup=parts.markup, now=NOW)


@pytest.mark.parametrize("name", ["ann", "cleo", "max"])
def test_everybody_who_speaks_for_the_brand_sees_them(
    client: FlaskClient, session: Session, world: ListeningWorld, cast: Cast, sign_in_as: SignInAs, name: str
) -> None:
    kept(session, world)
    sign_in_as(client, getattr(cast, name))
    assert len(shown(client.get("/mentions").text)) == 1
