"""A community in which somebody games: threads as rows, kudos by the action."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.actions.give_kudos import give_kudos
from forum.people.account import Account
from forum.superfans.suspicion import Suspicion
from forum.threads.board import Board
from forum.threads.post import Kudos, Post
from forum.threads.thread import Thread
from tests.cast import person

START = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
NIGHT = datetime(2026, 10, 20, 2, 0, tzinfo=UTC)


@dataclass
class GamingScene:
    session: Session

    @cached_property
    def board(self) -> Board:
        board = Board(slug="mesh", name="Mesh", created_at=START)
        self.session.add(board)
        self.session.flush()
        return board

    def people(self, *names: str) -> list[Account]:
        """Known for long, joined on different days, each with a mailbox of their own."""
        made = [person(name, created_at=START - timedelta(days=30 + n)) for n, name in enumerate(names)]
        self.session.add_all(made)
        self.session.flush()
        return made

    def reply(self, asker: Account, author: Account, at: datetime = START) -> Post:
        """A thread of its own with one reply."""
        thread = Thread(
            board_id=self.board.id, author_id=asker.id, title="My mesh drops", slug="my-mesh-drops",
            created_at=at, last_post_at=at, post_count=2, reply_count=1,
        )  # fmt: skip
        self.session.add(thread)
        self.session.flush()
        words = {"text": "Restart it.", "html": "<p>Restart it.</p>", "plain": "Restart it."}
        question = Post(thread_id=thread.id, number=1, author_id=asker.id, created_at=at, **words)
        answer = Post(thread_id=thread.id, number=2, author_id=author.id, created_at=at, **words)
        self.session.add_all([question, answer])
        self.session.flush()
        return answer

    def thank(self, giver: Account, post: Post, at: datetime) -> Kudos:
        return give_kudos(self.session, self.session.get_one(Thread, post.thread_id), post, giver, at)

    def accept(self, post: Post, at: datetime) -> None:
        thread = self.session.get_one(Thread, post.thread_id)
        asker = self.session.get_one(Account, thread.author_id)
        accept_answer(self.session, thread, post, asker, now=at)

    def ring(self, asker: Account, members: Sequence[Account], posts: int = 8, thanked: int = 7) -> None:
        """Each thanks nearly all that each other wrote, a day apart, so that no series comes of it."""
        written = {one.id: [self.reply(asker, one) for _ in range(posts)] for one in members}
        for number in range(thanked):
            for giver in members:
                for receiver in members:
                    if giver is not receiver:
                        at = START + timedelta(days=1 + number, minutes=giver.id)
                        self.thank(giver, written[receiver.id][number], at)
        self.session.commit()

    def series(self, giver: Account, receiver: Account, asker: Account, count: int, at: datetime) -> list[Kudos]:
        """Kudos in different threads, a minute apart."""
        kudos = [
            self.thank(giver, self.reply(asker, receiver), at + timedelta(minutes=number)) for number in range(count)
        ]
        self.session.commit()
        return kudos

    def suspicions(self, kind: str) -> Sequence[Suspicion]:
        self.session.rollback()
        self.session.expire_all()
        return self.session.scalars(select(Suspicion).where(Suspicion.kind == kind).order_by(Suspicion.id)).all()
