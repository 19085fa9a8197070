"""The points ledger: rows only added, one per cause; taking back adds a row."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base, Id


class PointEntry(Base):
    """`cause` names what earned it, such as `acceptance:17`; a reversal has the cause `acceptance:17:withdrawn`."""

    __tablename__ = "point_entries"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    cause: Mapped[str] = mapped_column(String(80))
    points: Mapped[int]
    at: Mapped[datetime]

    __table_args__ = (
        Index("uq_point_entries_cause", "account_id", "cause", unique=True),
        Index("ix_point_entries_at", "account_id", "at"),
    )


ACCEPTED_ANSWER = 10
KUDOS_RECEIVED = 2


def for_acceptance(account_id: int, acceptance_id: int, at: datetime) -> PointEntry:
    return PointEntry(account_id=account_id, cause=f"acceptance:{acceptance_id}", points=ACCEPTED_ANSWER, at=at)


def for_kudos(account_id: int, kudos_id: int, at: datetime) -> PointEntry:
    return PointEntry(account_id=account_id, cause=f"kudos:{kudos_id}", points=KUDOS_RECEIVED, at=at)


def reversal(entry: PointEntry, at: datetime) -> PointEntry:
    """The row that takes `entry` back."""
    return PointEntry(account_id=entry.account_id, cause=f"{entry.cause}:withdrawn", points=-entry.points, at=at)
