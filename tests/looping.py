"""The loop on the sandbox, in this process: a customer posts, the thread is answered and accepted, deliveries go out."""

from __future__ import annotations

from collections.abc import Sequence
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
from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.networks.port import MentionRef, ReplyKey
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


class SandboxLoop:
    """`network` is the sandbox, scripted; everything that is read of it is read from its own tables."""

    def __init__(self, parts: Parts, session: Session, cast: Cast, **connection: object) -> None:
        self.parts, self.session, self.cast = parts, session, cast
        self.stage = Stage(session)
        self.clock = self.stage.clock
        self.network = ScriptedNetwork(
            SandboxNetwork(parts.sessions, "routerly", "https://forum.example", clock=self.clock)
        )
        posting.open_account(session, "routerly", "Routerly", is_brand=True)
        self.connection: Connection = self.stage.connection(self.stage.board(), account_handle="routerly", **connection)
        session.commit()

    @property
    def outside(self) -> Outside:
        return self.stage.outside(self.network)

    def customer_posts(self, text: str = ASKED, *, author: str = "mira", under: int | None = None) -> int:
        parent = self.session.get_one(SandboxPost, under) if under else None
        account = posting.open_account(self.session, author, author.title())
        post_id = posting.post(self.session, account, text, parent, self.clock.pass_by(minutes=1)).id
        self.session.commit()
        return post_id

    def customer_deletes_the_question(self, reply: Delivery) -> None:
        mention = self.session.get_one(Mention, reply.mention_id)
        posting.remove(self.session, self.session.get_one(SandboxPost, int(mention.remote_id)), self.clock())
        self.session.commit()

    def hear(self) -> None:
        """Import and triage whatever waits."""
        import_mentions(self.parts.sessions, self.connection.id, lambda _connection: self.network, self.clock)
        while triage_mentions(self.session, self.stage.markup, self.clock()):
            self.session.commit()
        self.session.commit()

    def asked(self, text: str = ASKED) -> Thread:
        """A mention that has become a thread."""
        post_id = self.customer_posts(text)
        self.hear()
        found = select(Thread).join(Mention).where(Mention.remote_id == str(post_id))
        return self.session.scalars(found).one()

    def answered(self, by: Account | None = None, text: str = "Choose **channel 36**.", **more: str) -> Post:
        post = self.stage.answer(self.asked(), by or self.cast.sue, text, **more)
        self.session.commit()
        return post

    def accepted(self, post: Post | None = None, by: Account | None = None) -> Delivery:
        """The reply that the acceptance put into the outbox; Ann accepts unless told otherwise."""
        post = post or self.answered()
        thread = self.session.get_one(Thread, post.thread_id)
        accepted = accept_answer(self.session, thread, post, by or self.cast.ann, now=self.clock.pass_by(minutes=1))
        self.session.commit()
        found = select(Delivery).where(Delivery.acceptance_id == accepted.id, Delivery.kind == Kind.REPLY)
        return self.session.scalars(found).one()

    def withdraw(self, reply: Delivery) -> Delivery | None:
        """Withdraws the acceptance behind a reply, as another process would; the retraction, if one was needed."""
        with self.parts.sessions.begin() as session:
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

    def _unsettled(self) -> Sequence[Delivery]:
        waiting = (State.WAITING, State.SENDING, State.UNCERTAIN)
        kinds = (Kind.REPLY, Kind.RETRACTION)
        with self.parts.sessions() as session:
            return session.scalars(select(Delivery).where(Delivery.state.in_(waiting), Delivery.kind.in_(kinds))).all()
