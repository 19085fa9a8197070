"""Spread what happened in a thread among those who want to know: the asker, who was named, who follows. A worker's act.

A batch of members is one commit, so a thread that thousands follow holds nothing up. Safe to kill and to run twice: who
was told already is not told again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, union
from sqlalchemy.orm import Session, sessionmaker

from forum.actions.tell import About, tell_all
from forum.kernel.database import writing
from forum.notices.events import ANSWERED, COMMENTED, FOLLOWED, NAMED, REPLY_WAITING, SOLVED, Event
from forum.outbox import claiming
from forum.outbox.delivery import Delivery, State
from forum.people.account import Account
from forum.people.names import key_of
from forum.people.permissions import TABLE, Act
from forum.threads.acceptance import Acceptance
from forum.threads.post import Comment, Post
from forum.threads.thread import Follow, SameProblem, Thread

BATCH = 100
MOST_NAMES = 20  # whoever names more people in one text wants something else


@dataclass(frozen=True)
class News:
    """The most telling event for each member, and what it is about."""

    about: About
    wanted: Mapping[int, Event] = field(default_factory=dict)


def spread_news(sessions: sessionmaker[Session], delivery_id: int, clock: Callable[[], datetime]) -> State | None:
    """None where another worker has it, or took it over meanwhile."""
    with writing(), sessions.begin() as session:
        claim = claiming.claim(session, delivery_id, clock())
        if claim is None:
            return None
        delivery = session.get_one(Delivery, delivery_id)
        payload, happened_at = dict(delivery.payload), delivery.made_at
    with sessions() as session:
        news = _read(session, payload)
    members = sorted(news.wanted) if news else []
    for start in range(0, len(members), BATCH):
        with writing(), sessions.begin() as session:
            if news is None or not claiming.renew(session, claim, clock()):
                return None
            batch = {one: news.wanted[one] for one in members[start : start + BATCH]}
            tell_all(session, batch, news.about, happened_at)
    state = State.SENT if news else State.CANCELLED
    with writing(), sessions.begin() as session:
        return state if claiming.settle(session, claim, state, clock(), payload={}) else None


def names_in(mentions: Collection[str]) -> list[str]:
    """What the outbox row keeps of the names in a text."""
    return sorted({key_of(name) for name in mentions})[:MOST_NAMES]


def _read(session: Session, payload: Mapping[str, Any]) -> News | None:
    """None where the thing is gone: hidden, or taken back."""
    readers = {
        "post": _of_post, "edit": _of_edit, "comment": _of_comment, "acceptance": _of_acceptance, "held": _of_held,
    }  # fmt: skip
    return readers[payload["about"]](session, payload)


def _of_post(session: Session, payload: Mapping[str, Any]) -> News | None:
    post = session.get(Post, payload["id"])
    if post is None or post.hidden_at is not None:
        return None
    thread = session.get_one(Thread, post.thread_id)
    wanted = dict.fromkeys(_named(session, payload), NAMED)
    if post.number > 1:
        wanted = dict.fromkeys(_followers(session, thread), FOLLOWED) | wanted
    if thread.author_id is not None and post.number > 1:
        wanted[thread.author_id] = ANSWERED
    return News(_about_post(post), wanted)


def _of_edit(session: Session, payload: Mapping[str, Any]) -> News | None:
    """Names that an edit added."""
    post = session.get(Post, payload["post"])
    if post is None or post.hidden_at is not None:
        return None
    return News(_about_post(post), dict.fromkeys(_named(session, payload), NAMED))


def _of_comment(session: Session, payload: Mapping[str, Any]) -> News | None:
    comment = session.get(Comment, payload["id"])
    post = session.get(Post, comment.post_id) if comment is not None else None
    if comment is None or comment.hidden_at is not None or post is None or post.hidden_at is not None:
        return None
    wanted = dict.fromkeys(_named(session, payload), NAMED)
    if post.author_id is not None:
        wanted[post.author_id] = COMMENTED
    details = {"comment": comment.id}
    return News(About(f"comment:{comment.id}", post.thread_id, post.id, comment.author_id, details), wanted)


def _of_acceptance(session: Session, payload: Mapping[str, Any]) -> News | None:
    """Its author was told when it was accepted."""
    acceptance = session.get(Acceptance, payload["id"])
    if acceptance is None or acceptance.withdrawn_at is not None:
        return None
    thread, post = session.get_one(Thread, acceptance.thread_id), session.get_one(Post, acceptance.post_id)
    wanted = {one: SOLVED for one in _followers(session, thread) if one != post.author_id}
    about = About(f"acceptance:{acceptance.id}", thread.id, post.id, acceptance.accepted_by_id)
    return News(about, wanted)


def _of_held(session: Session, payload: Mapping[str, Any]) -> News | None:
    """A reply waits for approval: whoever may approve it hears of it once."""
    reply = session.get(Delivery, payload["id"])
    if reply is None or reply.state != State.HELD:
        return None
    roles = [str(standing) for standing in TABLE[Act.APPROVE_REPLIES]]
    staff = session.scalars(select(Account.id).where(Account.role.in_(roles), Account.closed_at.is_(None)))
    acceptance = session.get_one(Acceptance, reply.acceptance_id)
    key = f"reply:{reply.id}:waiting{payload.get('again', '')}"  # again: its answer was changed before it went out
    about = About(key, reply.thread_id, acceptance.post_id, acceptance.accepted_by_id, {"delivery": reply.id})
    return News(about, dict.fromkeys(staff, REPLY_WAITING))


def _about_post(post: Post) -> About:
    """One key for all that a post may mean to somebody, so nobody hears of it twice."""
    return About(f"post:{post.id}", post.thread_id, post.id, post.author_id)


def _followers(session: Session, thread: Thread) -> Collection[int]:
    following = select(Follow.account_id).where(Follow.thread_id == thread.id)
    same = select(SameProblem.account_id).where(SameProblem.thread_id == thread.id)
    return session.scalars(union(following, same)).all()


def _named(session: Session, payload: Mapping[str, Any]) -> Collection[int]:
    names = payload.get("names", [])
    return session.scalars(select(Account.id).where(Account.name_key.in_(names))).all() if names else ()
