"""What looks like gaming, with its evidence, and what staff said of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Float, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base, Id


class SuspicionKind(StrEnum):
    RING = "ring"
    SERIAL = "serial"  # voided by the job that finds it; staff may restore
    SELF_SOLVING = "self_solving"
    SOCK_PUPPET = "sock_puppet"  # a signal only: never a ground by itself


class SuspicionState(StrEnum):
    OPEN = "open"
    VOIDED = "voided"  # the kudos in it count no more
    DISMISSED = "dismissed"  # looked at, nothing wrong; or restored


class Suspicion(Base):
    """`key` is the same whenever the same thing is found again, so it is raised once."""

    __tablename__ = "suspicions"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(80), unique=True)
    score: Mapped[float] = mapped_column(Float)
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(10), default=SuspicionState.OPEN)
    found_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))  # None: by the job
    why: Mapped[str] = mapped_column(String(300), default="")

    __table_args__ = (Index("ix_suspicions_state", "state", "found_at"),)


class SuspicionMember(Base):
    __tablename__ = "suspicion_members"

    suspicion_id: Mapped[int] = mapped_column(ForeignKey("suspicions.id"), primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id"), primary_key=True, autoincrement=False, index=True
    )
