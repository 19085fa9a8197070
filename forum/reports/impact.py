"""What somebody's answers did lately: how many people read them, and the contacts that this saved by the company's estimate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta, tzinfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.ledger.period import Period
from forum.ledger.reader_week import ReaderWeek, Reading, read_by_people
from forum.people.account import Account
from forum.reports.answer_share import Saved, saved_by_member
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post

MIDDLE = 15  # the ledger knows a reader about two weeks later, so before this day a month's figures would all be small


@dataclass(frozen=True)
class Impact:
    """`week` and `month`: people who read accepted answers of theirs; whoever came in two weeks of a month counts twice."""

    period: Period
    week: int
    month: int
    saved: Saved | None  # for superfans alone; None where it comes to less than one contact


def impact_of(session: Session, account: Account, monday: date, zone: tzinfo) -> Impact | None:
    """At the end of the week that began on `monday`; None where nobody read them in it."""
    period = month_of(monday)
    first, last = _weeks_of(period, monday)
    week = _readers(session, account.id, monday, monday)
    if week == 0:
        return None
    month = _readers(session, account.id, first, last)
    is_superfan = account.superfan_since is not None
    saved = saved_by_member(session, account.id, period, zone) if is_superfan else None
    return Impact(period, week, month, saved)


def month_of(monday: date) -> Period:
    """The month that the week's mail speaks of: the one in which the week ended, or in its first half the one before."""
    sunday = monday + timedelta(days=6)
    period = Period.of(sunday)
    return period if sunday.day >= MIDDLE else period.moved(-1)


def _weeks_of(period: Period, monday: date) -> tuple[date, date]:
    """The Mondays of its first and last week: a week belongs to the month in which it ends, and none is later than `monday`."""
    first = period.first - timedelta(days=period.first.weekday())
    last = period.moved(1).first
    last -= timedelta(days=last.weekday())
    ends_inside = last + timedelta(days=6) < period.moved(1).first
    return first, min(last if ends_inside else last - timedelta(days=7), monday)


def _readers(session: Session, account_id: int, first: date, last: date) -> int:
    """Nobody who reads their own answer."""
    counted = (
        select(func.count(func.distinct(ReaderWeek.id)))
        .join(Reading, Reading.reader_week_id == ReaderWeek.id)
        .join(Acceptance, Acceptance.id == Reading.acceptance_id)
        .join(Post, Post.id == Acceptance.post_id)
        .where(read_by_people(first, last), Post.author_id == account_id)
        .where(Post.author_id.is_distinct_from(ReaderWeek.account_id))
    )
    return session.scalar(counted) or 0
