"""What the front page says beside the threads: who helped this week, and how the community is doing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from sqlalchemy import String, cast, func, literal, select
from sqlalchemy.orm import Session

from forum.people.account import Account
from forum.reports.leaderboards import stands_on_boards
from forum.superfans.standings import Span, StandingRow, start_of
from forum.threads.acceptance import Acceptance
from forum.threads.board import Board
from forum.threads.post import Post
from forum.threads.private_boards import board_is_readable, thread_is_readable
from forum.threads.thread import Kind, Thread

LOOK_BACK = timedelta(days=30)
MOST_READ = 500  # threads that the medians are taken from, and acceptances that the share is
HELPERS = 3
LEADING = 100  # members with most points in the week, of whom those with most solutions are named


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
    """Who solved most this week (from Monday, UTC), by the leaderboards; and the latest of thirty days. Three queries of bounded size.

    It is the same for everybody, so what happens on private boards is not in it.
    """
    waits, a_day_old = _waits(session, now)
    in_time = [1 for asked, solved in a_day_old if solved and solved - asked <= timedelta(days=1)]
    by_staff = _latest_by_staff(session, now)
    return Pulse(
        helpers=_helpers(session, now),
        first_reply_seconds=median(waits) if waits else None,
        solved_within_a_day=len(in_time) / len(a_day_old) if a_day_old else None,
        answered_by_members=by_staff.count(False) / len(by_staff) if by_staff else None,
    )


def _helpers(session: Session, now: datetime) -> Sequence[Helper]:
    """Nobody who is on no leaderboard. Their solutions on each public board are added up from the standings."""
    week = StandingRow.span == Span.WEEK, StandingRow.starts_on == start_of(Span.WEEK, now.astimezone(UTC).date())
    leading = (
        select(StandingRow.account_id)
        .where(*week, StandingRow.scope == "")
        .order_by(StandingRow.points.desc())
        .limit(LEADING)
    )
    public = select(literal("board:").concat(cast(Board.id, String))).where(board_is_readable(None))
    solved = func.sum(StandingRow.solutions)
    found = (
        select(Account.name, Account.display_name, solved)
        .join(StandingRow, StandingRow.account_id == Account.id)
        .where(*week, StandingRow.scope.in_(public), StandingRow.account_id.in_(leading), stands_on_boards())
        .group_by(Account.id, Account.name, Account.display_name)
        .having(solved > 0)
        .order_by(solved.desc(), Account.id)
        .limit(HELPERS)
    )
    return [Helper(name, display_name, int(number)) for name, display_name, number in session.execute(found)]


def _waits(session: Session, now: datetime) -> tuple[list[float], list[tuple[datetime, datetime | None]]]:
    """Seconds to the first reply; and when those were asked and solved that are a day old."""
    questions = session.execute(
        select(Thread.created_at, Thread.first_reply_at, Thread.solved_at)
        .where(Thread.kind == Kind.QUESTION, Thread.hidden_at.is_(None), Thread.created_at > now - LOOK_BACK)
        .where(thread_is_readable(None))
        .order_by(Thread.id.desc())
        .limit(MOST_READ)
    ).all()
    waits = [(answered - asked).total_seconds() for asked, answered, _solved in questions if answered]
    return waits, [(asked, solved) for asked, _answered, solved in questions if now - asked >= timedelta(days=1)]


def _latest_by_staff(session: Session, now: datetime) -> Sequence[bool]:
    """Of each of the latest accepted answers, whether its author spoke for the brand."""
    latest = (
        select(Acceptance.post_id, Acceptance.thread_id)
        .where(Acceptance.accepted_at > now - LOOK_BACK, Acceptance.withdrawn_at.is_(None))
        .order_by(Acceptance.accepted_at.desc())
        .limit(MOST_READ)
        .subquery()
    )
    public = (
        select(Post.by_staff).join(latest, latest.c.post_id == Post.id).join(Thread, Thread.id == latest.c.thread_id)
    )
    return session.scalars(public.where(thread_is_readable(None))).all()
