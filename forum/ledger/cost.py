"""What one assisted contact costs, as finance enters it. No cost is built in."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base, Id


class Channel(StrEnum):
    PHONE = "phone"
    CHAT = "chat"
    EMAIL = "email"
    STORE = "store"
    NETWORK = "network"  # an agent's reply on a network


class ContactCost(Base):
    """The marginal cost of one contact on a channel from a day on, until a later row says otherwise."""

    __tablename__ = "contact_costs"

    id: Mapped[Id]
    channel: Mapped[str] = mapped_column(String(20), index=True)
    amount: Mapped[Decimal] = mapped_column(Numeric(12, 4))
    currency: Mapped[str] = mapped_column(String(3))
    valid_from: Mapped[date] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String(300))  # where the figure comes from
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    entered_at: Mapped[datetime]
