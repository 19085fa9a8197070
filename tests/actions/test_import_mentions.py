"""Importing mentions: each once, whatever happens in between; the cursor never passes what was not stored."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.import_mentions import LEASE, LONGEST_PAUSE, import_mentions
from forum.actions.open_network import Opener
from forum.actions.triage_mentions import triage_mentions
from forum.kernel.database import writing
from forum.kernel.sealing import Seal
from forum.listening.connection import Connection
from forum.networks.port import MentionPage, Network, NetworkError, Networks
from forum.networks.sandbox.network import PAGE
from forum.threads.thread import Thread
from tests.actions.listening_world import ListeningWorld, at, listening_world
from tests.application import QuietParts

WAITING = 1_000


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def world(parts: QuietParts) -> ListeningWorld:
    return listening_world(parts.sessions)


class Killed(BaseException):
    """The worker was killed: nothing of ours catches it."""


@dataclass
class Disturbed:
    """The sandbox, with something that happens just before a page is given out."""

    inner: Networks
    before_page: Callable[[int], None]  # is told how many pages were given out
    change: Callable[[MentionPage], MentionPage] = field(default=lambda page: page)

    def open(self, kind: str, settings: Mapping[str, str], secrets: Mapping[str, str]) -> Network:
        network: Any = self.inner.open(kind, settings, secrets)
        listed, given = network.list_mentions, []

        def list_mentions(cursor: str | None) -> MentionPage:
            self.before_page(len(given))
            given.append(cursor)
            return self.change(listed(cursor))

        network.list_mentions = list_mentions
        return network


def remote_ids(world: ListeningWorld) -> list[str]:
    return [mention.remote_id for mention in world.mentions()]


def backlog(world: ListeningWorld, many: int = WAITING) -> list[str]:
    return world.posts(*(f"@routerly question number {number}" for number in range(many)))


def test_what_waited_comes_in_once_and_whole(world: ListeningWorld) -> None:
    posted = backlog(world)
    assert world.read() == WAITING
    assert remote_ids(world) == posted
    assert world.read() == 0
    assert remote_ids(world) == posted


def test_a_worker_killed_between_pages_loses_and_doubles_nothing(world: ListeningWorld) -> None:
    posted = backlog(world)

    def die_at_the_fourth(given: int) -> None:
        if given == 3:
            raise Killed

    with pytest.raises(Killed):
        at(world, Disturbed(world.networks, die_at_the_fourth)).read()
    assert remote_ids(world) == posted[: 3 * PAGE]
    assert world.connection().cursor == posted[3 * PAGE - 1]  # just what is stored, no more and no less
    assert world.read() == 0  # the dead worker's lease still runs
    world.clock.turn(seconds=LEASE.total_seconds() + 1)
    assert world.read() == WAITING - 3 * PAGE
    assert remote_ids(world) == posted


def test_a_page_that_cannot_be_stored_moves_no_cursor(world: ListeningWorld) -> None:
    backlog(world, 3)

    def spoil(page: MentionPage) -> MentionPage:
        return replace(page, posts=[replace(page.posts[0], created_at=page.posts[0].created_at.replace(tzinfo=None))])

    with pytest.raises(Exception, match="time without a zone"):
        at(world, Disturbed(world.networks, lambda _given: None, spoil)).read()
    assert world.mentions() == []
    assert world.connection().cursor is None


def test_a_page_that_repeats_posts_stores_each_once(world: ListeningWorld) -> None:
    posted = backlog(world, 5)
    repeated = Disturbed(world.networks, lambda _given: None, lambda page: replace(page, posts=[*page.posts] * 2))
    assert at(world, repeated).read() == 5
    assert remote_ids(world) == posted


def test_two_workers_at_once_store_each_mention_once(world: ListeningWorld) -> None:
    posted = backlog(world, 300)
    start = threading.Barrier(2)
    stored: list[int] = []

    def work() -> None:
        start.wait()
        stored.append(world.read())

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert sum(stored) == 300
    assert remote_ids(world) == posted


def test_a_worker_that_stalled_past_its_lease_does_not_turn_the_cursor_back(world: ListeningWorld) -> None:
    posted = backlog(world, 3 * PAGE)

    def stall_at_the_second(given: int) -> None:
        if given == 1:
            world.clock.turn(seconds=LEASE.total_seconds() + 1)
            assert world.read() == 2 * PAGE  # another worker finishes meanwhile
        if given == 2:
            raise Killed  # whoever is still reading here has turned the cursor back already

    assert at(world, Disturbed(world.networks, stall_at_the_second)).read() == PAGE
    assert remote_ids(world) == posted
    assert world.connection().cursor == posted[-1]


def test_reading_stops_when_an_admin_pauses_the_connection_in_between(world: ListeningWorld) -> None:
    posted = backlog(world, 3 * PAGE)

    def pause_at_the_second(given: int) -> None:
        if given == 1:
            with writing(), world.sessions.begin() as session:
                session.get_one(Connection, world.connection_id).paused_at = world.clock()

    at(world, Disturbed(world.networks, pause_at_the_second)).read()
    assert remote_ids(world) == posted[:PAGE]
    with writing(), world.sessions.begin() as session:
        session.get_one(Connection, world.connection_id).paused_at = None
    assert world.read() == 2 * PAGE  # the lease was given back, and nothing was skipped


@pytest.mark.parametrize("column", ["paused_at", "removed_at"])
def test_a_connection_that_is_paused_or_removed_is_not_read(world: ListeningWorld, column: str) -> None:
    backlog(world, 1)
    with writing(), world.sessions.begin() as session:
        setattr(session.get_one(Connection, world.connection_id), column, world.clock())
    assert world.read() == 0
    assert world.mentions() == []


def refuse(error: NetworkError) -> Callable[[int], None]:
    def before_page(_given: int) -> None:
        raise error

    return before_page


def test_a_network_that_fails_is_noted_in_its_own_words_and_tried_again_later(world: ListeningWorld) -> None:
    posted = backlog(world, 1)
    began = world.clock()
    failing = at(world, Disturbed(world.networks, refuse(NetworkError("Over capacity."))))
    assert failing.read() == 0
    seen = world.connection()
    assert (seen.failing_since, seen.failure) == (began, "Over capacity.")
    assert seen.poll_due_at == began + timedelta(seconds=5)
    world.clock.turn(minutes=10)
    failing.read()
    seen = world.connection()
    assert seen.failing_since == began  # since it began, not since the last attempt
    assert seen.poll_due_at == world.clock() + timedelta(minutes=5)
    world.clock.turn(hours=9)
    failing.read()
    assert world.connection().poll_due_at == world.clock() + LONGEST_PAUSE
    assert world.read() == 1
    seen = world.connection()
    assert (seen.failing_since, seen.failure) == (None, None)
    assert seen.poll_due_at == world.clock() + timedelta(seconds=2)
    assert remote_ids(world) == posted


def test_a_network_that_asks_for_a_pause_gets_it(world: ListeningWorld) -> None:
    error = NetworkError("Too many requests.", retry_after=timedelta(minutes=37))
    at(world, Disturbed(world.networks, refuse(error))).read()
    assert world.connection().poll_due_at == world.clock() + timedelta(minutes=37)


def test_credentials_that_no_key_opens_are_a_failure_that_staff_see(world: ListeningWorld) -> None:
    with writing(), world.sessions.begin() as session:
        sealed = Seal(Fernet.generate_key().decode()).close({"app_password": "x"})
        session.get_one(Connection, world.connection_id).sealed_secrets = sealed
    assert world.read() == 0
    seen = world.connection()
    assert seen.failing_since is not None
    assert "cannot be opened" in (seen.failure or "")
    assert seen.poll_lease_until is None


@pytest.mark.parametrize("word", ["nul \0 inside", "half \ud83d a pair"])
def test_a_post_that_a_database_would_refuse_does_not_stop_the_listening(world: ListeningWorld, word: str) -> None:
    backlog(world, 2)

    def spoil(page: MentionPage) -> MentionPage:
        first = replace(page.posts[0], text=f"@routerly {word}", author_name="N" * 900, language="x" * 60)
        return replace(page, posts=[first, *page.posts[1:]])

    assert at(world, Disturbed(world.networks, lambda _given: None, spoil)).read() == 2
    assert len(world.mentions()[0].author_name) == 300


def test_an_author_with_a_name_of_any_length_opens_a_thread(world: ListeningWorld, parts: QuietParts) -> None:
    backlog(world, 1)
    named = Disturbed(
        world.networks,
        lambda _given: None,
        lambda page: replace(page, posts=[replace(post, author_name="名" * 400) for post in page.posts]),
    )
    at(world, named).read()
    with writing(), world.sessions.begin() as session:
        assert triage_mentions(session, parts.markup, world.clock()) == 1
    with world.sessions() as session:
        assert session.scalars(select(Thread.origin_author)).all() == ["名" * 120]


def test_no_transaction_is_open_while_the_network_is_asked(world: ListeningWorld) -> None:
    """On SQLite a second writer would wait for an open one; on PostgreSQL the row could not be locked at once."""
    backlog(world, PAGE + 1)
    locked: list[Sequence[object]] = []

    def take_the_row(_given: int) -> None:
        with writing(), world.sessions.begin() as session:
            row = select(Connection.id).where(Connection.id == world.connection_id).with_for_update(nowait=True)
            locked.append(session.scalars(row).all())

    at(world, Disturbed(world.networks, take_the_row)).read()
    assert len(locked) == 2


def test_a_connection_knows_when_it_was_read(world: ListeningWorld) -> None:
    assert world.read() == 0
    assert world.connection().polled_at == world.clock()


def test_an_opener_refuses_a_removed_connection(world: ListeningWorld, session: Session) -> None:
    connection = session.get_one(Connection, world.connection_id)
    connection.removed_at = world.clock()
    with pytest.raises(Exception, match="not connected any more"):
        Opener(world.networks, Seal(Fernet.generate_key().decode()))(connection)
    assert import_mentions(world.sessions, 0, world.opener(), world.clock) == 0  # nor is there one of that number
