"""The points ledger: rows only added, one per cause; taking back adds a row. What they are worth stands beside it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base, Id


class PointEntry(Base):
    """`cause` names what earned it, such as `acceptance:17`; a reversal has the cause `acceptance:17:withdrawn`.

    `why` says why it is worth less than its weight; such a row is kept, so that everybody can see what happened to it.
    """

    __tablename__ = "point_entries"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str] = mapped_column(String(24))  # a name of CAUSES
    cause: Mapped[str] = mapped_column(String(120))
    points: Mapped[int]
    at: Mapped[datetime]
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("threads.id"))
    board_id: Mapped[int | None] = mapped_column(ForeignKey("boards.id"))
    language: Mapped[str | None] = mapped_column(String(10))
    network: Mapped[str | None] = mapped_column(String(40))  # the network's title, as on the thread
    why: Mapped[str | None] = mapped_column(String(16))  # cap | one_person | old_rules
    of_id: Mapped[int | None] = mapped_column(
        ForeignKey("point_entries.id")
    )  # the entry that this one takes back: once

    __table_args__ = (
        Index("uq_point_entries_cause", "account_id", "cause", unique=True),
        Index("ix_point_entries_at", "account_id", "at"),
        Index("ix_point_entries_by_cause", "cause"),
        Index("uq_point_entries_of_id", "of_id", unique=True),
    )


class PointWeight(Base):
    """What a cause is worth from `set_at` on: on one board, or (board_id None) wherever a board has no weight of its own."""

    __tablename__ = "point_weights"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(24))
    board_id: Mapped[int | None] = mapped_column(ForeignKey("boards.id"))
    points: Mapped[int]
    daily_cap: Mapped[int | None]  # points a member may earn by this cause on a day (UTC); None: as many as there are
    set_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    set_at: Mapped[datetime]

    __table_args__ = (Index("ix_point_weights_kind", "kind", "set_at"),)
