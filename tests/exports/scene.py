"""A ledger with everything in it: three kinds, two currencies, rows taken back, readers with a survey, staff's answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import select

from forum.actions.enter_cost import enter_cost
from forum.actions.enter_exchange_rate import enter_exchange_rate
from forum.actions.settle_reader_weeks import qualify_reader_weeks
from forum.exports.edition import Edition
from forum.exports.gathering import Reader, gather
from forum.ledger.period import Period
from forum.ledger.reader_week import ReaderWeek, Reading
from forum.ledger.survey import Survey
from forum.reports.deflection_scope import Scope
from forum.threads.acceptance import Acceptance
from forum.threads.thread import Thread
from forum.wiring.translator import say
from tests.reports.ledger_scene import LedgerScene

EARLY = datetime(2026, 7, 2, tzinfo=UTC)
MONDAY = date(2026, 9, 7)
SCOPE = Scope(Period(2026, 8), Period(2026, 10))


@dataclass
class FullScene(LedgerScene):
    """`fill` it once; it ends on a day in October with rows in September and October."""

    def fill(self) -> FullScene:
        self.clock.now = datetime(2026, 8, 10, 9, tzinfo=UTC)
        self.cost("phone", "8.01", EARLY)
        self.cost("network", "5.255", EARLY)
        self._dollars("chat", "4.6512", "0.91374269")
        for number in range(7):  # before the month whose rate they give: staff answered two of seven
            self.mentioned(f"early-{number}", by=self.cast.ann if number < 2 else None)
        self.clock.now = datetime(2026, 9, 3, 9, tzinfo=UTC)
        threads = [self.solved("yes", "phone") for _ in range(3)] + [self.solved("yes", "chat") for _ in range(2)]
        self.solved("no")
        silent = [self.solved() for _ in range(4)]
        self.mentioned("later")
        self.solved(by=self.cast.ann)
        self._readers(threads[0], 180)
        self.days_pass(30)
        qualify_reader_weeks(self.session, UTC, self.clock())
        self.session.commit()
        self.withdraw(threads[4])  # rows that are taken back in October
        self.withdraw(silent[3])
        self.days_pass(9)
        return self

    def edition(self, language: str = "en", scope: Scope = SCOPE, currency: str | None = "EUR") -> Edition:
        reader = Reader("Fay", language, "Routerly Community", say, currency, UTC)
        return gather(self.session, scope, reader, self.clock(), "from=2026-08&to=2026-10")

    def _readers(self, thread: Thread, many: int) -> None:
        """A week's readers of one thread; 130 of them answered the survey, 31 with four times yes."""
        at = datetime(2026, 9, 9, 10, tzinfo=UTC)
        acceptance = self.session.scalars(select(Acceptance).where(Acceptance.thread_id == thread.id)).one()
        weeks = [
            ReaderWeek(
                week=MONDAY, reader=f"{number:064}", first_at=at, last_at=at, views=1, drawn=number < 150,
                draw_share=8000, due_at=datetime(2026, 9, 21, tzinfo=UTC),
            )
            for number in range(many)
        ]  # fmt: skip
        self.session.add_all(weeks)
        self.session.flush()
        for number, week in enumerate(weeks):
            self.session.add(Reading(reader_week_id=week.id, acceptance_id=acceptance.id, thread_id=thread.id, first_at=at))  # fmt: skip
            if number < 130:
                self.session.add(self._answers(week, thread, at, yes=number < 31))
        self.session.commit()

    def _answers(self, week: ReaderWeek, thread: Thread, at: datetime, *, yes: bool) -> Survey:
        said = "yes" if yes else "no"
        return Survey(
            reader_week_id=week.id, thread_id=thread.id, problem="yes", found=said, contact=said if yes else None,
            enough=said if yes else None, channel="phone" if yes else None, begun_at=at, answered_at=at,
        )  # fmt: skip

    def _dollars(self, channel: str, amount: str, rate: str) -> None:
        enter_cost(
            self.session, self.cast.fay, channel=channel, amount=Decimal(amount), currency="USD",
            valid_from=date(2026, 8, 1), source="Contract", now=self.clock(),
        )  # fmt: skip
        enter_exchange_rate(
            self.session, self.cast.fay, currency="USD", rate=Decimal(rate), into="EUR", valid_from=date(2026, 8, 1),
            source="ECB", now=self.clock(),
        )  # fmt: skip
        self.session.commit()
        self.clock.pass_by(minutes=1)
