"""The days of the sample, one after the other: what the daily jobs and the people around the ledger did on each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta, tzinfo

from sqlalchemy.orm import Session, sessionmaker

from forum.actions.qualify_claims import qualify_claims, review_claims
from forum.actions.settle_reader_weeks import qualify_reader_weeks, review_reader_weeks
from forum.kernel.database import writing

Event = Callable[[Session, datetime], None]


def live_through(
    sessions: sessionmaker[Session], first: datetime, now: datetime, zone: tzinfo, days: int, event: Event
) -> None:
    """`event` happens each night before the job runs, so that entries stand in the month in which they qualified."""
    day = first.astimezone(zone).date()
    while (night := datetime.combine(day, time(3), zone).astimezone(UTC)) < now:
        _job(sessions, night, zone, days, event)
        day += timedelta(days=1)
    _job(sessions, now, zone, days, event)


def _job(sessions: sessionmaker[Session], at: datetime, zone: tzinfo, days: int, event: Event) -> None:
    with writing(), sessions.begin() as session:
        event(session, at)
        while qualify_claims(session, zone, at, days=days):
            pass
        while qualify_reader_weeks(session, zone, at):
            pass
        while review_claims(session, zone, at):
            pass
        while review_reader_weeks(session, zone, at):
            pass
