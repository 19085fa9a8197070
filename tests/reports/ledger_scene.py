"""A small community whose claims come to their day: threads asked here and mentions answered on a network."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.actions.enter_cost import enter_cost
from forum.actions.qualify_claims import qualify_claims
from forum.actions.state_intent import state_intent
from forum.actions.triage_mentions import open_thread
from forum.actions.withdraw_acceptance import withdraw_acceptance
from forum.ledger.claim import Claim
from forum.ledger.period import Period
from forum.listening.connection import Connection
from forum.listening.mention import Mention, Route
from forum.outbox.delivery import Delivery, Kind, State
from forum.people.account import Account
from forum.reports.deflection_report import deflection_report
from forum.reports.deflection_rows import EntryPage, EntryRow, list_entries
from forum.reports.deflection_scope import Scope, latest
from forum.reports.deflection_shape import DeflectionReport
from forum.threads.board import Board
from forum.threads.thread import Thread
from tests.actions.listening_world import a_connection, a_mention
from tests.cast import Cast
from tests.scene import Clock, Stage

START = datetime(2026, 9, 2, 12, tzinfo=UTC)


@dataclass
class LedgerScene:
    session: Session
    cast: Cast
    clock: Clock = field(default_factory=lambda: Clock(START))

    @cached_property
    def stage(self) -> Stage:
        return Stage(self.session, self.clock)

    @cached_property
    def board(self) -> Board:
        return self.stage.board()

    @cached_property
    def connection(self) -> Connection:
        connection = a_connection(self.board.id, account_remote_id="1")
        self.session.add(connection)
        self.session.flush()
        return connection

    def solved(self, intent: str | None = None, channel: str | None = None, by: Account | None = None) -> Thread:
        """Ada asks, somebody answers, Ada accepts and perhaps says whether she would have called."""
        thread = self.stage.thread(self.cast.ada, self.board)
        post = self.stage.answer(thread, by or self.cast.bob)
        accept_answer(self.session, thread, post, self.cast.ada, now=self.clock.pass_by(minutes=1))
        if intent is not None:
            claim = self.claim(thread)
            state_intent(self.session, claim, thread, self.cast.ada, intent=intent, channel=channel, now=self.clock())
        self.session.commit()
        return thread

    def mentioned(self, remote_id: str, by: Account | None = None, state: State = State.SENT) -> Thread:
        """Mira asks on the network, somebody answers here, staff accept, and the reply is `state` a minute later."""
        now = self.clock.pass_by(minutes=1)
        mention = a_mention(self.connection.id, remote_id, route=Route.COMMUNITY, created_at=now, imported_at=now)
        self.session.add(mention)
        self.session.flush()
        thread = open_thread(self.session, mention, self.connection, self.stage.markup, now)
        post = self.stage.answer(thread, by or self.cast.bob)
        accept_answer(self.session, thread, post, self.cast.cleo, now=self.clock.pass_by(minutes=1))
        reply = self.reply(thread)
        reply.state, reply.settled_at = state, self.clock.pass_by(minutes=1)
        self.session.commit()
        return thread

    def says_on_network(self, thread: Thread, word: str, **facts: object) -> Mention:
        """A later post in the conversation."""
        asked = self.session.scalars(select(Mention).where(Mention.thread_id == thread.id, Mention.opens_thread)).one()
        told = {"conversation_id": asked.conversation_id, "route": Route.COMMUNITY, "thread_id": thread.id, **facts}
        later = a_mention(
            asked.connection_id, f"{asked.remote_id}-{word}-{self.clock()}", created_at=self.clock(), word=word, **told
        )
        self.session.add(later)
        self.session.commit()
        return later

    def withdraw(self, thread: Thread) -> None:
        withdraw_acceptance(self.session, thread, self.cast.cleo, why="not so", now=self.clock.pass_by(minutes=1))
        self.session.commit()

    def days_pass(self, days: float = 8) -> int:
        """How many claims the daily job decided then."""
        self.clock.pass_by(days=days)
        decided = qualify_claims(self.session, UTC, self.clock())
        self.session.commit()
        return decided

    def cost(self, channel: str, amount: str, day: datetime = START) -> None:
        enter_cost(
            self.session, self.cast.fay, channel=channel, amount=Decimal(amount), currency="EUR",
            valid_from=(day - timedelta(days=1)).date(), source="A ledger of last year", now=self.clock(),
        )  # fmt: skip
        self.session.commit()

    def claim(self, thread: Thread) -> Claim:
        found = select(Claim).where(Claim.thread_id == thread.id).order_by(Claim.id.desc()).limit(1)
        return self.session.scalars(found).one()

    def claim_by_id(self, claim_id: int | None) -> Claim:
        return self.session.get_one(Claim, claim_id)

    def reply(self, thread: Thread) -> Delivery:
        found = select(Delivery).where(Delivery.thread_id == thread.id, Delivery.kind == Kind.REPLY)
        return self.session.scalars(found.order_by(Delivery.id.desc()).limit(1)).one()

    def report(self, month: Period | None = None, currency: str | None = "EUR", **narrowed: str) -> DeflectionReport:
        """Of one month, or of the six to this one."""
        scope = replace(self.scope(month), **narrowed)
        return deflection_report(self.session, scope, currency=currency, zone=UTC, now=self.clock())

    def scope(self, month: Period | None = None) -> Scope:
        return Scope(month, month) if month else latest(Period.of(self.clock().date()))

    def entries(
        self, month: Period | None = None, *, scope: Scope | None = None, **narrowed: str
    ) -> tuple[list[EntryRow], EntryPage]:
        """All rows, page after page, and the last page with its sums."""
        scope = scope or replace(self.scope(month), **narrowed)
        rows: list[EntryRow] = []
        page = list_entries(self.session, scope, currency="EUR", zone=UTC)
        rows.extend(page.rows)
        while page.older is not None:
            page = list_entries(self.session, scope, before=page.older, currency="EUR", zone=UTC)
            rows.extend(page.rows)
        return rows, page
