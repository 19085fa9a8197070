"""The programme: invitations with terms, the status that staff give, with its probation and pauses, and thanks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base, Id


class SuperfanGrant(Base):
    """The superfan status given by staff. What it lets a member do besides their rank's rights is `rights`.

    Until `probation_until` answers to mentions wait for approval; so they do, and all rights rest, while it is paused.
    """

    __tablename__ = "superfan_grants"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    given_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    given_at: Mapped[datetime]
    rights: Mapped[list[str]] = mapped_column(default=list)
    probation_until: Mapped[datetime | None]
    promoted_at: Mapped[datetime | None]
    promoted_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))  # None: by the end of probation
    paused_at: Mapped[datetime | None]
    paused_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    paused_why: Mapped[str] = mapped_column(String(300), default="")
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(300), default="")

    __table_args__ = (
        Index(
            "uq_superfan_grants_standing",
            "account_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_superfan_grants_probation_until", "probation_until"),
    )


class ProgrammeTerms(Base):
    """What a superfan agrees to, Markdown by language (BCP 47), English always among them. The latest row holds for new invitations."""

    __tablename__ = "programme_terms"

    id: Mapped[Id]
    texts: Mapped[dict[str, str]] = mapped_column(default=dict)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))  # None: shipped with the product
    made_at: Mapped[datetime]


class Invitation(Base):
    """At most one waits for a member's answer."""

    __tablename__ = "superfan_invitations"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    words: Mapped[str] = mapped_column(Text, default="")
    terms_id: Mapped[int] = mapped_column(ForeignKey("programme_terms.id"))
    expires_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(String(10))  # accepted | declined | withdrawn | expired
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_superfan_invitations_open",
            "account_id",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
        Index("ix_superfan_invitations_at", "at"),
    )


class Thanks(Base):
    """Staff thanked a member, for a reason that the member reads."""

    __tablename__ = "superfan_thanks"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(600))

    __table_args__ = (Index("ix_superfan_thanks_account_id", "account_id", "at"),)
