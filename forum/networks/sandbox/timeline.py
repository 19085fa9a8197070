"""Reading the sandbox for its own pages: the timeline and one conversation. Deleted posts keep their place, not their text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from forum.networks.sandbox.models import SandboxAccount, SandboxPost


@dataclass(frozen=True)
class SeenAccount:
    id: int
    handle: str
    name: str
    is_brand: bool


@dataclass(frozen=True)
class SeenPost:
    id: int
    root_id: int  # its own id where it begins the conversation
    parent_id: int | None
    account: SeenAccount
    text: str  # empty where deleted
    created_at: datetime
    deleted: bool
    depth: int = 0  # 0 for the first post of a conversation


@dataclass(frozen=True)
class TimelineEntry:
    """A post that begins a conversation, with what a reader wants to know of the rest."""

    post: SeenPost
    replies: int
    brand_reply: SeenPost | None  # the newest standing one


@dataclass(frozen=True)
class Timeline:
    entries: tuple[TimelineEntry, ...]
    next_before: int | None  # ask with this as `before_id` for older ones; None at the end


@dataclass(frozen=True)
class Conversation:
    root_id: int
    posts: tuple[SeenPost, ...]  # each under the one it answers, oldest first


def customers(session: Session) -> tuple[SeenAccount, ...]:
    """Whom the compose box can post as, by name."""
    rows = session.scalars(select(SandboxAccount).where(~SandboxAccount.is_brand).order_by(SandboxAccount.name))
    return tuple(_seen_account(row) for row in rows)


def timeline(session: Session, before_id: int | None = None, limit: int = 20) -> Timeline:
    """Conversations by their first post, newest first; deleted ones are left out."""
    query = select(SandboxPost).where(SandboxPost.root_id.is_(None), SandboxPost.deleted_at.is_(None))
    if before_id is not None:
        query = query.where(SandboxPost.id < before_id)
    rows = session.scalars(query.order_by(SandboxPost.id.desc()).limit(limit + 1)).all()
    shown = rows[:limit]
    replies = _reply_counts(session, [row.id for row in shown])
    answers = _brand_replies(session, [row.id for row in shown])
    entries = tuple(TimelineEntry(_seen(row), replies.get(row.id, 0), answers.get(row.id)) for row in shown)
    return Timeline(entries, shown[-1].id if len(rows) > limit else None)


def conversation(session: Session, root_id: int) -> Conversation | None:
    """The whole conversation that this post begins; None where there is none."""
    query = select(SandboxPost).where(or_(SandboxPost.id == root_id, SandboxPost.root_id == root_id))
    rows = session.scalars(query.order_by(SandboxPost.id)).all()
    if not rows or rows[0].id != root_id or rows[0].root_id is not None:
        return None
    under: dict[int | None, list[SandboxPost]] = defaultdict(list)
    for row in rows:
        under[row.parent_id].append(row)
    return Conversation(root_id, tuple(_in_reading_order(under)))


def _in_reading_order(under: dict[int | None, list[SandboxPost]]) -> Sequence[SeenPost]:
    """Depth first without recursion: a conversation may be as deep as people care to make it."""
    ordered: list[SeenPost] = []
    waiting = [(row, 0) for row in reversed(under[None])]
    while waiting:
        row, depth = waiting.pop()
        ordered.append(_seen(row, depth))
        waiting.extend((child, depth + 1) for child in reversed(under[row.id]))
    return ordered


def _reply_counts(session: Session, roots: Sequence[int]) -> dict[int, int]:
    query = (
        select(SandboxPost.root_id, func.count())
        .where(SandboxPost.root_id.in_(roots), SandboxPost.deleted_at.is_(None))
        .group_by(SandboxPost.root_id)
    )
    return {root: count for root, count in session.execute(query) if root is not None}


def _brand_replies(session: Session, roots: Sequence[int]) -> dict[int, SeenPost]:
    query = (
        select(SandboxPost)
        .join(SandboxPost.account)
        .where(SandboxPost.root_id.in_(roots), SandboxPost.deleted_at.is_(None), SandboxAccount.is_brand)
        .order_by(SandboxPost.id)
    )
    return {row.conversation_id: _seen(row, 1) for row in session.scalars(query)}


def _seen(row: SandboxPost, depth: int = 0) -> SeenPost:
    deleted = row.deleted_at is not None
    return SeenPost(
        id=row.id,
        root_id=row.conversation_id,
        parent_id=row.parent_id,
        account=_seen_account(row.account),
        text="" if deleted else row.text,
        created_at=row.created_at,
        deleted=deleted,
        depth=depth,
    )


def _seen_account(row: SandboxAccount) -> SeenAccount:
    return SeenAccount(row.id, row.handle, row.name, row.is_brand)
