"""The sandbox keeps the network contract on each database, and its own pages read back what was written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
from sqlalchemy import Engine, Table, create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from forum.kernel.base import Base
from forum.kernel.errors import Conflict, Invalid
from forum.networks.port import Network, NetworkError
from forum.networks.sandbox import posting, timeline
from forum.networks.sandbox.models import SandboxAccount, SandboxPost
from forum.networks.sandbox.network import PAGE, SandboxNetwork, build
from tests.networks.contract import NetworkContract, drain, listed, new_key, ref
from tests.services.postgres import Postgres

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


@dataclass
class SandboxWorld:
    """Customers post with the same functions as the sandbox's own pages; nothing here asks the adapter."""

    sessions: sessionmaker[Session]
    network: Network
    renderable: bool = False
    can_always_tell: bool = True

    def customer_posts(self, text: str, *, author: str = "mira", mention: bool = True, under: str | None = None) -> str:
        with self.sessions.begin() as session:
            account = posting.open_account(session, author, author.title())
            parent = session.get_one(SandboxPost, int(under)) if under else None
            text = f"{'@routerly' if mention else 'routerly'} {text}"
            return str(posting.post(session, account, text, parent, datetime.now(UTC)).id)

    def replies_under(self, remote_id: str) -> list[str]:
        query = (
            select(SandboxPost.text)
            .join(SandboxPost.account)
            .where(SandboxPost.parent_id == int(remote_id), SandboxPost.deleted_at.is_(None), SandboxAccount.is_brand)
        )
        with self.sessions() as session:
            return list(session.scalars(query))

    def customer_deletes(self, remote_id: str) -> None:
        with self.sessions.begin() as session:
            posting.remove(session, session.get_one(SandboxPost, int(remote_id)), datetime.now(UTC))

    def with_wrong_credentials(self) -> Network:
        return SandboxNetwork(self.sessions, "mira", "http://forum.example")

    def settle(self) -> None:
        """What is committed can be listed at once."""


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = create_engine(database_url)
    tables = [table for model in (SandboxAccount, SandboxPost) if isinstance(table := model.__table__, Table)]
    Base.metadata.create_all(engine, tables)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'sandbox.db'}"
    server: Postgres = request.getfixturevalue("postgres_server")
    return server.new_database()


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    sessions = sessionmaker(engine)
    with sessions.begin() as session:
        posting.open_account(session, "routerly", "Routerly", is_brand=True)
        posting.open_account(session, "mira", "Mira")
    return sessions


@pytest.fixture
def world(sessions: sessionmaker[Session]) -> SandboxWorld:
    return SandboxWorld(sessions, build({"handle": "Routerly"}, sessions, "http://forum.example/"))


class TestSandbox(NetworkContract):
    backlog = PAGE + 5
    lengths: ClassVar[dict[str, int]] = {
        "hello": 5,
        "路由器断网": 5,
        "👍🏽👨‍👩‍👧🇩🇪": 3,
        "see https://forum.example/threads/7": 35,
    }


def test_a_permalink_leads_to_the_sandbox_pages(world: SandboxWorld) -> None:
    remote_id = world.customer_posts("hello")
    assert listed(world, remote_id).permalink == f"http://forum.example/sandbox/posts/{remote_id}"


@pytest.mark.parametrize("text", ["ask help@routerly.example", "@routerlyfans hello", "unrouterly"])
def test_what_only_looks_like_our_name_is_not_heard(world: SandboxWorld, text: str) -> None:
    with world.sessions.begin() as session:
        posting.post(session, posting.open_account(session, "mira", "Mira"), text, None, NOW)
    network = SandboxNetwork(world.sessions, "routerly", "http://forum.example", keywords=())
    posts, cursor = drain(network, None)
    assert posts == []
    assert cursor != "0"


@pytest.mark.parametrize("text", ["求助@routerly路由器断网", "hey @ROUTERLY, no wifi"])
def test_a_mention_is_heard_in_running_chinese_and_in_any_case(world: SandboxWorld, text: str) -> None:
    with world.sessions.begin() as session:
        made = posting.post(session, posting.open_account(session, "mira", "Mira"), text, None, NOW)
        remote_id = str(made.id)
    assert listed(world, remote_id).addressed


def test_keywords_of_the_settings_are_listened_for(world: SandboxWorld) -> None:
    with world.sessions.begin() as session:
        posting.post(session, posting.open_account(session, "mira", "Mira"), "我的路由宝坏了", None, NOW)
    network = build({"handle": "routerly", "keywords": "路由宝, mesh box"}, world.sessions, "http://forum.example")
    posts, _ = drain(network, None)
    assert [(post.text, post.addressed) for post in posts] == [("我的路由宝坏了", False)]


