"""Replays the sample's threads: asked, answered, thanked, accepted and mirrored, each at its own time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from forum.actions.accept_answer import accept_answer
from forum.actions.answer import answer
from forum.actions.ask import ask
from forum.actions.comment import comment
from forum.actions.follow_thread import have_same_problem
from forum.actions.give_kudos import give_kudos
from forum.actions.import_mentions import new_mention
from forum.actions.mirror_answer import Outside, mirror_answer
from forum.actions.state_intent import state_intent
from forum.actions.tag_thread import tag_thread
from forum.actions.triage_mentions import open_thread, triage_mentions
from forum.kernel.database import writing
from forum.ledger.claim import Claim, Kind
from forum.listening.connection import Connection
from forum.listening.mention import Mention, Route
from forum.markup.port import Markup
from forum.networks.port import RemotePost
from forum.networks.sandbox import posting
from forum.networks.sandbox.models import SandboxAccount, SandboxPost
from forum.outbox.claiming import due
from forum.outbox.delivery import Kind as DeliveryKind
from forum.people.account import Account
from forum.sample.content import Community, SampleReply, SampleThread
from forum.threads.board import Board
from forum.threads.post import Post
from forum.threads.thread import Kind as ThreadKind
from forum.threads.thread import Thread

CHANNELS = {"phone": "phone", "chat": "chat", "e-mail": "email", "store": "store"}
SAY_EVERY = 80


@dataclass(frozen=True)
class Garden:
    """`people` are accounts' numbers by their names; `outside(at)` is the sandbox as it would be reached at a time."""

    sessions: sessionmaker[Session]
    markup: Markup
    connection_id: int
    people: Mapping[str, int]
    outside: Callable[[datetime], Outside]
    zone: tzinfo
    days: int


def replay(
    garden: Garden, sample: Community, progress: Callable[[str], None], review: Callable[[datetime], None]
) -> None:
    """One commit a thread; a reply to the sandbox is sent between commits, as a worker would. `review` looks at ranks."""
    chatter = list(sample.sandbox_chatter)
    for number, thread in enumerate(sample.threads, start=1):
        while chatter and chatter[0].at <= thread.at:
            said = chatter.pop(0)
            with writing(), garden.sessions.begin() as session:
                posting.post(session, _customer(session, said.author), said.text, None, said.at)
        with writing(), garden.sessions.begin() as session:
            _Teller(garden, session).tell(thread)
        if thread.from_sandbox and thread.accepted is not None and thread.accepted.accepted_at is not None:
            _mirror(garden, thread.accepted.accepted_at + timedelta(minutes=1))
        if number % SAY_EVERY == 0:
            progress(f"{number} of {len(sample.threads)} threads")
            review(thread.at)


def _mirror(garden: Garden, at: datetime) -> None:
    with garden.sessions() as session:
        waiting = due(session, [DeliveryKind.REPLY], at, 10)
    for delivery_id in waiting:
        mirror_answer(garden.sessions, delivery_id, garden.outside(at))


