"""A mention: somebody's post elsewhere that turned to us, and what became of it here."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.kernel.base import Base, Id
from forum.listening.connection import Connection


class Route(StrEnum):
    COMMUNITY = "community"
    STAFF = "staff"
    PRIVATE = "private"
    IGNORE = "ignore"


class Word(StrEnum):
    """What the asker's later post on the network says of the answer."""

    SOLVED = "solved"
    UNSOLVED = "unsolved"


class Mention(Base):
    """Only what answering needs is stored. The first of a conversation that goes to the community becomes a thread;
    what follows it there becomes replies."""

    __tablename__ = "mentions"

    id: Mapped[Id]
    connection_id: Mapped[int] = mapped_column(ForeignKey("connections.id"))
    remote_id: Mapped[str] = mapped_column(String(300))
    conversation_id: Mapped[str] = mapped_column(String(300))
    parent_id: Mapped[str | None] = mapped_column(String(300))
    author_id: Mapped[str] = mapped_column(String(300))  # the network's id of the author
    author_handle: Mapped[str] = mapped_column(String(300))
    author_name: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(20))
    created_at: Mapped[datetime]
    permalink: Mapped[str] = mapped_column(Text)
    addressed: Mapped[bool]
    handle: Mapped[dict[str, str]] = mapped_column(default=dict)
    imported_at: Mapped[datetime]
    route: Mapped[str | None] = mapped_column(String(12))  # None: not triaged yet
    route_reasons: Mapped[list[str]] = mapped_column(default=list)
    routed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))  # None: by triage
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("threads.id"), index=True)
    opens_thread: Mapped[bool] = mapped_column(default=False)  # the question, not a follow-up
    word: Mapped[str | None] = mapped_column(String(10))
    word_settled_at: Mapped[datetime | None]
    word_settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    why_not: Mapped[str | None] = mapped_column(Text)  # why it cannot be answered there: a message's sentence
    conversation_read_at: Mapped[datetime | None]

    connection: Mapped[Connection] = relationship(lazy="raise_on_sql")

    __table_args__ = (
        UniqueConstraint("connection_id", "remote_id"),
        Index("ix_mentions_conversation", "connection_id", "conversation_id"),
        Index("ix_mentions_imported_at", "imported_at", "id"),
        Index("ix_mentions_route", "route", "imported_at"),
    )
