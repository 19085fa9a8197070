"""A thread, its tags, and who follows it or has the same problem."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.kernel.base import Base, Id
from forum.people.account import Account
from forum.threads.board import Board


class Kind(StrEnum):
    QUESTION = "question"
    DISCUSSION = "discussion"
    IDEA = "idea"
    REVIEW = "review"
    ARTICLE = "article"


class Thread(Base):
    """A thread asked here has an author; one that came from a network has an origin instead."""

    __tablename__ = "threads"

    id: Mapped[Id]
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str] = mapped_column(String(12), default=Kind.QUESTION)
    title: Mapped[str] = mapped_column(String(150))
    slug: Mapped[str] = mapped_column(String(80), default="")
    language: Mapped[str | None] = mapped_column(String(10))
    created_at: Mapped[datetime]
    last_post_at: Mapped[datetime]
    first_reply_at: Mapped[datetime | None]  # the first by somebody else than the asker
    solved_at: Mapped[datetime | None]  # mirrors the standing acceptance, for lists
    locked_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    reply_count: Mapped[int] = mapped_column(default=0)
    post_count: Mapped[int] = mapped_column(default=0)  # ever written; the next post's number
    kudos_count: Mapped[int] = mapped_column(default=0)  # of all its posts
    same_problem_count: Mapped[int] = mapped_column(default=0)
    origin_network: Mapped[str | None] = mapped_column(String(40))  # the network's title, for lists
    origin_author: Mapped[str | None] = mapped_column(String(120))

    board: Mapped[Board] = relationship(lazy="raise_on_sql")
    author: Mapped[Account | None] = relationship(lazy="raise_on_sql")

    __table_args__ = (
        Index("ix_threads_latest", "last_post_at", "id"),
        Index("ix_threads_board_latest", "board_id", "last_post_at", "id"),
        Index("ix_threads_author_id", "author_id", "created_at"),
        Index("ix_threads_state", "solved_at", "reply_count", "last_post_at"),
    )


class Tag(Base):
    __tablename__ = "tags"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(40), unique=True)


class ThreadTag(Base):
    __tablename__ = "thread_tags"

    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id"), primary_key=True, index=True)


class Follow(Base):
    __tablename__ = "follows"

    id: Mapped[Id]
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    since: Mapped[datetime]

    __table_args__ = (UniqueConstraint("thread_id", "account_id"),)


class SameProblem(Base):
    """Somebody said: same problem here."""

    __tablename__ = "same_problems"

    id: Mapped[Id]
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    said_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("thread_id", "account_id"),)


class ThreadLink(Base):
    """A thread is a duplicate of another, said by somebody or imported."""

    __tablename__ = "thread_links"

    id: Mapped[Id]
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    kind: Mapped[str] = mapped_column(String(12), default="duplicate")
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    __table_args__ = (UniqueConstraint("thread_id", "other_id", "kind"),)


class SimilarThread(Base):
    """A solved thread about the same thing, found by a worker when the thread is indexed, so that no page has to search."""

    __tablename__ = "similar_threads"

    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
