"""Rollups of the ledger, kept by booking.py in the commit that adds the rows; reports read these, audits count the rows."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base


class EntryTotal(Base):
    """The rows that are valued alike, added up: as many totals as there are days and kinds of rows, not rows."""

    __tablename__ = "entry_totals"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    valued_on: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    grade: Mapped[str] = mapped_column(String(10), primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"), primary_key=True)
    network: Mapped[str] = mapped_column(String(20), primary_key=True)
    language: Mapped[str] = mapped_column(String(20), primary_key=True)
    intent: Mapped[str] = mapped_column(String(3), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    quantity: Mapped[int]
    rows: Mapped[int]


class AnswerTotal(Base):
    """The rows of one accepted answer in one month, for a thread's and a member's share. Months are named by their first day."""

    __tablename__ = "answer_totals"

    month: Mapped[date] = mapped_column(Date, primary_key=True)
    valued_month: Mapped[date] = mapped_column(Date, primary_key=True)
    acceptance_id: Mapped[int] = mapped_column(ForeignKey("acceptances.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    network: Mapped[str] = mapped_column(String(20), primary_key=True)
    intent: Mapped[str] = mapped_column(String(3), primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    quantity: Mapped[int]
    rows: Mapped[int]

    __table_args__ = (
        Index("ix_answer_totals_thread_id", "thread_id"),
        Index("ix_answer_totals_acceptance_id", "acceptance_id"),
    )
