"""Who knows what, who has time, and who was asked to look at which question."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Float, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base, Id


class Expertise(Base):
    """What a member has shown to know, by accepted and thanked answers. `weight` is as of `learnt_at` and decays from then on.

    `field` is a FieldKind of expertise.py, `subject` its key: the board's id as text, a tag, a term; "" for "all".
    """

    __tablename__ = "expertise"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    field: Mapped[str] = mapped_column(String(10), primary_key=True)
    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    weight: Mapped[float] = mapped_column(Float)
    learnt_at: Mapped[datetime]

    __table_args__ = (Index("ix_expertise_subject", "field", "subject", "weight"),)


class Mute(Base):
    """The member does not want to be asked about it."""

    __tablename__ = "expertise_mutes"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    field: Mapped[str] = mapped_column(String(10), primary_key=True)
    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    since: Mapped[datetime]


class Availability(Base):
    """`hours` counts a member's answers in each hour of the day (UTC); it is learnt, as are `last_here_at` and `answers`.

    The rest is said by the member.
    """

    __tablename__ = "availability"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    hours: Mapped[list[float]] = mapped_column(default=list)
    away_until: Mapped[datetime | None]
    asks_a_day: Mapped[int] = mapped_column(default=3)  # 0: never asked
    last_here_at: Mapped[datetime | None]  # the latest answer
    answers: Mapped[int] = mapped_column(default=0)  # ever given: who has few is a newcomer
    learnt_at: Mapped[datetime | None] = mapped_column(index=True)


class ExpertiseDue(Base):
    """Something became known of the member's answers: a worker learns their expertise anew."""

    __tablename__ = "expertise_due"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    since: Mapped[datetime] = mapped_column(index=True)
    mark: Mapped[str] = mapped_column(String(36))  # changes with each event: one that came while a worker looked stays


class HelpRound(Base):
    """The search for somebody to answer a thread; made with the thread. `due_at` None: it has ended."""

    __tablename__ = "help_rounds"

    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"), primary_key=True, autoincrement=False)
    wave: Mapped[int] = mapped_column(default=0)  # how often people were asked
    begun_at: Mapped[datetime]
    due_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_help_rounds_due_at",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )


class Reply(StrEnum):
    LATER = "later"
    NOT_MINE = "not_mine"
    ANSWERED = "answered"


class HelpRequest(Base):
    """A member was asked to look at a thread: once for each thread, in the wave and for the reasons kept here."""

    __tablename__ = "help_requests"

    id: Mapped[Id]
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    wave: Mapped[int]
    score: Mapped[float] = mapped_column(Float)
    reasons: Mapped[list[str]] = mapped_column(default=list)  # such as tag:mesh, board:3, newcomer
    asked_at: Mapped[datetime]
    snoozed_until: Mapped[datetime | None]
    reply: Mapped[str | None] = mapped_column(String(10))
    replied_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("thread_id", "account_id"),
        Index("ix_help_requests_account_id", "account_id", "asked_at"),
    )
