"""The days of the sample, one after the other: what people around the ledger did, and what the daily job did then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from sqlalchemy.orm import Session, sessionmaker

from forum.actions.qualify_claims import qualify_claims, review_claims
from forum.actions.settle_reader_weeks import qualify_reader_weeks, review_reader_weeks
from forum.kernel.database import writing
from forum.ledger.contact_keys import ContactKeys


@dataclass(frozen=True)
class Nights:
    """`days`: how long a claim waits."""

    sessions: sessionmaker[Session]
    keys: ContactKeys
    zone: tzinfo
    days: int

    def live_through(self, first: datetime, now: datetime, happens: Callable[[datetime], None]) -> None:
        """Each night something `happens` before the job runs, so that entries stand in the month of their day."""
        day = first.astimezone(self.zone).date()
        while (night := datetime.combine(day, time(3), self.zone).astimezone(UTC)) < now:
            happens(night)
            self._settle(night)
            day += timedelta(days=1)
        self._settle(now)

    def _settle(self, at: datetime) -> None:
        with writing(), self.sessions.begin() as session:
            while qualify_claims(session, self.zone, at, days=self.days, keys=self.keys):
                pass
            while qualify_reader_weeks(session, self.zone, at):
                pass
            while review_claims(session, self.zone, at):
                pass
            while review_reader_weeks(session, self.zone, at):
                pass
