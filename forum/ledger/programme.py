"""What the programme itself costs, by month and part, and what other currencies are worth. Finance enters both; rows are only added."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base, Id


class Part(StrEnum):
    PLATFORM = "platform"
    MODERATION = "moderation"
    STAFF_TIME = "staff_time"
    REWARDS = "rewards"
    NETWORK_FEES = "network_fees"


class ProgrammeCost(Base):
    """One part's cost in one month; a later row of the same month and part replaces it. Zero says that there was none."""

    __tablename__ = "programme_costs"

    id: Mapped[Id]
    period: Mapped[str] = mapped_column(String(7))
    part: Mapped[str] = mapped_column(String(20))
    amount: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    currency: Mapped[str] = mapped_column(String(3))
    source: Mapped[str] = mapped_column(String(300))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    entered_at: Mapped[datetime]

    __table_args__ = (Index("ix_programme_costs_period", "period"),)


class ExchangeRate(Base):
    """One unit of `currency` is worth `rate` units of the site's currency from a day on, until a later row says otherwise."""

    __tablename__ = "exchange_rates"

    id: Mapped[Id]
    currency: Mapped[str] = mapped_column(String(3))
    rate: Mapped[Decimal] = mapped_column(Numeric(18, 8))
    into: Mapped[str] = mapped_column(String(3))  # the site's currency when it was entered
    valid_from: Mapped[date] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String(300))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    entered_at: Mapped[datetime]
