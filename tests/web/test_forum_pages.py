"""The forum's own pages: what each address answers, what it costs and how lists are continued."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.actions.comment import comment
from forum.actions.give_kudos import give_kudos
from forum.actions.index_threads import index_threads
from forum.kernel.clock import utc_now
from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.outbox.delivery import Delivery, Kind, State
from forum.people.sessions import begin_session
from forum.reports.thread_lists import Wanted, Which, list_threads
from forum.threads.board import Board
from forum.threads.post import Post
from forum.threads.thread import Thread
from forum.web.extensions import db
from tests.application import QuietParts, SignInAs
from tests.cast import Cast
from tests.scene import Stage

# Queries for a visitor, whatever the number of rows.
FRONT, BOARD, TAG, THREAD, IMPORTED, PERSON, SEARCH = 7, 4, 3, 5, 6, 7, 3


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements that the application sends meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def cost(app: Flask, address: str) -> int:
    """Queries for a visitor's page."""
    with counted(app) as sent:
        assert app.test_client().get(address).status_code == 200
    return len(sent)


# What pages cost


def test_a_page_costs_the_same_however_much_stands_on_it(
    app: Flask, parts: QuietParts, stage: Stage, session: Session, cast: Cast, thread: Thread
) -> None:
    post = session.scalars(select(Post).where(Post.thread_id == thread.id, Post.number == 2)).one()
    accept_answer(session, thread, post, cast.ada, now=stage.clock.pass_by(minutes=1))
    session.commit()
    while index_threads(parts.sessions, parts.index, utc_now):
        pass
    addresses = {
        "/": FRONT, "/unanswered": FRONT - 1, "/boards/wifi": BOARD, "/tags/wifi-6": TAG, f"/threads/{thread.id}-{thread.slug}": THREAD,
        "/people/sue": PERSON, "/search?q=wifi": SEARCH,
    }  # fmt: skip
    few = {address: cost(app, address) for address in addresses}

    for number in range(25):
        one = stage.thread(
            cast.ada,
            session.get_one(Board, thread.board_id),
            title=f"The wifi {number}",
            tags=["wifi-6"],
        )
        reply = stage.answer(one, cast.sue)
        accept_answer(session, one, reply, cast.ada, now=stage.clock.pass_by(seconds=1))
    for number in range(25):
        reply = stage.answer(thread, cast.bob, f"Answer {number}")
        comment(session, thread, reply, cast.ada, text="So it is.", markup=stage.markup, now=stage.clock())
        give_kudos(session, thread, reply, cast.ada, stage.clock())
    session.commit()
    while index_threads(parts.sessions, parts.index, utc_now):
        pass
    many = {address: cost(app, address) for address in addresses}
    assert many == few
    assert many == addresses


def test_an_imported_thread_costs_the_same_for_one_asker_and_for_thirty(
    app: Flask, stage: Stage, session: Session, cast: Cast, thread: Thread
) -> None:
    """Each with a reply of the brand's on its way."""
    connection = stage.connection(session.get_one(Board, thread.board_id))
    thread.origin_network = "Sandbox"
    costs = []
    for number in range(30):
        mention = mention_of(thread, connection, number, stage.clock())
        session.add(mention)
        session.flush()
        session.add(reply_to(mention, stage.clock()))
        session.commit()
        if number in {0, 29}:
            costs.append(cost(app, f"/threads/{thread.id}-{thread.slug}"))
    page = app.test_client().get(f"/threads/{thread.id}-{thread.slug}").text
    assert page.count("Sent to") == 30
    assert page.count("Asked on") == 1
    assert costs == [IMPORTED, IMPORTED]


def mention_of(thread: Thread, connection: Connection, number: int, now: datetime) -> Mention:
    return Mention(
        connection_id=connection.id, remote_id=str(number), conversation_id=str(number), author_id=f"a{number}", author_handle=f"a{number}",
        author_name="A", text="wifi", created_at=now, permalink=f"https://a.example/{number}", addressed=True, imported_at=now,
        route="community", thread_id=thread.id, opens_thread=number == 0,
    )  # fmt: skip


def reply_to(mention: Mention, now: datetime) -> Delivery:
    return Delivery(
        kind=Kind.REPLY, key=f"reply:{mention.id}", state=State.SENT, made_at=now, due_at=now, settled_at=now,
        mention_id=mention.id, thread_id=mention.thread_id, permalink="https://a.example/r",
    )  # fmt: skip


# Lists


def walk(session: Session, wanted: Wanted, now: datetime) -> list[int]:
    """Every thread by following "Older"."""
    seen: list[int] = []
    before: str | None = None
    while True:
        page = list_threads(session, wanted, now, before=before)
        seen += [row.id for row in page.rows]
        if page.older is None:
            return seen
        before = page.older


