"""Leaderboards as they are read: sums of the points ledger by member, span and scope, kept with every entry.

`flask superfans recount` proves them equal to the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base
from forum.superfans.points import PointEntry


class Span(StrEnum):
    WEEK = "week"  # from Monday
    MONTH = "month"
    QUARTER = "quarter"
    ALL = "all"


class StandingRow(Base):
    """One member in one span (which began on `starts_on`, UTC) and one scope: "" all, `board:3`, `language:zh`, `network:X`."""

    __tablename__ = "standings"

    span: Mapped[str] = mapped_column(String(8), primary_key=True)
    starts_on: Mapped[date] = mapped_column(Date, primary_key=True)
    scope: Mapped[str] = mapped_column(String(60), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, index=True)
    points: Mapped[int] = mapped_column(default=0)
    solutions: Mapped[int] = mapped_column(default=0)
    kudos: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index("ix_standings_points", "span", "starts_on", "scope", "points"),)


EVER = date(1970, 1, 1)


def start_of(span: Span, day: date) -> date:
    """The first day of the span that `day` falls into."""
    if span == Span.WEEK:
        return day - timedelta(days=day.weekday())
    if span == Span.MONTH:
        return day.replace(day=1)
    if span == Span.QUARTER:
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return EVER


def spans_of(at: datetime) -> list[tuple[Span, date]]:
    day = at.astimezone(UTC).date()
    return [(span, start_of(span, day)) for span in Span]


def scopes_of(entry: PointEntry) -> Iterator[str]:
    """The scopes that an entry counts in."""
    yield ""
    if entry.board_id is not None:
        yield f"board:{entry.board_id}"
    if entry.language:
        yield f"language:{entry.language}"
    if entry.network:
        yield f"network:{entry.network}"
