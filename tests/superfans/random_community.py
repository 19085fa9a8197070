"""A community of chance: people, threads, posts and all that can happen to them, much of it on the edge of a window."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from random import Random
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.people.account import Account
from forum.people.roles import Role
from forum.superfans.points import PointEntry
from forum.superfans.suspicion import Suspicion, SuspicionKind
from forum.threads.acceptance import Acceptance
from forum.threads.board import Board
from forum.threads.imported import ImportedVote
from forum.threads.post import Comment, Kudos, Post, Revision
from forum.threads.thread import SameProblem, Tag, Thread, ThreadTag
from tests.cast import person

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)  # a Sunday, 11:30 in the company's zone
EDGES = (0, 6, 7, 29, 30, 89, 90, 364, 365)  # days ago
ROLES = [Role.CUSTOMER] * 7 + [Role.AGENT, Role.MODERATOR, Role.FINANCE]
TEXTS = ["", "One two three.", "Ça va? 5 GHz_band", "重启路由器就好了 ok", "ルーターを 再起動 now", "a\n\nb  c"]

Thing = TypeVar("Thing")


@dataclass
class RandomCommunity:
    session: Session
    seed: int
    people: int = 10
    threads: int = 40
    chance: Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)

    def settle(self) -> list[int]:
        """Writes it all and gives the ids of its members, closed ones included."""
        for _ in range(self.threads):
            self.thread()
        for account in self.accounts:
            for number in range(self.chance.randrange(8)):
                entry = PointEntry(account_id=account.id, kind="kudos", cause=f"kudos:{number}", at=self.at())
                entry.points = self.chance.randrange(-5, 20)
                self.session.add(entry)
        self.session.commit()
        return [account.id for account in self.accounts]

    @cached_property
    def accounts(self) -> list[Account]:
        made = [
            person(
                f"p{number}",
                self.chance.choice(ROLES),
                created_at=self.at(),
                email_confirmed_at=self.maybe(self.at()),
                closed_at=self.maybe(self.at(), 0.1),
            )
            for number in range(self.people)
        ]
        return self.kept(made)

    @cached_property
    def boards(self) -> list[Board]:
        return self.kept([Board(slug=slug, name=slug, created_at=NOW) for slug in ("wifi", "mesh")])

    @cached_property
    def tags(self) -> list[Tag]:
        return self.kept([Tag(name=name) for name in ("dns", "vpn", "qos")])

    @cached_property
    def connections(self) -> list[Connection]:
        facts = {"settings": {}, "board_id": self.boards[0].id, "made_at": NOW}
        return self.kept([Connection(kind=kind, title=kind.title(), **facts) for kind in ("sandbox", "bluesky")])

    @cached_property
    def suspicion(self) -> Suspicion:
        return self.kept([Suspicion(kind=SuspicionKind.RING, key="ring", score=1.0, found_at=NOW)])[0]

    def thread(self) -> None:
        asked = self.at()
        connection = self.maybe(self.chance.choice(self.connections), 0.3)
        author = None if connection else self.maybe(self.somebody(), 0.9)
        thread = Thread(
            board_id=self.chance.choice(self.boards).id,
            author_id=author and author.id,
            kind=self.chance.choice(["question"] * 5 + ["discussion"]),
            title="Why?",
            language=self.chance.choice([None, "en", "zh-Hans", "zh-Hant", "de"]),
            created_at=asked,
            last_post_at=asked,
            hidden_at=self.maybe(NOW, 0.1),
            origin_network=connection and connection.title,
            origin_author=connection and "mira",
        )
        self.kept([thread])
        for tag in self.chance.sample(self.tags, self.chance.randrange(3)):
            self.session.add(ThreadTag(thread_id=thread.id, tag_id=tag.id))
        if connection:
            self.mention(thread, connection)
        for account in self.chance.sample(self.accounts, self.chance.randrange(5)):
            self.session.add(SameProblem(thread_id=thread.id, account_id=account.id, said_at=NOW))
        posts = [self.post(thread, number, asked) for number in range(1, self.chance.randrange(2, 8))]
        self.accept(thread, posts[1:])

    def mention(self, thread: Thread, connection: Connection) -> None:
        """The question, and sometimes one of somebody else with the same issue, or the asker's later post."""
        for opens in self.chance.choice([[True], [True, True], [True, False]]):
            mention = Mention(
                connection_id=connection.id, remote_id=f"{thread.id}-{self.chance.random()}", conversation_id="c",
                author_id=self.chance.choice("abcd"), author_handle="m", author_name="M", text="?", created_at=NOW,
                permalink="", addressed=True, imported_at=NOW, thread_id=thread.id, opens_thread=opens,
            )  # fmt: skip
            self.session.add(mention)

    def post(self, thread: Thread, number: int, asked: datetime) -> Post:
        asker = self.accounts_by_id.get(thread.author_id or 0)
        author = asker if number == 1 else self.maybe(self.somebody(), 0.9)
        text = self.chance.choice(TEXTS)
        post = Post(
            thread_id=thread.id,
            number=number,
            author_id=author and author.id,
            origin_author=None if author else self.maybe("mira"),
            text=text,
            html=text,
            plain=text,
            created_at=max(asked, self.at()) if self.chance.random() < 0.5 else asked + timedelta(minutes=7 * number),
            hidden_at=self.maybe(NOW, 0.1),
        )
        self.kept([post])
        for giver in self.chance.sample(self.accounts, self.chance.randrange(4)):
            self.kudos(post, giver)
        for number in range(self.chance.randrange(3)):
            vote = ImportedVote(source="x", remote_id=f"{post.id}-{number}", post_id=post.id, at=self.at())
            vote.up = self.chance.random() < 0.8
            self.session.add(vote)
        for _ in range(self.chance.randrange(2)):
            self.comment(post)
        for number in range(self.chance.randrange(3)):
            edited = {"edited_by_id": self.somebody().id, "edited_at": self.at()}
            self.session.add(Revision(post_id=post.id, number=number, text="", **edited))
        return post

    def kudos(self, post: Post, giver: Account) -> None:
        kudos = Kudos(post_id=post.id, giver_id=giver.id, given_at=self.at())
        kudos.taken_back_at = self.maybe(NOW, 0.2)
        if self.chance.random() < 0.2:
            kudos.voided_at, kudos.voided_by = NOW, self.suspicion.id
        self.session.add(kudos)

    def comment(self, post: Post) -> None:
        comment = Comment(post_id=post.id, author_id=self.somebody().id, text="?", html="?", created_at=self.at())
        comment.hidden_at = self.maybe(NOW, 0.2)
        self.session.add(comment)

    def accept(self, thread: Thread, replies: list[Post]) -> None:
        """Several were withdrawn, and one of them may stand; staff may have accepted their own."""
        for _ in range(self.chance.randrange(4) if replies else 0):
            by = self.chance.choice([thread.author_id, *(one.id for one in self.accounts)]) or self.somebody().id
            gone = {"withdrawn_at": self.at(), "withdrawn_by_id": by}
            self.session.add(self.acceptance(thread, self.chance.choice(replies), by, **gone))
        if replies and self.chance.random() < 0.7:
            by = thread.author_id if thread.author_id and self.chance.random() < 0.6 else self.somebody().id
            self.session.add(self.acceptance(thread, self.chance.choice(replies), by))

    def acceptance(self, thread: Thread, post: Post, by: int, **gone: object) -> Acceptance:
        return Acceptance(thread_id=thread.id, post_id=post.id, accepted_by_id=by, accepted_at=self.at(), **gone)

    @cached_property
    def accounts_by_id(self) -> dict[int, Account]:
        return {account.id: account for account in self.accounts}

    def somebody(self) -> Account:
        return self.chance.choice(self.accounts)

    def at(self) -> datetime:
        """Anywhere in two years, but often just on either side of a midnight that begins a window."""
        if self.chance.random() < 0.5:
            return NOW - timedelta(seconds=self.chance.randrange(86_400 * 500))
        midnight = NOW.astimezone(ZONE).replace(hour=0, minute=0) - timedelta(days=self.chance.choice(EDGES))
        return (midnight + timedelta(microseconds=self.chance.choice([-1, 0, 1]))).astimezone(UTC)

    def maybe(self, thing: Thing, likely: float = 0.5) -> Thing | None:
        return thing if self.chance.random() < likely else None

    def kept(self, rows: list[Thing]) -> list[Thing]:
        self.session.add_all(rows)
        self.session.flush()
        return rows
