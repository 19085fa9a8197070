"""Give kudos to a post, and take them back within a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.kernel.database import lock
from forum.kernel.errors import Conflict, NotFound
from forum.kernel.messages import Message
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.superfans.points import PointEntry, for_kudos, reversal
from forum.threads.post import Kudos, Post
from forum.threads.thread import Thread

TAKE_BACK_WITHIN = timedelta(days=1)


def give_kudos(session: Session, thread: Thread, post: Post, by: Account, now: datetime) -> Kudos:
    """One per person and post; asking twice gives the one that stands."""
    require(by, Act.GIVE_KUDOS)
    if post.author_id == by.id:
        raise Conflict(Message("You cannot give kudos to your own post."))
    lock(session, post)
    if (standing := _standing(session, post, by)) is not None:
        return standing
    kudos = Kudos(post_id=post.id, giver_id=by.id, given_at=now)
    session.add(kudos)
    session.flush()
    _count(thread, post, 1)
    if post.author_id is not None and post.number > 1:
        session.add(for_kudos(post.author_id, kudos.id, now))
        _add_points(session, post.author_id, for_kudos(post.author_id, kudos.id, now).points)
    return kudos


def take_back_kudos(session: Session, thread: Thread, post: Post, by: Account, now: datetime) -> None:
    """Within a day of giving; points go back by a row of their own."""
    lock(session, post)
    kudos = _standing(session, post, by)
    if kudos is None:
        raise NotFound(Message("You have given no kudos here."))
    if now - kudos.given_at > TAKE_BACK_WITHIN:
        raise Conflict(Message("Kudos can be taken back within a day, and that has passed."))
    kudos.taken_back_at = now
    _count(thread, post, -1)
    earned = session.scalar(select(PointEntry).where(PointEntry.cause == f"kudos:{kudos.id}"))
    if earned is not None:
        session.add(reversal(earned, now))
        _add_points(session, earned.account_id, -earned.points)
    session.flush()


def _standing(session: Session, post: Post, by: Account) -> Kudos | None:
    return session.scalar(
        select(Kudos).where(Kudos.post_id == post.id, Kudos.giver_id == by.id, Kudos.taken_back_at.is_(None))
    )


def _count(thread: Thread, post: Post, change: int) -> None:
    post.kudos_count = Post.kudos_count + change
    thread.kudos_count = Thread.kudos_count + change


def _add_points(session: Session, account_id: int, points: int) -> None:
    account = session.get_one(Account, account_id)
    account.points = Account.points + points
