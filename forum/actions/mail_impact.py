"""Put the week in numbers into the outbox for every member whose answers were read: one row for a member and a week, ever."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.tell import takes_mail
from forum.kernel.database import numbers, take_turns
from forum.ledger.reader_week import ReaderWeek, Reading, read_by_people
from forum.ledger.viewing import week_of
from forum.notices.choosing import ways_of
from forum.notices.events import IMPACT
from forum.outbox.delivery import Delivery
from forum.outbox.mail import IMPACT_KEY, impact_delivery
from forum.people.account import Account
from forum.people.roles import Role
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post

OCLOCK = 8  # on Monday, in the company's time zone
BATCH = 500


def mail_impact(session: Session, zone: tzinfo, now: datetime) -> int:
    """How many mails were made. Each is worded when it is sent, so who declines or leaves meanwhile gets none."""
    take_turns(session, "impact mails")
    monday = week_of(now - timedelta(hours=OCLOCK), zone) - timedelta(days=7)
    week = week_name(monday)
    there = set(session.scalars(select(Delivery.key).where(Delivery.key.like(f"{IMPACT_KEY}%:{week}"))))
    fresh = [one for one in _who_was_read(session, monday) if impact_delivery(one, week, now).key not in there]
    made = 0
    for place in range(0, len(fresh), BATCH):
        wanted = _who_want_it(session, fresh[place : place + BATCH], now)
        session.add_all(impact_delivery(one, week, now) for one in wanted)
        made += len(wanted)
    session.flush()
    return made


def week_name(monday: date) -> str:
    """Such as 2026-W47."""
    year, number, _day = monday.isocalendar()
    return f"{year}-W{number:02}"


def monday_of(week: str) -> date | None:
    """None where the name is none of ours."""
    year, _dash, number = week.partition("-W")
    try:
        return date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        return None


def next_monday(now: datetime, zone: tzinfo) -> datetime:
    """When the next week's mails are made."""
    here = now.astimezone(zone)
    day = here.date() - timedelta(days=here.weekday())
    at = datetime.combine(day, time(OCLOCK), tzinfo=zone)
    if at <= now:
        at = datetime.combine(day + timedelta(days=7), time(OCLOCK), tzinfo=zone)
    return at.astimezone(UTC)


def _who_was_read(session: Session, monday: date) -> list[int]:
    """Members whose accepted answers somebody else read in the week that began on `monday`."""
    read = (
        select(Post.author_id)
        .join(Acceptance, Acceptance.post_id == Post.id)
        .join(Reading, Reading.acceptance_id == Acceptance.id)
        .join(ReaderWeek, ReaderWeek.id == Reading.reader_week_id)
        .where(read_by_people(monday, monday), Post.author_id.is_distinct_from(ReaderWeek.account_id))
    )
    found = select(Account.id).where(Account.id.in_(read), Account.closed_at.is_(None), Account.role == Role.CUSTOMER)
    return list(session.scalars(found.order_by(Account.id)))


def _who_want_it(session: Session, ids: list[int], now: datetime) -> list[int]:
    accounts = session.scalars(select(Account).where(Account.id.in_(numbers(ids)), Account.solutions > 0)).all()
    ways = ways_of(session, {account.id: IMPACT for account in accounts})
    return [account.id for account in accounts if ways[account.id].by_mail and takes_mail(account, now)]
