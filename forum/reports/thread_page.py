"""A thread as its page shows it, in a fixed number of queries however many posts it has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, literal, or_, select, union_all
from sqlalchemy.orm import Session

from forum.people.account import Account
from forum.reports.network_side import DeliveryView, OriginView, network_side
from forum.reports.rank_views import RankLook
from forum.reports.thread_view import ThreadView, thread_view
from forum.superfans.rank import Rank
from forum.threads.post import Comment, Kudos, Post
from forum.threads.private_boards import thread_is_readable
from forum.threads.thread import SimilarThread, Thread, ThreadLink

PAGE = 20  # posts beside the question and the accepted answer
# Who left has no page any more, so no name that leads to one.
PAGE_OF = case((Account.closed_at.is_(None), Account.name))


@dataclass(frozen=True)
class CommentView:
    id: int
    author: str | None  # None: who wrote it has left
    author_name: str
    html: str
    written_at: datetime


@dataclass(frozen=True)
class PostView:
    id: int
    number: int
    author_id: int | None
    author: str | None  # the name in addresses; None for a post from a network, and of who has left
    author_name: str
    by_staff: bool
    superfan: bool
    rank: RankLook | None
    from_network: bool
    html: str
    written_at: datetime
    edited_at: datetime | None
    kudos: int
    thanked_at: datetime | None  # when the viewer gave kudos
    comments: Sequence[CommentView]


@dataclass(frozen=True)
class SimilarView:
    id: int
    title: str
    slug: str
    replies: int


@dataclass(frozen=True)
class ThreadPageView:
    thread: ThreadView
    question: PostView
    accepted: PostView | None
    replies: Sequence[PostView]
    older: int | None  # the number before which the earlier replies stand
    newer: int | None  # the number after which the later replies stand
    origins: Sequence[OriginView]
    deliveries: Sequence[DeliveryView]
    originals: Sequence[SimilarView]  # the threads that this one is a duplicate of
    similar: Sequence[SimilarView]


def thread_page(session: Session, thread_id: int, viewer: Account | None, after: int = 1) -> ThreadPageView | None:
    """The page of replies after post number `after`; None where there is none that `viewer` may read."""
    thread = thread_view(session, thread_id, viewer)
    if thread is None:
        return None
    posts, more = _posts(session, thread, viewer, max(after, 1))
    question = next((post for post in posts if post.number == 1), None)
    if question is None:
        return None
    accepted = next((post for post in posts if post.id == thread.accepted_post_id), None)
    replies = [post for post in posts if post.number > max(after, 1) and post is not accepted]
    originals, similar = _beside(session, thread_id, viewer)
    origins, deliveries = network_side(session, thread_id) if thread.origin_network else ((), ())
    return ThreadPageView(
        thread=thread,
        question=question,
        accepted=accepted,
        replies=replies,
        older=1 if after > 1 else None,
        newer=replies[-1].number if more and replies else None,
        origins=origins,
        deliveries=deliveries,
        originals=originals,
        similar=similar,
    )


def _posts(session: Session, thread: ThreadView, viewer: Account | None, after: int) -> tuple[list[PostView], bool]:
    """The question, the accepted answer and the page of replies, by number; and whether later ones follow."""
    thanked = select(Kudos.given_at).where(
        Kudos.post_id == Post.id, Kudos.giver_id == (viewer.id if viewer else 0), Kudos.taken_back_at.is_(None)
    )
    columns = select(
        Post.id, Post.number, Post.author_id, PAGE_OF.label("name"), Account.display_name, Account.superfan_since, Post.by_staff,
        Rank.id.label("rank_id"), Rank.titles, Rank.icon, Rank.colour,
        Post.origin_author, Post.html, Post.created_at, Post.edited_at, Post.kudos_count,
        thanked.scalar_subquery().label("thanked_at") if viewer else literal(None).label("thanked_at"),
    ).outerjoin(Account, Account.id == Post.author_id).outerjoin(Rank, Rank.id == Account.rank_id)  # fmt: skip
    visible = columns.where(Post.thread_id == thread.id, Post.hidden_at.is_(None))
    page = select(Post.id).where(Post.thread_id == thread.id, Post.number > after, Post.hidden_at.is_(None))
    chosen = page.order_by(Post.number).limit(PAGE + 1)
    always = or_(Post.number == 1, Post.id == (thread.accepted_post_id or 0), Post.id.in_(chosen))
    rows = session.execute(visible.where(always).order_by(Post.number)).all()
    later = [row.id for row in rows if row.number > after]
    # The accepted answer may stand beyond the page; it is shown in its card all the same.
    beyond = len(later) > PAGE
    if beyond:
        spare = later[PAGE:]
        rows = [row for row in rows if row.id not in spare or row.id == thread.accepted_post_id]
    comments = _comments(session, [row.id for row in rows])
    return [_post(row, comments) for row in rows], beyond


def _post(row: Any, comments: Mapping[int, Sequence[CommentView]]) -> PostView:
    return PostView(
        id=row.id,
        number=row.number,
        author_id=row.author_id,
        author=row.name,
        author_name=row.display_name or row.origin_author or "",
        by_staff=row.by_staff,
        superfan=row.superfan_since is not None and not row.by_staff,
        rank=_rank(row),
        from_network=row.origin_author is not None,
        html=row.html,
        written_at=row.created_at,
        edited_at=row.edited_at,
        kudos=row.kudos_count,
        thanked_at=row.thanked_at,
        comments=comments.get(row.id, ()),
    )


def _rank(row: Any) -> RankLook | None:
    if row.rank_id is None or row.by_staff:
        return None
    return RankLook(row.rank_id, row.titles, row.icon, row.colour)


def _comments(session: Session, post_ids: Sequence[int]) -> Mapping[int, Sequence[CommentView]]:
    found: dict[int, list[CommentView]] = defaultdict(list)
    rows = session.execute(
        select(
            Comment.post_id, Comment.id, PAGE_OF.label("name"), Account.display_name, Comment.html, Comment.created_at
        )
        .join(Account, Account.id == Comment.author_id)
        .where(Comment.post_id.in_(post_ids), Comment.hidden_at.is_(None))
        .order_by(Comment.created_at, Comment.id)
    )
    for row in rows:
        found[row.post_id].append(CommentView(row.id, row.name, row.display_name, row.html, row.created_at))
    return found


def _beside(
    session: Session, thread_id: int, viewer: Account | None
) -> tuple[Sequence[SimilarView], Sequence[SimilarView]]:
    """The threads that this one is a duplicate of, and the solved ones that are similar; one query for both."""
    seen = and_(Thread.hidden_at.is_(None), thread_is_readable(viewer))
    shown = (Thread.id, Thread.title, Thread.slug, Thread.reply_count)
    originals = (
        select(literal(True).label("original"), ThreadLink.id.label("place"), *shown)
        .join(ThreadLink, ThreadLink.other_id == Thread.id)
        .where(ThreadLink.thread_id == thread_id, ThreadLink.kind == "duplicate", seen)
    )
    similar = (
        select(literal(False), SimilarThread.rank, *shown)
        .join(SimilarThread, SimilarThread.other_id == Thread.id)
        .where(SimilarThread.thread_id == thread_id, Thread.solved_at.is_not(None), seen)
    )
    rows = session.execute(union_all(originals, similar).order_by("place")).all()
    views = [(row.original, SimilarView(row.id, row.title, row.slug, row.reply_count)) for row in rows]
    return [view for original, view in views if original], [view for original, view in views if not original]


def may_take_back(thanked_at: datetime | None, now: datetime) -> bool:
    """Whether kudos given at `thanked_at` can still be taken back."""
    return thanked_at is not None and now - thanked_at <= timedelta(days=1)
