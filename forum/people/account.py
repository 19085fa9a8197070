"""An account: who somebody is here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base, Id
from forum.people.roles import STAFF, Role, Standing


class Account(Base):
    """`name` stands in addresses and after @; `display_name` is what people read."""

    __tablename__ = "accounts"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(30))
    name_key: Mapped[str] = mapped_column(String(30), unique=True)  # case-folded, so that Ada and ada are one
    display_name: Mapped[str] = mapped_column(String(60))
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), unique=True)
    customer_number: Mapped[str | None] = mapped_column(
        String(60), unique=True, index=True
    )  # as the company's own systems know them
    email_confirmed_at: Mapped[datetime | None]
    password_hash: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(12), default=Role.CUSTOMER)
    superfan_since: Mapped[datetime | None]  # kept by the superfans room; who gave it stands in superfan_grants
    language: Mapped[str | None] = mapped_column(String(10))
    theme: Mapped[str | None] = mapped_column(String(5))  # light, dark or None: as the system says
    bio: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    points: Mapped[int] = mapped_column(default=0)  # rollups, proven equal to their rows by tests
    solutions: Mapped[int] = mapped_column(default=0)
    unread_notices: Mapped[int] = mapped_column(default=0)
    mail_paused_until: Mapped[datetime | None]  # no mail about notices before
    rank_id: Mapped[int | None] = mapped_column(ForeignKey("ranks.id"))
    rank_falls_at: Mapped[datetime | None]  # its formula holds no longer; a grace time runs until then
    rights: Mapped[list[str]] = mapped_column(default=list)  # of rank and grant together; see settle_rights
    off_leaderboards_since: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_accounts_solutions", "solutions"),
        Index("ix_accounts_superfan_since", "superfan_since"),
    )

    @property
    def standing(self) -> Standing:
        if self.role == Role.CUSTOMER and self.superfan_since is not None:
            return Standing.SUPERFAN
        return Standing(self.role)

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF


class BrowserSession(Base):
    """One signed-in browser. The cookie carries the secret; the row keeps only its digest."""

    __tablename__ = "browser_sessions"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    browser: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(45), default="")
    revoked_at: Mapped[datetime | None]


class MailedToken(Base):
    """A secret link: to reset a password, or to set up the first admin. Used once."""

    __tablename__ = "mailed_tokens"

    id: Mapped[Id]
    purpose: Mapped[str] = mapped_column(String(12))  # reset | setup
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
