"""The deflection ledger. Rows are only ever added; a correction is a reversing row in the open period."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base, Id


class Entry(Base):
    """`quantity` is a whole number of claims; rates are not baked in. `basis` names the events that it rests on."""

    __tablename__ = "ledger_entries"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(10))
    grade: Mapped[str] = mapped_column(String(10))  # checked | stated | assisted
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"), index=True)
    mention_id: Mapped[int | None] = mapped_column(ForeignKey("mentions.id"))
    acceptance_id: Mapped[int] = mapped_column(ForeignKey("acceptances.id"), index=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id"), index=True)
    day: Mapped[date] = mapped_column(Date)  # the day the claim qualified, in the company's time zone
    quantity: Mapped[int]
    basis: Mapped[str] = mapped_column(String(120))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entries.id"), unique=True)
    why: Mapped[str | None] = mapped_column(String(40))  # of a reversal
    created_at: Mapped[datetime]

    __table_args__ = (
        Index(
            "uq_ledger_entries_original",
            "kind",
            "basis",
            unique=True,
            sqlite_where=text("reverses_id IS NULL"),
            postgresql_where=text("reverses_id IS NULL"),
        ),
        Index("ix_ledger_entries_day", "day", "kind"),
    )
