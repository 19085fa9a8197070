"""What the front page says beside the threads: who helped this week, and how the community is doing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.people.account import Account
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post
from forum.threads.private_boards import thread_is_readable
from forum.threads.thread import Kind, Thread

LOOK_BACK = timedelta(days=30)
MOST_READ = 500  # threads that the medians are taken from


@dataclass(frozen=True)
class Helper:
    name: str
    display_name: str
    accepted: int


@dataclass(frozen=True)
class Pulse:
    """`None` where there is nothing to tell yet. Shares are between 0 and 1."""

    helpers: Sequence[Helper]
    first_reply_seconds: float | None
    solved_within_a_day: float | None
    answered_by_members: float | None


def community_pulse(session: Session, now: datetime) -> Pulse:
    """The last seven days' accepted answers, and the last thirty days' questions; three queries of bounded size.

    It is the same for everybody, so what happens on private boards is not in it.
    """
    public = thread_is_readable(None)
    helpers = session.execute(
        select(Account.name, Account.display_name, func.count())
        .select_from(Acceptance)
        .join(Post, Post.id == Acceptance.post_id)
        .join(Account, Account.id == Post.author_id)
        .join(Thread, Thread.id == Acceptance.thread_id)
        .where(Acceptance.accepted_at > now - timedelta(days=7), Acceptance.withdrawn_at.is_(None), public)
        .group_by(Account.id, Account.name, Account.display_name)
        .order_by(func.count().desc(), Account.id)
        .limit(3)
    ).all()
    questions = session.execute(
        select(Thread.created_at, Thread.first_reply_at, Thread.solved_at)
        .where(Thread.kind == Kind.QUESTION, Thread.hidden_at.is_(None), Thread.created_at > now - LOOK_BACK, public)
        .order_by(Thread.id.desc())
        .limit(MOST_READ)
    ).all()
    waits = [(answered - asked).total_seconds() for asked, answered, _solved in questions if answered]
    a_day_old = [(asked, solved) for asked, _answered, solved in questions if now - asked >= timedelta(days=1)]
    in_time = [1 for asked, solved in a_day_old if solved and solved - asked <= timedelta(days=1)]
    by_staff = session.execute(
        select(Post.by_staff, func.count())
        .select_from(Acceptance)
        .join(Post, Post.id == Acceptance.post_id)
        .join(Thread, Thread.id == Acceptance.thread_id)
        .where(Acceptance.accepted_at > now - LOOK_BACK, Acceptance.withdrawn_at.is_(None), public)
        .group_by(Post.by_staff)
    ).all()
    solved = {bool(staff): count for staff, count in by_staff}
    return Pulse(
        helpers=[Helper(*row) for row in helpers],
        first_reply_seconds=median(waits) if waits else None,
        solved_within_a_day=len(in_time) / len(a_day_old) if a_day_old else None,
        answered_by_members=solved.get(False, 0) / sum(solved.values()) if solved else None,
    )
