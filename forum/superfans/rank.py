"""Ranks: a formula, the rights and the look that come with it, and who rose and fell when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base, Id


class Rank(Base):
    """Who meets several holds the one of the highest `position`. `titles` are by language (BCP 47), English always among them."""

    __tablename__ = "ranks"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(40), unique=True)  # for addresses and logs
    position: Mapped[int]
    formula: Mapped[str] = mapped_column(Text)
    titles: Mapped[dict[str, str]] = mapped_column(default=dict)
    icon: Mapped[str] = mapped_column(String(30))
    colour: Mapped[str] = mapped_column(String(20))  # a name of COLOURS, each with enough contrast in both themes
    rights: Mapped[list[str]] = mapped_column(default=list)  # names of permissions.RIGHTS
    grace_days: Mapped[int] = mapped_column(default=14)  # how long a member keeps it who no longer meets it
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]  # whoever was measured before is reviewed by it
    retired_at: Mapped[datetime | None]


class RankChange(Base):
    """A member rose or fell. None is "no rank"."""

    __tablename__ = "rank_changes"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    from_id: Mapped[int | None] = mapped_column(ForeignKey("ranks.id"))
    to_id: Mapped[int | None] = mapped_column(ForeignKey("ranks.id"))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_rank_changes_account_id", "account_id", "at"),)


class MemberMeasure(Base):
    """What the metrics said of a member when they were last measured; pages and trials read it from here."""

    __tablename__ = "member_measures"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    values: Mapped[dict[str, str | None]] = mapped_column(default=dict)  # decimals as text; None: no data
    measured_at: Mapped[datetime] = mapped_column(index=True)


QUIETLY = "quietly"


class ReviewDue(Base):
    """Something happened that may change a member's rank or badges. `mark` is new with each event, so none is overlooked.

    The mark QUIETLY is no event: nobody is told of what comes of it.
    """

    __tablename__ = "reviews_due"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    since: Mapped[datetime] = mapped_column(index=True)
    mark: Mapped[str] = mapped_column(String(36))
