"""Connects an account as an admin does, and runs the jobs in this process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.actions.answer import answer
from forum.actions.connect_network import check, connect_network, propose
from forum.actions.withdraw_acceptance import withdraw_acceptance
from forum.listening.connection import Connection
from forum.listening.credentials import form_name
from forum.listening.mention import Mention
from forum.networks.catalogue import NetworkKind
from forum.outbox.delivery import Delivery, Kind
from forum.threads.board import Board
from forum.threads.post import Post
from forum.threads.thread import Thread
from forum.wiring.parts import Parts
from tests.cast import Cast
from workers import jobs


class Company:
    """The forum, its people and its workers; every step commits, and reads what the steps before have committed."""

    def __init__(self, parts: Parts, session: Session, cast: Cast) -> None:
        self._parts, self._session, self._cast = parts, session, cast
        self._now: Callable[[], datetime] = parts.clock
        self._board = Board(slug="wifi", name="Wifi", created_at=self._now())
        session.add(self._board)
        session.commit()
        jobs.work_with(parts)

    @property
    def site_name(self) -> str:
        return self._parts.settings.site_name

    def connect(self, kind: NetworkKind, values: Mapping[str, str], **terms: str) -> Connection:
        entered = {form_name(asked): values.get(asked.name, asked.default) for asked in kind.credentials}
        form = {**entered, "board": str(self._board.id), "withdrawal": "delete", "cost": "", **terms}
        proposal = propose(self._session, kind, form, self._cast.max)
        self._session.commit()
        checked = check(self._parts.networks, proposal)
        connection = connect_network(self._session, checked, self._cast.max, seal=self._parts.seal, now=self._now())
        self._session.commit()
        return connection

    def listen(self, connection: Connection) -> None:
        jobs.import_mentions(connection.id)
        self._session.commit()

    def deliver(self) -> None:
        jobs.deliver_due()
        self._session.commit()

    def mention(self, remote_id: str) -> Mention:
        return self._session.scalars(select(Mention).where(Mention.remote_id == remote_id)).one()

    def thread_of(self, remote_id: str) -> Thread:
        return self._session.get_one(Thread, self.mention(remote_id).thread_id)

    def answers(self, thread: Thread, text: str) -> Post:
        """Sue does, the superfan."""
        markup = self._parts.markup
        post = answer(self._session, thread, self._cast.sue, text=text, markup=markup, now=self._now())
        self._session.commit()
        return post

    def accepts(self, post: Post) -> Delivery | None:
        """Ann does, the agent, in the asker's stead; the reply that is to go out."""
        thread = self._session.get_one(Thread, post.thread_id)
        acceptance = accept_answer(self._session, thread, post, self._cast.ann, now=self._now())
        self._session.commit()
        found = select(Delivery).where(Delivery.acceptance_id == acceptance.id, Delivery.kind == Kind.REPLY)
        return self._session.scalar(found)

    def withdraws(self, thread: Thread) -> None:
        withdraw_acceptance(self._session, thread, self._cast.ann, now=self._now())
        self._session.commit()
