"""Give kudos to a post, and take them back within a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.give_points import ONE_PERSON, Earning, give_points, hold_members, review_soon, take_points_back
from forum.actions.tell_thanks import take_thanks_back, tell_thanks
from forum.kernel.database import lock
from forum.kernel.errors import Conflict, NotFound
from forum.kernel.messages import Message
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.superfans.causes import KUDOS, SAME_PROBLEM, Trust, trust_of
from forum.threads.post import Kudos, Post
from forum.threads.private_boards import require_readable
from forum.threads.thread import SameProblem, Thread

TAKE_BACK_WITHIN = timedelta(days=1)
FROM_ONE_PERSON = 3


def give_kudos(session: Session, thread: Thread, post: Post, by: Account, now: datetime) -> Kudos:
    """One per person and post; asking twice gives the one that stands."""
    require(by, Act.GIVE_KUDOS)
    require_readable(session, thread, by)
    if post.author_id == by.id:
        raise Conflict(Message("You cannot give kudos to your own post."))
    lock(session, post)
    if (standing := _standing(session, post, by)) is not None:
        return standing
    lock(session, thread)  # before the people, as whoever accepts or withdraws: its sums are written below
    hold_members(session, [by.id, post.author_id])
    kudos = Kudos(post_id=post.id, giver_id=by.id, given_at=now, trust=trust_of(by, now))
    session.add(kudos)
    session.flush()
    _count(thread, post, 1)
    if post.author_id is not None and post.number > 1:
        _earn(session, thread, kudos, post.author_id)
    tell_thanks(session, post, kudos, now)
    review_soon(session, [by.id], now)
    return kudos


def take_back_kudos(session: Session, thread: Thread, post: Post, by: Account, now: datetime) -> None:
    """Within a day of giving; points go back by a row of their own."""
    require_readable(session, thread, by)
    lock(session, post)
    kudos = _standing(session, post, by)
    if kudos is None:
        raise NotFound(Message("You have given no kudos here."))
    if now - kudos.given_at > TAKE_BACK_WITHIN:
        raise Conflict(Message("Kudos can be taken back within a day, and that has passed."))
    lock(session, thread)
    hold_members(session, [by.id, post.author_id])
    kudos.taken_back_at = now
    if kudos.voided_at is None:  # a voided one counts no more
        _count(thread, post, -1)
    take_points_back(session, [KUDOS, SAME_PROBLEM], kudos.id, now)
    take_thanks_back(session, post, kudos, now)
    review_soon(session, [by.id], now)
    session.flush()


def _standing(session: Session, post: Post, by: Account) -> Kudos | None:
    return session.scalar(
        select(Kudos).where(Kudos.post_id == post.id, Kudos.giver_id == by.id, Kudos.taken_back_at.is_(None))
    )


def _count(thread: Thread, post: Post, change: int) -> None:
    post.kudos_count = Post.kudos_count + change
    thread.kudos_count = Thread.kudos_count + change


def _earn(session: Session, thread: Thread, kudos: Kudos, author_id: int) -> None:
    """Kudos earn nothing from somebody who thanks one person only; those of somebody who had the same problem earn more."""
    why = ONE_PERSON if _thanks_one_person_only(session, kudos, author_id) else None
    told = Earning(author_id, thread, kudos.given_at, Trust(kudos.trust), why)
    give_points(session, KUDOS, kudos.id, told)
    same = select(SameProblem.id).where(SameProblem.thread_id == thread.id, SameProblem.account_id == kudos.giver_id)
    if session.scalar(same) is not None:
        give_points(session, SAME_PROBLEM, kudos.id, replace(told, trust=Trust.MEMBER))


def _thanks_one_person_only(session: Session, kudos: Kudos, author_id: int) -> bool:
    """From the third on: two may well go to the one person whom somebody has met so far."""
    given = (
        select(Post.author_id)
        .join(Kudos, Kudos.post_id == Post.id)
        .where(Kudos.giver_id == kudos.giver_id, Kudos.taken_back_at.is_(None), Post.number > 1)
    )
    if session.scalar(given.where(Post.author_id != author_id).limit(1)) is not None:
        return False
    return len(session.scalars(given.limit(FROM_ONE_PERSON)).all()) >= FROM_ONE_PERSON
