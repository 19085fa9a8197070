"""Say how often one wants to be asked, and until when one is away."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy.orm import Session

from forum.actions.learn_expertise import availability_of
from forum.kernel.database import lock
from forum.kernel.errors import Invalid
from forum.kernel.messages import Message
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.superfans.helping import Availability

MOST_A_DAY = 20
LONGEST_AWAY = timedelta(days=366)
_CHECK = Message("Please check what is marked below.")


def set_availability(
    session: Session, by: Account, *, asks_a_day: str, away_until: str, zone: tzinfo, now: datetime
) -> Availability:
    """Both as they were typed. `away_until` is the last day away in `zone`; empty: here."""
    require(by, Act.ANSWER)
    asks, away = _asks(asks_a_day), _away(away_until, zone, now)
    lock(session, by)
    row = availability_of(session, by.id)
    row.asks_a_day, row.away_until = asks, away
    session.flush()
    return row


def _asks(typed: str) -> int:
    typed = typed.strip()
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 4 and int(typed) <= MOST_A_DAY):
        raise Invalid(_CHECK, {"asks_a_day": Message("A number from 0 to %(most)s, please.", {"most": MOST_A_DAY})})
    return int(typed)


def _away(typed: str, zone: tzinfo, now: datetime) -> datetime | None:
    if not typed.strip():
        return None
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError as error:
        raise Invalid(_CHECK, {"away_until": Message("Write the day as 2026-03-31, please.")}) from error
    today = now.astimezone(zone).date()
    if not today <= day <= today + LONGEST_AWAY:
        raise Invalid(_CHECK, {"away_until": Message("Choose a day from today to a year from now, please.")})
    return datetime.combine(day + timedelta(days=1), time(), zone)
