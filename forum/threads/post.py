"""A post, its history, its kudos and the comments under it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.kernel.base import Base, Id
from forum.markup.port import Rendered
from forum.people.account import Account
from forum.threads.thread import Thread


class Post(Base):
    """`text` is what was written and never changed but by its author or a moderator; `html` and `plain` are rendered from it once."""

    __tablename__ = "posts"

    id: Mapped[Id]
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    number: Mapped[int]  # 1 is the question
    author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    mention_id: Mapped[int | None] = mapped_column(ForeignKey("mentions.id"), unique=True)
    origin_author: Mapped[str | None] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    plain: Mapped[str] = mapped_column(Text)
    summary: Mapped[str | None] = mapped_column(Text)  # the answer in short, by its author, for networks
    by_staff: Mapped[bool] = mapped_column(default=False)  # the author spoke for the brand when this was written
    submission_key: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    kudos_count: Mapped[int] = mapped_column(default=0)  # given here and imported
    down_count: Mapped[int] = mapped_column(default=0)  # imported; nobody votes down here

    thread: Mapped[Thread] = relationship(lazy="raise_on_sql")
    author: Mapped[Account | None] = relationship(lazy="raise_on_sql")

    __table_args__ = (
        UniqueConstraint("thread_id", "number"),
        UniqueConstraint("author_id", "submission_key"),  # a form sent twice makes one post
        Index("ix_posts_author_id", "author_id", "created_at"),
    )

    @classmethod
    def written(cls, thread: Thread, number: int, by: Account, text: str, rendered: Rendered, at: datetime) -> Post:
        """What a member wrote here, staff on behalf of the brand; `thread` has its id already."""
        return cls(
            thread_id=thread.id,
            number=number,
            author_id=by.id,
            text=text,
            html=rendered.html,
            plain=rendered.plain,
            by_staff=by.is_staff,
            created_at=at,
        )


class Revision(Base):
    """What a post said before an edit."""

    __tablename__ = "revisions"

    id: Mapped[Id]
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    title: Mapped[str | None] = mapped_column(String(150))
    edited_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    edited_at: Mapped[datetime]

    edited_by: Mapped[Account] = relationship(lazy="raise_on_sql")

    __table_args__ = (UniqueConstraint("post_id", "number"),)


class Kudos(Base):
    __tablename__ = "kudos"

    id: Mapped[Id]
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    giver_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    given_at: Mapped[datetime]
    trust: Mapped[str] = mapped_column(String(10), default="member")  # how far the giver was known then
    taken_back_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]  # found to be gamed; staff may restore
    voided_by: Mapped[int | None] = mapped_column(ForeignKey("suspicions.id"))

    __table_args__ = (
        Index(
            "uq_kudos_standing",
            "post_id",
            "giver_id",
            unique=True,
            sqlite_where=text("taken_back_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL"),
        ),
    )


class Comment(Base):
    """A short note under a post."""

    __tablename__ = "comments"

    id: Mapped[Id]
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    submission_key: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    hidden_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("author_id", "submission_key"),
        Index("ix_comments_post_id", "post_id", "created_at"),
        CheckConstraint("length(text) <= 600", name="short"),
    )
