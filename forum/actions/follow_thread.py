"""Follow a thread, say that one has the same problem, and stop either."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from forum.kernel.database import lock
from forum.kernel.errors import Conflict
from forum.kernel.messages import Message
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.threads.private_boards import require_readable
from forum.threads.thread import Follow, SameProblem, Thread


def follow_thread(session: Session, thread: Thread, by: Account, now: datetime) -> None:
    require(by, Act.FOLLOW)
    require_readable(session, thread, by)
    lock(session, thread)
    follows = select(Follow.id).where(Follow.thread_id == thread.id, Follow.account_id == by.id)
    if session.scalar(follows) is None:
        session.add(Follow(thread_id=thread.id, account_id=by.id, since=now))
        session.flush()


def unfollow_thread(session: Session, thread: Thread, by: Account) -> None:
    session.execute(delete(Follow).where(Follow.thread_id == thread.id, Follow.account_id == by.id))


def have_same_problem(session: Session, thread: Thread, by: Account, now: datetime) -> None:
    """Counts once per person, not the asker; the person follows the thread too, to hear of the answer."""
    require(by, Act.HAVE_SAME_PROBLEM)
    require_readable(session, thread, by)
    if thread.author_id == by.id:
        raise Conflict(Message("It is your own question."))
    lock(session, thread)
    if session.scalar(_said(thread, by)) is None:
        session.add(SameProblem(thread_id=thread.id, account_id=by.id, said_at=now))
        thread.same_problem_count += 1
    follow_thread(session, thread, by, now)


def have_same_problem_no_more(session: Session, thread: Thread, by: Account) -> None:
    lock(session, thread)
    if (said := session.scalar(_said(thread, by))) is not None:
        session.execute(delete(SameProblem).where(SameProblem.id == said))
        thread.same_problem_count -= 1


def _said(thread: Thread, by: Account) -> Select[int]:
    return select(SameProblem.id).where(SameProblem.thread_id == thread.id, SameProblem.account_id == by.id)
