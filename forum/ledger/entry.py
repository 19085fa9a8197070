"""The deflection ledger. Rows are only ever added; a correction is a reversing row in the open period."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base, Id

HERE = "here"  # the network's name for what was asked in the forum itself


class Entry(Base):
    """`quantity` is a whole number of claims or reader-weeks; rates are not baked in. `basis` names the unit that it rests on.

    What a row is told apart by (board, network, language, channel) is written on it, so that moving a thread later
    changes no figure of a closed period. `day` says in which period the row stands; `valued_on` whose rates and costs it
    takes: the day on which its unit came to its day first, also for a row that corrects it months later.
    """

    __tablename__ = "ledger_entries"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(10))
    grade: Mapped[str] = mapped_column(String(10))  # checked | stated | surveyed | assisted
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"), index=True)
    mention_id: Mapped[int | None] = mapped_column(ForeignKey("mentions.id"))
    acceptance_id: Mapped[int] = mapped_column(ForeignKey("acceptances.id"), index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claims.id"), index=True)
    reader_week_id: Mapped[int | None] = mapped_column(ForeignKey("reader_weeks.id"), index=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"))
    network: Mapped[str] = mapped_column(String(20), default=HERE)
    language: Mapped[str] = mapped_column(String(20), default="")  # "": not known
    intent: Mapped[str] = mapped_column(String(3), default="")  # yes: the asker said so; "": said nothing
    channel: Mapped[str] = mapped_column(String(20), default="")  # "": nobody named one
    day: Mapped[date] = mapped_column(Date)  # in the company's time zone
    valued_on: Mapped[date] = mapped_column(Date)
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
        Index("ix_ledger_entries_day", "day", "id"),
    )