def test_older_and_newer_walk_every_thread_once(stage: Stage, session: Session, cast: Cast) -> None:
    board = stage.board()
    made = [stage.thread(cast.ada, board, title=f"Question {number}").id for number in range(45)]
    at_once = [session.get_one(Thread, thread_id) for thread_id in made[10:30]]
    for one in at_once:  # the very same moment, as after an import
        one.last_post_at = at_once[0].last_post_at
    session.flush()
    wanted = Wanted()
    down = walk(session, wanted, stage.clock())
    assert sorted(down) == sorted(made)
    assert len(down) == 45
    page = list_threads(session, wanted, stage.clock())
    while page.older:
        page = list_threads(session, wanted, stage.clock(), before=page.older)
    up = [[row.id for row in page.rows]]
    while page.newer:
        page = list_threads(session, wanted, stage.clock(), after=page.newer)
        up.insert(0, [row.id for row in page.rows])
    assert [thread_id for rows in up for thread_id in rows] == down


def test_no_thread_is_lost_while_people_write_on_and_on(stage: Stage, session: Session, cast: Cast) -> None:
    """What is written in meanwhile moves to the first page; everything else is met exactly once."""
    board = stage.board()
    threads = [stage.thread(cast.ada, board, title=f"Question {number}") for number in range(45)]
    page = list_threads(session, Wanted(), stage.clock())
    seen = [row.id for row in page.rows]
    moved: set[int] = set()
    while page.older:
        stage.answer(threads[len(moved)], cast.bob)  # the oldest ones, not met yet
        stage.answer(threads[44 - len(moved)], cast.bob)  # and ones met already
        moved |= {threads[len(moved)].id}
        stage.thread(cast.ada, board, title="A new one")
        page = list_threads(session, Wanted(), stage.clock(), before=page.older)
        seen += [row.id for row in page.rows]
    assert len(seen) == len(set(seen))
    assert {one.id for one in threads} - set(seen) <= moved
    assert moved <= {row.id for row in list_threads(session, Wanted(), stage.clock()).rows}


def test_each_list_shows_its_own_threads(stage: Stage, session: Session, cast: Cast) -> None:
    board = stage.board()
    silent, open_one, solved = (stage.thread(cast.ada, board, title=f"Question {number}") for number in range(3))
    stage.answer(open_one, cast.bob)
    accept_answer(session, solved, stage.answer(solved, cast.bob), cast.ada, now=stage.clock())
    found = {which: walk(session, Wanted(which=which, follower_id=cast.bob.id), stage.clock()) for which in Which}
    assert found[Which.UNANSWERED] == [silent.id]
    assert found[Which.UNSOLVED] == [open_one.id, silent.id]
    assert found[Which.SOLVED] == [solved.id]
    assert found[Which.FOLLOWING] == [solved.id, open_one.id]


@pytest.mark.parametrize("key", ["", "x", "1", "-", "9" * 30 + "-1", "1-x", "-1--1", "'-1"])
def test_a_key_that_is_none_shows_the_first_page(client: FlaskClient, thread: Thread, key: str) -> None:
    assert thread.title in client.get("/", query_string={"before": key}).text
    assert thread.title in client.get("/", query_string={"after": key}).text


def test_a_page_after_the_newest_is_the_first_page(client: FlaskClient, thread: Thread) -> None:
    gone = client.get("/boards/wifi?after=99999999999999999-9")
    assert (gone.status_code, gone.location) == (302, "/boards/wifi")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/boards/wifi", 200), ("/boards/none", 404), ("/boards/wifi?show=solved", 200), ("/boards/wifi?show=x", 404),
        ("/boards/wifi?show=following", 404), ("/tags/wifi-6", 200), ("/tags/WIFI-6", 200), ("/tags/none", 200), ("/following", 303),
        ("/none", 404), ("/threads/999", 404), ("/posts/999", 404), ("/posts/999/history", 404), ("/people/nobody", 404),
        ("/people/ADA", 200), ("/search", 200), ("/search?q=wifi&page=x", 200), ("/search?q=wifi&page=-3", 200), ("/search?q=wifi&board=x", 200),
        ("/ask", 303), ("/ask/similar?title=wifi", 200), ("/people/suggest?q=a", 200), ("/sandbox", 200), ("/sandbox/posts/999", 404),
    ],
)  # fmt: skip
def test_what_a_visitor_gets(client: FlaskClient, thread: Thread, address: str, status: int) -> None:
    assert client.get(address).status_code == status


# A thread


def test_a_thread_has_one_address(client: FlaskClient, thread: Thread) -> None:
    right = f"/threads/{thread.id}-my-wifi-drops-every-night"
    for wrong in (f"/threads/{thread.id}", f"/threads/{thread.id}-x", f"/threads/{thread.id}-my/wifi"):
        moved = client.get(wrong)
        assert (moved.status_code, moved.location) == (301, right)
    assert client.get(f"/threads/{thread.id}?after=3").location == right + "?after=3"
    assert client.get(right).status_code == 200


