"""Read what the detections of gaming look at: kudos, acceptances and sign-ins, as plain values. A fixed number of queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from forum.people.account import Account, BrowserSession
from forum.superfans.puppets import Person
from forum.superfans.rings import Vote
from forum.superfans.self_solving import Solved
from forum.superfans.serial_votes import Given
from forum.superfans.suspicion import Suspicion, SuspicionKind
from forum.threads.acceptance import Acceptance
from forum.threads.post import Kudos, Post
from forum.threads.thread import Thread


@dataclass(frozen=True)
class Votes:
    given: Sequence[Vote]
    posts: Mapping[int, int]  # by author, written in the same time or thanked in it


def read_votes(session: Session, since: datetime) -> Votes:
    """Kudos that stand, and those voided as a series: they belong to a ring's evidence. What a ring lost is not counted again."""
    rows = session.execute(
        select(Kudos.giver_id, Post.author_id, Kudos.given_at, Post.id, Thread.board_id, Post.created_at)
        .join(Post, Post.id == Kudos.post_id)
        .join(Thread, Thread.id == Post.thread_id)
        .outerjoin(Suspicion, Suspicion.id == Kudos.voided_by)
        .where(Kudos.given_at >= since, Kudos.taken_back_at.is_(None), Post.author_id.is_not(None))
        .where(or_(Kudos.voided_at.is_(None), Suspicion.kind == SuspicionKind.SERIAL))
        .order_by(Kudos.id)
    )
    given: list[Vote] = []
    older: dict[int, set[int]] = defaultdict(set)
    for giver, author, at, post, board, written_at in rows:
        if author is None:
            continue
        given.append(Vote(giver, author, at, post, board))
        if written_at < since:
            older[author].add(post)
    return Votes(given, _posts(session, since, older))


def _posts(session: Session, since: datetime, older: Mapping[int, set[int]]) -> Mapping[int, int]:
    written = (
        select(Post.author_id, func.count())
        .where(Post.created_at >= since, Post.hidden_at.is_(None), Post.author_id.is_not(None))
        .group_by(Post.author_id)
    )
    posts = Counter({author: len(thanked) for author, thanked in older.items()})
    for author, count in session.execute(written):
        if author is not None:
            posts[author] += count
    return posts


def read_given(session: Session, since: datetime) -> Sequence[Given]:
    """Kudos of the last days; those voided as a series too, so that the series is seen whole."""
    rows = session.execute(
        select(Kudos.id, Kudos.giver_id, Post.author_id, Post.thread_id, Kudos.given_at)
        .join(Post, Post.id == Kudos.post_id)
        .outerjoin(Suspicion, Suspicion.id == Kudos.voided_by)
        .where(Kudos.given_at >= since, Kudos.taken_back_at.is_(None), Post.author_id.is_not(None))
        .where(or_(Kudos.voided_at.is_(None), Suspicion.kind == SuspicionKind.SERIAL))
    )
    return [Given(kudos, giver, author, thread, at) for kudos, giver, author, thread, at in rows if author is not None]


def read_solved(session: Session, since: datetime) -> Sequence[Solved]:
    """Acceptances that stand, each by the asker."""
    rows = session.execute(
        select(Thread.author_id, Post.author_id, Thread.board_id, Thread.id, Thread.created_at, Post.created_at)
        .join(Acceptance, Acceptance.thread_id == Thread.id)
        .join(Post, Post.id == Acceptance.post_id)
        .where(Acceptance.withdrawn_at.is_(None), Acceptance.accepted_at >= since)
        .where(Acceptance.accepted_by_id == Thread.author_id, Post.author_id.is_not(None))
        .order_by(Acceptance.accepted_at, Acceptance.id)
    )
    return [
        Solved(asker, answerer, board, thread, asked_at, answered_at)
        for asker, answerer, board, thread, asked_at, answered_at in rows
        if asker is not None and answerer is not None
    ]


def read_people(session: Session) -> Sequence[Person]:
    rows = session.execute(
        select(Account.id, Account.name, Account.email_key, Account.created_at).where(Account.closed_at.is_(None))
    )
    return [Person(*row) for row in rows]


def read_sign_ins(session: Session, since: datetime) -> Sequence[tuple[int, str, str]]:
    rows = session.execute(
        select(BrowserSession.account_id, BrowserSession.address, BrowserSession.browser)
        .where(BrowserSession.created_at >= since)
        .distinct()
    )
    return [(account, address, browser) for account, address, browser in rows]
