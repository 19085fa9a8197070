"""Void kudos that were gamed, and restore them: counts and points follow in the same commit, points by rows of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.give_points import give_points_again, hold_members, review_soon, take_points_back
from forum.kernel.database import numbers
from forum.superfans.causes import KUDOS, SAME_PROBLEM
from forum.superfans.suspicion import Suspicion, SuspicionKind, SuspicionMember
from forum.threads.post import Kudos, Post
from forum.threads.thread import Thread

CAUSES = (KUDOS, SAME_PROBLEM)
AT_ONCE = 50  # in one commit, half a second or so


def void_kudos(session: Session, suspicion: Suspicion, kudos_ids: Collection[int], now: datetime) -> int:
    """How many were voided: those taken back or voided meanwhile are left as they are."""
    held = [row for row in _hold(session, kudos_ids) if row[0].voided_at is None and row[0].taken_back_at is None]
    for kudos, _post in held:
        kudos.voided_at, kudos.voided_by = now, suspicion.id
    _count(session, [post for _kudos, post in held], -1)
    _hold_people(session, held)
    for kudos, _post in held:
        take_points_back(session, CAUSES, kudos.id, now, word="voided")
    review_soon(session, [kudos.giver_id for kudos, _post in held], now)
    return len(held)


def restore_kudos(session: Session, suspicion: Suspicion, now: datetime) -> int:
    """How many are voided no more, at most AT_ONCE: those that their giver took back meanwhile stay taken back."""
    ids = session.scalars(
        select(Kudos.id).where(Kudos.voided_by == suspicion.id).order_by(Kudos.id).limit(AT_ONCE)
    ).all()
    held = [row for row in _hold(session, ids) if row[0].voided_by == suspicion.id]
    for kudos, _post in held:
        kudos.voided_at = kudos.voided_by = None
    standing = [row for row in held if row[0].taken_back_at is None]
    _count(session, [post for _kudos, post in standing], 1)
    _hold_people(session, standing)
    for kudos, _post in standing:
        give_points_again(session, CAUSES, kudos.id, now)
    review_soon(session, [kudos.giver_id for kudos, _post in standing], now)
    return len(held)


def kudos_inside(session: Session, suspicion: Suspicion) -> Sequence[int]:
    """Those that its evidence counts: of a series the run, else all between its members in the time looked at."""
    members = select(SuspicionMember.account_id).where(SuspicionMember.suspicion_id == suspicion.id)
    inside = (
        select(Kudos.id)
        .join(Post, Post.id == Kudos.post_id)
        .where(Kudos.giver_id.in_(members), Post.author_id.in_(members), Kudos.giver_id != Post.author_id)
        .where(Kudos.taken_back_at.is_(None), Kudos.voided_at.is_(None))
        .order_by(Kudos.id)
    )
    told = suspicion.evidence
    if suspicion.kind == SuspicionKind.SERIAL:
        inside = inside.where(
            Kudos.giver_id == told["giver"],
            Kudos.given_at >= datetime.fromisoformat(told["first_at"]),
            Kudos.given_at <= datetime.fromisoformat(told["last_at"]),
        )
    elif suspicion.kind == SuspicionKind.RING:
        inside = inside.where(
            Kudos.given_at >= datetime.fromisoformat(told["since"]),
            Kudos.given_at <= datetime.fromisoformat(told["until"]),
        )
    if suspicion.settled_at is not None:
        inside = inside.where(Kudos.given_at <= suspicion.settled_at)  # the verdict is not about what comes after it
    return session.scalars(inside).all()


def _hold(session: Session, kudos_ids: Collection[int]) -> Sequence[tuple[Kudos, Post]]:
    """Posts first, then threads, then people, each by their ids, as giving kudos does: two at once never wait for each other."""
    session.flush()
    posts = select(Post).join(Kudos, Kudos.post_id == Post.id).where(Kudos.id.in_(numbers(kudos_ids)))
    fresh = {"populate_existing": True}
    locked = posts.order_by(Post.id).with_for_update(of=Post, key_share=True)
    by_id = {post.id: post for post in session.scalars(locked.execution_options(**fresh))}
    kudos = select(Kudos).where(Kudos.id.in_(numbers(kudos_ids))).order_by(Kudos.id).with_for_update()
    return [(one, by_id[one.post_id]) for one in session.scalars(kudos.execution_options(**fresh))]


def _hold_people(session: Session, rows: Sequence[tuple[Kudos, Post]]) -> None:
    hold_members(session, [one for kudos, post in rows for one in (kudos.giver_id, post.author_id)])


def _count(session: Session, posts: Sequence[Post], change: int) -> None:
    for post, times in Counter(posts).items():
        post.kudos_count = Post.kudos_count + change * times
    for thread_id, times in sorted(Counter(post.thread_id for post in posts).items()):
        thread = session.get_one(Thread, thread_id)
        thread.kudos_count = Thread.kudos_count + change * times
        session.flush()
