"""Cut the link from what somebody read to who they are. The rows and what they count stay."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import Session

from forum.ledger.claim import Claim, Kind, Reason
from forum.ledger.reader_week import ReaderWeek, Reading
from forum.threads.post import Post
from forum.threads.thread import Thread

DAY, WEEK = timedelta(days=1), timedelta(days=7)


def forget_reader(session: Session, account_id: int) -> int:
    """How many reader-weeks were cut loose. To be called before the person's threads, posts and claims are cut.

    That they wrote in a thread, or are counted as an asker, is why some of what they read may not count. Nobody can
    tell afterwards, so those readings go: else a later look at the week would count what did not count before.
    """
    weeks = session.scalars(
        select(ReaderWeek).where(ReaderWeek.account_id == account_id).order_by(ReaderWeek.id).with_for_update()
    ).all()
    for week in weeks:
        _drop_what_may_not_count(session, week, account_id)
        week.account_id, week.reader = None, f"gone:{secrets.token_hex(24)}"
    session.flush()
    return len(weeks)


def _drop_what_may_not_count(session: Session, week: ReaderWeek, account_id: int) -> None:
    readings = delete(Reading).where(Reading.reader_week_id == week.id)
    if week.reason != Reason.COUNTED_ELSEWHERE and not _asks_then(session, week, account_id):
        wrote = select(Post.thread_id).where(Post.author_id == account_id, Post.created_at <= week.due_at)
        readings = readings.where(Reading.thread_id.in_(wrote))
    session.execute(readings.execution_options(synchronize_session=False))


def _asks_then(session: Session, week: ReaderWeek, account_id: int) -> bool:
    """Whether a claim of theirs runs in a week that is not decided; a day wider on both sides, for any time zone."""
    if week.decided_at is not None:
        return False
    begin = datetime.combine(week.week, time(), UTC)
    runs = exists().where(
        Claim.thread_id == Thread.id,
        Thread.author_id == account_id,
        or_(Claim.kind == Kind.DIRECT, Claim.kind == Kind.SOCIAL),
        Claim.opened_at < begin + WEEK + DAY,
        Claim.due_at >= begin - DAY,
    )
    return bool(session.scalar(select(runs)))
