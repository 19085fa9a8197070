"""The thread of a page itself: what stands above its posts, and where the viewer stands to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, func, literal, select
from sqlalchemy.orm import Session, aliased

from forum.people.account import Account
from forum.threads.acceptance import Acceptance
from forum.threads.board import Board
from forum.threads.private_boards import thread_is_readable
from forum.threads.thread import Follow, SameProblem, Tag, Thread, ThreadTag


@dataclass(frozen=True)
class ThreadView:
    """The thread itself and where the viewer stands to it."""

    id: int
    title: str
    slug: str
    kind: str
    language: str | None
    board_name: str
    board_slug: str
    is_private: bool  # only some can read its board
    author_id: int | None
    author_name: str
    origin_network: str | None
    created_at: datetime
    solved_at: datetime | None
    locked: bool
    replies: int
    same_problem: int
    tags: tuple[str, ...]
    followed: bool
    has_same_problem: bool
    accepted_post_id: int | None
    accepted_at: datetime | None
    accepted_by_id: int | None
    accepted_by_name: str | None
    accepted_on_word: bool

    @property
    def seconds_to_solve(self) -> float | None:
        return (self.solved_at - self.created_at).total_seconds() if self.solved_at else None


def thread_view(session: Session, thread_id: int, viewer: Account | None) -> ThreadView | None:
    """In one query; None where there is no such thread that `viewer` may read."""
    shown = and_(Thread.id == thread_id, Thread.hidden_at.is_(None), thread_is_readable(viewer))
    row = session.execute(_as_seen_by(viewer).where(shown)).first()
    return _view(row) if row else None


def _as_seen_by(viewer: Account | None) -> Select[*tuple[Any, ...]]:
    acceptor = aliased(Account)
    nobody = literal(None)
    return (
        select(
            Thread,
            Board.name.label("board_name"),
            Board.slug.label("board_slug"),
            Board.private_since,
            Account.display_name.label("author_name"),
            Acceptance,
            acceptor.display_name.label("acceptor_name"),
            _tags().label("tags"),
            (_followed_by(viewer) if viewer else nobody).label("followed"),
            (_suffered_by(viewer) if viewer else nobody).label("suffered"),
        )
        .join(Board, Board.id == Thread.board_id)
        .outerjoin(Account, Account.id == Thread.author_id)
        .outerjoin(Acceptance, and_(Acceptance.thread_id == Thread.id, Acceptance.withdrawn_at.is_(None)))
        .outerjoin(acceptor, acceptor.id == Acceptance.accepted_by_id)
    )


def _tags() -> ScalarSelect[str]:
    names = select(func.aggregate_strings(Tag.name, ",")).join(ThreadTag)
    return names.where(ThreadTag.thread_id == Thread.id).scalar_subquery()


def _followed_by(viewer: Account) -> ScalarSelect[int]:
    return select(Follow.id).where(Follow.thread_id == Thread.id, Follow.account_id == viewer.id).scalar_subquery()


def _suffered_by(viewer: Account) -> ScalarSelect[int]:
    said = select(SameProblem.id)
    return said.where(SameProblem.thread_id == Thread.id, SameProblem.account_id == viewer.id).scalar_subquery()


def _view(row: Any) -> ThreadView:
    thread: Thread = row.Thread
    acceptance: Acceptance | None = row.Acceptance
    return ThreadView(
        id=thread.id,
        title=thread.title,
        slug=thread.slug,
        kind=thread.kind,
        language=thread.language,
        board_name=row.board_name,
        board_slug=row.board_slug,
        is_private=row.private_since is not None,
        author_id=thread.author_id,
        author_name=row.author_name or thread.origin_author or "",
        origin_network=thread.origin_network,
        created_at=thread.created_at,
        solved_at=thread.solved_at,
        locked=thread.locked_at is not None,
        replies=thread.reply_count,
        same_problem=thread.same_problem_count,
        tags=tuple(sorted(row.tags.split(","))) if row.tags else (),
        followed=row.followed is not None,
        has_same_problem=row.suffered is not None,
        accepted_post_id=acceptance.post_id if acceptance else None,
        accepted_at=acceptance.accepted_at if acceptance else None,
        accepted_by_id=acceptance.accepted_by_id if acceptance else None,
        accepted_by_name=row.acceptor_name,
        accepted_on_word=bool(acceptance and acceptance.word_id),
    )