def test_a_hidden_thread_is_not_there(client: FlaskClient, session: Session, thread: Thread) -> None:
    thread.hidden_at = utc_now()
    session.commit()
    assert client.get(f"/threads/{thread.id}-{thread.slug}").status_code == 404
    assert thread.title not in client.get("/").text


def test_twenty_replies_make_a_page_and_the_accepted_one_stands_on_each(
    client: FlaskClient, stage: Stage, session: Session, cast: Cast, thread: Thread
) -> None:
    replies = [stage.answer(thread, cast.bob, f"Reply number {number}.") for number in range(45)]
    accept_answer(session, thread, replies[40], cast.ada, now=stage.clock.pass_by(minutes=1))
    session.commit()
    address: str | None = f"/threads/{thread.id}-{thread.slug}"
    seen: list[int] = []
    pages = 0
    while address:
        page = client.get(address).text
        pages += 1
        assert page.count('class="card accepted"') == 1
        assert page.index("Reply number 40.") < page.index('id="replies"')
        shown = [int(number) for number in re.findall(r'<article class="post" id="post-(\d+)"', page)]
        assert shown.count(replies[40].id) == 1
        seen += shown[2:]
        assert len(shown) <= 22
        later = re.search(r'rel="next" href="(\?after=\d+)"', page)
        address = f"/threads/{thread.id}-{thread.slug}{later[1]}" if later else None
    expected = session.scalars(
        select(Post.id)
        .where(Post.thread_id == thread.id, Post.number > 1, Post.id != replies[40].id)
        .order_by(Post.number)
    ).all()
    assert seen == list(expected)
    assert pages == 3


def test_the_link_of_a_late_post_opens_the_page_it_stands_on(
    client: FlaskClient, stage: Stage, session: Session, cast: Cast, thread: Thread
) -> None:
    replies = [stage.answer(thread, cast.bob, f"Reply number {number}.") for number in range(45)]
    session.commit()
    for reply in (replies[0], replies[19], replies[20], replies[44]):
        moved = client.get(f"/posts/{reply.id}")
        assert moved.status_code == 302
        assert f'id="post-{reply.id}"' in client.get(moved.location).text


# Ways through


@pytest.mark.parametrize("who", ["ada", "sue", "ann", "cleo", "fay", "max"])
def test_the_account_menu_leads_to_every_page_of_ones_role(
    app: Flask, sign_in_as: SignInAs, cast: Cast, who: str
) -> None:
    client = sign_in_as(app.test_client(), getattr(cast, who))
    menu = client.get("/").text.partition('class="menu account"')[2].partition("</details>")[0]
    links = set(re.findall(r'<a href="([^"]+)"', menu))
    assert {client.get(link).status_code for link in links} == {200}
    of_staff = {
        "/mentions",
        "/staff/replies",
        "/staff/superfans",
        "/reports/deflection",
        "/admin/networks",
        "/sandbox",
        "/following",
        "/account",
    }
    assert {link for link in of_staff if client.get(link).status_code == 200} <= links


# Search, people


def test_search_finds_and_marks(client: FlaskClient, parts: QuietParts, thread: Thread) -> None:
    index_threads(parts.sessions, parts.index, utc_now)
    page = client.get("/search?q=wifi+night&board=wifi").text
    assert "1 thread" in page
    assert "<mark>wifi</mark>" in page
    assert "Nothing found" in client.get("/search?q=wifi&solved=yes").text
    assert "Nothing found" in client.get("/search?q=toaster").text
    assert "/ask?title=toaster%20oven" in client.get("/search?q=toaster+oven").text
    assert thread.title in client.get("/ask/similar?title=wifi+drops").text


def test_names_are_suggested_from_their_beginning(client: FlaskClient, cast: Cast) -> None:
    assert 'data-name="mallory"' in client.get("/people/suggest?q=MA").text
    assert "data-name" not in client.get("/people/suggest?q=%25").text
    assert "data-name" not in client.get("/people/suggest?q=").text


def test_a_profile_shows_what_somebody_solved(
    client: FlaskClient, session: Session, cast: Cast, thread: Thread
) -> None:
    answer = session.scalars(select(Post).where(Post.thread_id == thread.id, Post.number == 2)).one()
    accept_answer(session, thread, answer, cast.ada, now=utc_now())
    session.commit()
    assert thread.title in client.get("/people/sue").text
    assert thread.title in client.get("/people/ada").text
    assert "None yet" in client.get("/people/bob").text
    cast.sue.closed_at = utc_now()
    session.commit()
    assert client.get("/people/sue").status_code == 404


def test_a_session_that_ended_is_a_visitor(app: Flask, parts: QuietParts, cast: Cast, thread: Thread) -> None:
    with parts.sessions.begin() as session:
        secret = begin_session(session, cast.bob, "pytest", "127.0.0.1", utc_now() - timedelta(days=4000))
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = secret
    assert client.post(f"/threads/{thread.id}/posts", data={"text": "Words."}).status_code == 401
