"""A stage for tests of the loop: a board, a thread with an answer, a mention on a network that is asked for real."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property

from sqlalchemy.orm import Session

from forum.actions.answer import answer
from forum.actions.ask import ask
from forum.actions.mirror_answer import Outside
from forum.listening.connection import Connection
from forum.markup.renderer import MarkdownMarkup
from forum.networks.port import Network
from forum.people.account import Account
from forum.threads.board import Board
from forum.threads.post import Post
from forum.threads.thread import Thread
from forum.wiring.translator import say

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that a test moves on by hand."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **length: float) -> datetime:
        self.now += timedelta(**length)
        return self.now


@dataclass
class Stage:
    """Makes things through the actions, a minute after each other."""

    session: Session
    clock: Clock = field(default_factory=Clock)

    @cached_property
    def markup(self) -> MarkdownMarkup:
        return MarkdownMarkup()

    def board(self, slug: str = "wifi", **facts: object) -> Board:
        board = Board(slug=slug, name=slug.capitalize(), created_at=self.clock(), **facts)
        self.session.add(board)
        self.session.flush()
        return board

    def thread(self, by: Account, board: Board | None = None, **words: object) -> Thread:
        told = {"title": "My wifi drops every night", "text": "Since the update. It is an R6.", **words}
        return ask(
            self.session, board or self.board(), by, markup=self.markup, now=self.clock.pass_by(minutes=1), **told
        )  # type: ignore[arg-type]

    def answer(self, thread: Thread, by: Account, text: str = "Choose **channel 36**.", **more: str) -> Post:
        return answer(
            self.session, thread, by, text=text, markup=self.markup, now=self.clock.pass_by(minutes=1), **more
        )  # type: ignore[arg-type]

    def connection(self, board: Board, **facts: object) -> Connection:
        made = {"kind": "sandbox", "title": "Sandbox", "settings": {"handle": "routerly"}, "poll_seconds": 2, **facts}
        connection = Connection(board_id=board.id, made_at=self.clock(), **made)
        self.session.add(connection)
        self.session.flush()
        return connection

    def outside(self, network: Network) -> Outside:
        return Outside(lambda _connection: network, say, "https://forum.example", "Routerly Community", self.clock)