class _Teller:
    """Tells one thread in one session."""

    def __init__(self, garden: Garden, session: Session) -> None:
        self._garden = garden
        self._session = session
        self._markup = garden.markup

    def tell(self, told: SampleThread) -> None:
        thread = self._from_sandbox(told) if told.from_sandbox else self._asked_here(told)
        question = self._session.scalars(select(Post).where(Post.thread_id == thread.id, Post.number == 1)).one()
        for name in told.kudos_by:
            give_kudos(self._session, thread, question, self._person(name), told.at + timedelta(hours=1))
        for name in told.same_problem_by:
            have_same_problem(self._session, thread, self._person(name), told.at + timedelta(hours=2))
        for reply in sorted(told.replies, key=lambda reply: reply.at):
            self._reply(thread, told, reply)
        self._intent(thread, told)

    def _asked_here(self, told: SampleThread) -> Thread:
        board = self._session.scalars(select(Board).where(Board.slug == told.board_slug)).one()
        return ask(
            self._session, board, self._person(told.author), title=told.title, text=told.text, tags=told.tags,
            language=told.language, markup=self._markup, now=told.at,
        )  # fmt: skip

    def _from_sandbox(self, told: SampleThread) -> Thread:
        """The customer posts on the sandbox, the mention is stored and becomes a thread a few seconds later."""
        author = _customer(self._session, told.author)
        posted = posting.post(self._session, author, told.text, None, told.at)
        mention = self._hear(posted, author, told.at, told.language)
        mention.route = Route.COMMUNITY
        connection = self._session.get_one(Connection, self._garden.connection_id)
        thread = open_thread(self._session, mention, connection, self._markup, told.at)
        tag_thread(self._session, thread, list(told.tags)[:5])
        return thread

    def _on_the_network(self, thread: Thread, reply: SampleReply) -> None:
        """The asker speaks on the network, and it comes in from there as it would in life."""
        asked = self._session.scalars(select(Mention).where(Mention.thread_id == thread.id, Mention.opens_thread)).one()
        if posting.length(reply.text) > posting.LONGEST:
            return
        author, parent = _customer(self._session, reply.author), self._session.get(SandboxPost, int(asked.remote_id))
        self._hear(posting.post(self._session, author, reply.text, parent, reply.at), author, reply.at, thread.language)
        triage_mentions(self._session, self._markup, reply.at)

    def _hear(self, posted: SandboxPost, author: SandboxAccount, at: datetime, language: str | None) -> Mention:
        """Store a post of the sandbox as a mention, and move the connection's cursor past it."""
        connection = self._session.get_one(Connection, self._garden.connection_id)
        heard = RemotePost(
            remote_id=str(posted.id), conversation_id=str(posted.conversation_id),
            parent_id=str(posted.parent_id) if posted.parent_id else None, author_id=str(author.id),
            author_handle=author.handle, author_name=author.name, text=posted.text, created_at=at,
            permalink=f"{self._garden.outside(at).public_url}/sandbox/posts/{posted.id}", addressed=True,
            language=language,
        )  # fmt: skip
        mention = new_mention(connection.id, heard, None, at)
        self._session.add(mention)
        connection.cursor = str(posted.id)
        self._session.flush()
        return mention

    def _reply(self, thread: Thread, told: SampleThread, reply: SampleReply) -> None:
        if told.from_sandbox and reply.author == told.author:
            self._on_the_network(thread, reply)
            return
        post = answer(
            self._session, thread, self._person(reply.author), text=reply.text, summary=reply.summary or "",
            markup=self._markup, now=reply.at,
        )  # fmt: skip
        for note in reply.comments:
            by = self._person(note.author)
            comment(self._session, thread, post, by, text=note.text, markup=self._markup, now=note.at)
        for name in reply.kudos_by:
            if name != reply.author:
                give_kudos(self._session, thread, post, self._person(name), reply.at + timedelta(hours=1))
        if reply.accepted_at is not None and reply.accepted_by is not None and thread.kind == ThreadKind.QUESTION:
            by = self._person(reply.accepted_by)
            accept_answer(
                self._session, thread, post, by, days=self._garden.days, zone=self._garden.zone, now=reply.accepted_at
            )

    def _intent(self, thread: Thread, told: SampleThread) -> None:
        if told.would_have_contacted is None or told.accepted is None or told.accepted.accepted_at is None:
            return
        claim = self._session.scalar(select(Claim).where(Claim.thread_id == thread.id, Claim.kind == Kind.DIRECT))
        if claim is not None:
            state_intent(
                self._session, claim, thread, self._person(told.author), intent=told.would_have_contacted,
                channel=CHANNELS.get(told.channel or ""), now=told.accepted.accepted_at + timedelta(minutes=5),
            )  # fmt: skip

    def _person(self, handle: str) -> Account:
        return self._session.get_one(Account, self._garden.people[handle])


def _customer(session: Session, handle: str) -> SandboxAccount:
    found = posting.account(session, handle)
    assert found is not None, handle
    return found
