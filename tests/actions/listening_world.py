"""A community that listens to the sandbox network: a board, the brand's account, customers, the connection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from forum.actions.import_mentions import import_mentions
from forum.actions.mirror_answer import Outside
from forum.actions.open_network import Opener
from forum.kernel.database import writing
from forum.kernel.sealing import Seal
from forum.listening.connection import Connection
from forum.listening.mention import Mention, Route
from forum.networks.catalogue import Catalogue
from forum.networks.port import Network, Networks
from forum.networks.sandbox import posting
from forum.networks.sandbox.models import SandboxPost
from forum.outbox.delivery import Delivery, Kind, State
from forum.people.account import Account
from forum.threads.acceptance import Acceptance
from forum.threads.board import Board
from forum.threads.post import Post
from forum.threads.thread import Thread
from forum.wiring.translator import say
from tests.application import CREDENTIALS_KEY

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PUBLIC_URL = "http://forum.example"


@dataclass
class Clock:
    """A clock that tests turn on."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def turn(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class ListeningWorld:
    sessions: sessionmaker[Session]
    networks: Networks
    board_id: int
    connection_id: int
    clock: Clock

    def opener(self) -> Opener:
        return Opener(self.networks, Seal(CREDENTIALS_KEY))

    def network(self) -> Network:
        with self.sessions() as session:
            return self.opener()(session.get_one(Connection, self.connection_id))

    def outside(self) -> Outside:
        return Outside(self.opener(), say, PUBLIC_URL, "Routerly", self.clock)

    def read(self) -> int:
        return import_mentions(self.sessions, self.connection_id, self.opener(), self.clock)

    def posts(self, *texts: str, author: str = "mira") -> list[str]:
        """A customer posts on the sandbox; the remote ids."""
        with writing(), self.sessions.begin() as session:
            account = posting.open_account(session, author, author.title())
            return [str(posting.post(session, account, text, None, self.clock()).id) for text in texts]

    def standing(self) -> list[str]:
        """Our replies that the sandbox shows."""
        ours = select(SandboxPost.text).where(SandboxPost.reply_key.is_not(None), SandboxPost.deleted_at.is_(None))
        with self.sessions() as session:
            return list(session.scalars(ours))

    def connection(self) -> Connection:
        with self.sessions() as session:
            return session.get_one(Connection, self.connection_id)

    def mentions(self) -> list[Mention]:
        with self.sessions() as session:
            return list(session.scalars(select(Mention).order_by(Mention.id)))


def listening_world(sessions: sessionmaker[Session], clock: Clock | None = None) -> ListeningWorld:
    clock = clock or Clock()
    networks = Catalogue([], sessions, PUBLIC_URL)
    with writing(), sessions.begin() as session:
        board = Board(slug="wifi", name="Wi-Fi", created_at=NOW)
        session.add(board)
        brand = posting.open_account(session, "routerly", "Routerly", is_brand=True)
        session.flush()
        connection = a_connection(board.id, account_remote_id=str(brand.id))
        session.add(connection)
        session.flush()
        return ListeningWorld(sessions, networks, board.id, connection.id, clock)


def a_connection(board_id: int, **more: object) -> Connection:
    facts: Mapping[str, object] = {
        "kind": "sandbox",
        "title": "Sandbox",
        "settings": {"handle": "routerly", "keywords": "routerly"},
        "account_handle": "routerly",
        "account_name": "Routerly",
        "board_id": board_id,
        "poll_seconds": 2,
        "made_at": NOW,
        "poll_due_at": NOW,
        **more,
    }
    return Connection(**facts)


def a_mention(connection_id: int, remote_id: str, text: str = "@routerly my wifi drops", **more: object) -> Mention:
    facts: Mapping[str, object] = {
        "connection_id": connection_id,
        "remote_id": remote_id,
        "conversation_id": remote_id,
        "author_id": "7",
        "author_handle": "mira",
        "author_name": "Mira",
        "text": text,
        "created_at": NOW,
        "permalink": f"{PUBLIC_URL}/sandbox/posts/{remote_id}",
        "addressed": True,
        "imported_at": NOW,
        **more,
    }
    return Mention(**facts)


def an_answered_mention(
    session: Session, connection_id: int, board_id: int, remote_id: str, author: Account, state: State, **more: object
) -> Delivery:
    """A mention with its thread, an accepted answer by `author` and its reply in `state`; flushed."""
    thread = Thread(
        board_id=board_id, title="My wifi drops", slug="my-wifi-drops", created_at=NOW, last_post_at=NOW,
        origin_network="Sandbox", origin_author="Mira", post_count=2, reply_count=1, solved_at=NOW,
    )  # fmt: skip
    session.add(thread)
    session.flush()
    mention = a_mention(connection_id, remote_id, route=Route.COMMUNITY, thread_id=thread.id, opens_thread=True)
    session.add(mention)
    session.flush()
    question = Post(
        thread_id=thread.id, number=1, mention_id=mention.id, origin_author="Mira", text=mention.text,
        html=mention.text, plain=mention.text, created_at=NOW,
    )  # fmt: skip
    words = "Turn band steering off, then restart."
    answer = Post(
        thread_id=thread.id, number=2, author_id=author.id, text=words, html=words, plain=words, created_at=NOW
    )
    session.add_all([question, answer])
    session.flush()
    acceptance = Acceptance(thread_id=thread.id, post_id=answer.id, accepted_by_id=author.id, accepted_at=NOW)
    session.add(acceptance)
    session.flush()
    facts: Mapping[str, object] = {
        "kind": Kind.REPLY,
        "key": f"reply:{acceptance.id}:{mention.id}",
        "state": state,
        "thread_id": thread.id,
        "acceptance_id": acceptance.id,
        "mention_id": mention.id,
        "made_at": NOW,
        "due_at": NOW,
        "settled_at": None if state in {State.HELD, State.WAITING} else NOW,
        **more,
    }
    delivery = Delivery(**facts)
    session.add(delivery)
    session.flush()
    return delivery


def at(world: ListeningWorld, networks: Networks) -> ListeningWorld:
    """The same world, reached by other networks."""
    return replace(world, networks=networks)
