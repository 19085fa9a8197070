"""Badges: a rule in the language of the ranks, and who earned which when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base, Id


class Badge(Base):
    """`repeats`: its formula gives a number, and the badge is earned that many times. `hidden`: nobody sees it before it is earned."""

    __tablename__ = "badges"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(40), unique=True)
    formula: Mapped[str] = mapped_column(Text)
    titles: Mapped[dict[str, str]] = mapped_column(default=dict)
    descriptions: Mapped[dict[str, str]] = mapped_column(default=dict)
    icon: Mapped[str] = mapped_column(String(30))
    colour: Mapped[str] = mapped_column(String(20))
    repeats: Mapped[bool] = mapped_column(default=False)
    hidden: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]  # whoever was measured before is reviewed by it
    retired_at: Mapped[datetime | None]


class BadgeAward(Base):
    """`number` counts a repeatable badge from 1. An award stays, whatever the metrics say later; staff may revoke it."""

    __tablename__ = "badge_awards"

    id: Mapped[Id]
    badge_id: Mapped[int] = mapped_column(ForeignKey("badges.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    number: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime]
    pinned_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    __table_args__ = (
        UniqueConstraint("badge_id", "account_id", "number"),
        Index("ix_badge_awards_account_id", "account_id", "at"),
    )
