"""The loop in this process: a customer posts, the thread is answered and accepted, deliveries go out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.actions.import_mentions import import_mentions
from forum.actions.mirror_answer import Outside, mirror_answer
from forum.actions.open_network import reference
from forum.actions.retract_reply import retract_reply
from forum.actions.triage_mentions import triage_mentions
from forum.actions.withdraw_acceptance import withdraw_acceptance
from forum.kernel.database import writing
from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.networks.port import MentionRef, Network, ReplyKey
from forum.networks.sandbox import posting
from forum.networks.sandbox.models import SandboxAccount, SandboxPost
from forum.networks.sandbox.network import SandboxNetwork
from forum.outbox.claiming import due
from forum.outbox.delivery import Delivery, Kind, State
from forum.people.account import Account
from forum.threads.post import Post
from forum.threads.thread import Thread
from forum.wiring.parts import Parts
from tests.cast import Cast
from tests.scene import Stage
from tests.scripted import ScriptedNetwork

ASKED = "@routerly my wifi drops every few minutes since the update"


class Loop:
    """On any network, scripted; the connection's account is ours there."""

    def __init__(self, parts: Parts, session: Session, cast: Cast, network: Network, stage: Stage) -> None:
        self.parts, self.session, self.cast, self.stage = parts, session, cast, stage
        self.clock = stage.clock
        self.network = ScriptedNetwork(network)
        self.connection: Connection

    def customer_posts(self, text: str = ASKED) -> str:
        """Posts on the network itself, and returns the remote id."""
        raise NotImplementedError

    @contextmanager
    def writes(self) -> Iterator[None]:
        """One transaction that holds the write lock from its beginning, as a request's does, and is committed."""
        self.session.rollback()
        with writing():
            yield
            self.session.commit()

    @property
    def outside(self) -> Outside:
        return self.stage.outside(self.network)

    def hear(self) -> None:
        """Import and triage whatever waits."""
        import_mentions(self.parts.sessions, self.connection.id, lambda _connection: self.network, self.clock)
        done = 1
        while done:
            with self.writes():
                done = triage_mentions(self.session, self.stage.markup, self.clock())

    def asked(self, text: str = ASKED) -> Thread:
        """A mention that has become a thread."""
        remote_id = self.customer_posts(text)
        self.hear()
        found = select(Thread).join(Mention).where(Mention.remote_id == remote_id)
        return self.session.scalars(found).one()

    def answered(self, by: Account | None = None, text: str = "Choose **channel 36**.", **more: str) -> Post:
        thread = self.asked()
        with self.writes():
            return self.stage.answer(thread, by or self.cast.sue, text, **more)

    def answered_again(self, reply: Delivery, text: str) -> Post:
        """Bob knows better."""
        with self.writes():
            return self.stage.answer(self.session.get_one(Thread, reply.thread_id), self.cast.bob, text)

    def accepted(self, post: Post | None = None, by: Account | None = None) -> Delivery:
        """The reply that the acceptance put into the outbox; Ann accepts unless told otherwise."""
        post = post or self.answered()
        with self.writes():
            thread = self.session.get_one(Thread, post.thread_id)
            now = self.clock.pass_by(minutes=1)
            accepted = accept_answer(self.session, thread, post, by or self.cast.ann, now=now)
        found = select(Delivery).where(Delivery.acceptance_id == accepted.id, Delivery.kind == Kind.REPLY)
        return self.session.scalars(found).one()

    def withdraw(self, reply: Delivery) -> Delivery | None:
        """Withdraws the acceptance behind a reply, as another process would; the retraction, if one was needed."""
        with writing(), self.parts.sessions.begin() as session:
            thread = session.get_one(Thread, reply.thread_id)
            withdraw_acceptance(session, thread, session.get_one(Account, self.cast.ann.id), now=self.clock())
        self.session.rollback()  # what this session saw before is over
        return self.session.scalar(select(Delivery).where(Delivery.of_id == reply.id))

    def mirror(self, reply: Delivery) -> State | None:
        return mirror_answer(self.parts.sessions, reply.id, self.outside)

    def retract(self, retraction: Delivery) -> State | None:
        return retract_reply(self.parts.sessions, retraction.id, self.outside)

    def deliver_until_nothing_is_left(self) -> None:
        """What the job does, with the clock moved on to whatever is due next."""
        for _ in range(60):
            for kind, send in ((Kind.RETRACTION, retract_reply), (Kind.REPLY, mirror_answer)):
                with self.parts.sessions() as session:
                    ids = due(session, [kind], self.clock(), 20)
                for delivery_id in ids:
                    send(self.parts.sessions, delivery_id, self.outside)
            left = self._unsettled()
            if not left:
                return
            later = [row.lease_until if row.state == State.SENDING else row.due_at for row in left]
            self.clock.now = max(self.clock(), min(time for time in later if time) + timedelta(seconds=1))
        raise AssertionError(f"never settled: {[(row.kind, row.state, row.words) for row in left]}")

    def now(self, delivery: Delivery) -> Delivery:
        """The delivery as it is in the database now."""
        self.session.rollback()
        self.session.refresh(delivery)
        return delivery

    def reference_of(self, reply: Delivery) -> tuple[MentionRef, str, ReplyKey]:
        """What the network was asked to post, to be asked once more by hand."""
        mention, row = self.session.get_one(Mention, reply.mention_id), self.now(reply)
        return reference(mention), row.text or "", ReplyKey(row.key, row.made_at, row.id)

    def _unsettled(self) -> Sequence[Delivery]:
        waiting = (State.WAITING, State.SENDING, State.UNCERTAIN)
        kinds = (Kind.REPLY, Kind.RETRACTION)
        with self.parts.sessions() as session:
            return session.scalars(select(Delivery).where(Delivery.state.in_(waiting), Delivery.kind.in_(kinds))).all()


class SandboxLoop(Loop):
    """What is read of the sandbox is read from its own tables, never by the adapter."""

    def __init__(self, parts: Parts, session: Session, cast: Cast, **connection: object) -> None:
        stage = Stage(session)
        network = SandboxNetwork(parts.sessions, "routerly", "https://forum.example", clock=stage.clock)
        super().__init__(parts, session, cast, network, stage)
        posting.open_account(session, "routerly", "Routerly", is_brand=True)
        self.connection = stage.connection(stage.board(), account_handle="routerly", **connection)
        session.commit()

    def customer_posts(self, text: str = ASKED, *, author: str = "mira", under: str | None = None) -> str:
        with self.writes():
            parent = self.session.get_one(SandboxPost, int(under)) if under else None
            account = posting.open_account(self.session, author, author.title())
            return str(posting.post(self.session, account, text, parent, self.clock.pass_by(minutes=1)).id)

    def customer_deletes_the_question(self, reply: Delivery) -> None:
        with self.writes():
            mention = self.session.get_one(Mention, reply.mention_id)
            posting.remove(self.session, self.session.get_one(SandboxPost, int(mention.remote_id)), self.clock())

    def standing(self) -> list[str]:
        """Our visible replies, wherever they stand, read from the sandbox's own table."""
        query = (
            select(SandboxPost.text)
            .join(SandboxPost.account)
            .where(SandboxPost.parent_id.is_not(None), SandboxPost.deleted_at.is_(None), SandboxAccount.is_brand)
            .order_by(SandboxPost.id)
        )
        with self.parts.sessions() as session:
            return list(session.scalars(query))
