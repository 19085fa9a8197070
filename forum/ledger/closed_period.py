"""A closed period: its report frozen with the parameters that it was counted with, and a hash over its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base, Id


@dataclass(frozen=True)
class Frozen:
    """A month's report as it reads on the day of its closing. Both mappings hold nothing but what JSON can."""

    parameters: dict[str, Any]
    figures: dict[str, Any]
    seed: int
    draws: int


class ClosedPeriod(Base):
    """Periods are closed in their order, so the ledger is open from the day after the last of them."""

    __tablename__ = "closed_periods"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(7), unique=True)  # 2026-10
    closed_at: Mapped[datetime]
    closed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    rows: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    seed: Mapped[int]
    draws: Mapped[int]
    parameters: Mapped[
        dict[str, Any]
    ]  # rates with their answers, costs, exchange rates, channel mixes, programme costs
    figures: Mapped[dict[str, Any]]  # the report as it read on the day
