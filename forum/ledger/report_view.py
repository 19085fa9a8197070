"""What readers of the report keep: views with a name, targets for answering on networks, trials of the suggestions."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base, Id


class SavedView(Base):
    """A filtered report under a name of its owner's; with `mailed_since` it goes to them by mail every month, with the PDF."""

    __tablename__ = "saved_views"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(Text)  # the filters as they stand in the address
    made_at: Mapped[datetime]
    mailed_since: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("account_id", "name"),)


class ResponseTarget(Base):
    """Such a share of mentions should be answered within so many minutes; the latest row of a network and a time holds."""

    __tablename__ = "response_targets"

    id: Mapped[Id]
    network: Mapped[str] = mapped_column(String(20))  # "": every network without one of its own
    minutes: Mapped[int]  # 0: answered at all
    share: Mapped[Decimal] = mapped_column(Numeric(5, 4))
    set_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    set_at: Mapped[datetime]


class Arm(StrEnum):
    SHOWN = "shown"
    HELD_OUT = "held_out"


class SuggestionTrial(Base):
    """Somebody began to ask while similar questions were shown to most and held back from a random few."""

    __tablename__ = "suggestion_trials"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(64), unique=True)
    arm: Mapped[str] = mapped_column(String(10))
    share: Mapped[int]  # held out, hundredths of a percent: what the draw was made with
    begun_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_suggestion_trials_begun_at", "begun_at", "arm"),)