def test_a_key_whose_reply_was_deleted_is_never_posted_again(world: SandboxWorld) -> None:
    mention, key = ref(listed(world, world.customer_posts("hello"))), new_key()
    world.network.delete(world.network.reply(mention, "Hello Mira", key))
    with pytest.raises(NetworkError) as refused:
        world.network.reply(mention, "Hello Mira", key)
    assert refused.value.permanent
    assert world.replies_under(mention.remote_id) == []


def test_two_processes_with_one_key_leave_one_reply(world: SandboxWorld) -> None:
    mention, key = ref(listed(world, world.customer_posts("hello"))), new_key()

    def send() -> None:
        try:
            world.network.reply(mention, "Hello Mira", key)
        except NetworkError as error:
            assert error.uncertain

    both = [Thread(target=send) for _ in range(4)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert world.replies_under(mention.remote_id) == ["Hello Mira"]
    assert world.network.find_reply(mention, "Hello Mira", key) is not None


def test_a_post_that_is_committed_late_is_not_overtaken_by_the_cursor(world: SandboxWorld) -> None:
    slow = world.sessions()
    late = str(posting.post(slow, posting.open_account(slow, "mira", "Mira"), "@routerly I was first", None, NOW).id)
    quick = Thread(target=world.customer_posts, args=("I was second",), kwargs={"author": "noor"})
    quick.start()
    quick.join(timeout=0.5)  # without the turn it is through by now; with it, it waits for the slow one
    early, cursor = drain(world.network, None)
    slow.commit()
    slow.close()
    quick.join()
    rest, _ = drain(world.network, cursor)
    assert late in {post.remote_id for post in [*early, *rest]}
    assert len([*early, *rest]) == 2


def test_a_post_of_somebody_else_is_not_ours_to_delete(world: SandboxWorld) -> None:
    mention = listed(world, world.customer_posts("hello"))
    with pytest.raises(NetworkError) as refused:
        world.network.delete(type(world.network.reply(ref(mention), "Hi", new_key()))(mention.remote_id, ""))
    assert refused.value.permanent


def test_a_deleted_mention_says_why_it_cannot_be_answered(world: SandboxWorld) -> None:
    mention = ref(listed(world, world.customer_posts("hello")))
    world.customer_deletes(mention.remote_id)
    assert world.network.why_not(mention) is not None


@pytest.mark.parametrize("text", ["", "  \n", "x" * 501])
def test_a_text_that_is_empty_or_too_long_is_invalid(sessions: sessionmaker[Session], text: str) -> None:
    with sessions.begin() as session:
        account = posting.open_account(session, "mira", "Mira")
        with pytest.raises(Invalid):
            posting.post(session, account, text, None, NOW)


def test_nobody_answers_a_deleted_post(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        account = posting.open_account(session, "mira", "Mira")
        first = posting.post(session, account, "hello", None, NOW)
        posting.remove(session, first, NOW)
        with pytest.raises(Conflict):
            posting.post(session, account, "again", first, NOW)


def test_the_timeline_pages_newest_first_with_the_brands_reply(world: SandboxWorld) -> None:
    first, second, third = (world.customer_posts(f"post {n}") for n in range(3))
    world.network.reply(ref(listed(world, third)), "We are on it", new_key())
    world.customer_posts("thanks", under=third)
    with world.sessions() as session:
        page = timeline.timeline(session, None, 2)
        older = timeline.timeline(session, page.next_before, 2)
    assert [str(entry.post.id) for entry in page.entries] == [third, second]
    assert [str(entry.post.id) for entry in older.entries] == [first]
    assert older.next_before is None
    assert page.entries[0].replies == 2
    assert page.entries[0].brand_reply is not None
    assert page.entries[0].brand_reply.text == "We are on it"
    assert page.entries[1].brand_reply is None


def test_a_conversation_stands_in_reading_order_without_deleted_text(world: SandboxWorld) -> None:
    first = world.customer_posts("one")
    second = world.customer_posts("two", under=first)
    third = world.customer_posts("three", under=first)
    fourth = world.customer_posts("four", under=second)
    world.customer_deletes(second)
    with world.sessions() as session:
        found = timeline.conversation(session, int(first))
        assert timeline.conversation(session, int(second)) is None
        assert timeline.conversation(session, 999_999) is None
    assert found is not None
    assert [(str(post.id), post.depth) for post in found.posts] == [(first, 0), (second, 1), (fourth, 2), (third, 1)]
    assert [post.deleted for post in found.posts] == [False, True, False, False]
    assert found.posts[1].text == ""


def test_the_compose_box_offers_customers_and_not_the_brand(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        assert [account.handle for account in timeline.customers(session)] == ["mira"]
