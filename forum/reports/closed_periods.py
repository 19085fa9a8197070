"""The ledger's months, the latest first: their rows, who closed them when, and the hash over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import extract, func, select
from sqlalchemy.orm import Session

from forum.ledger.closed_period import ClosedPeriod
from forum.ledger.period import Period, periods
from forum.ledger.totals import EntryTotal
from forum.people.account import Account


@dataclass(frozen=True)
class ClosedRow:
    period: Period
    closed_at: datetime
    closed_by: str
    rows: int
    sha256: str


def list_closed(session: Session) -> Sequence[ClosedRow]:
    """Without what is frozen in them, which may be long."""
    rows = session.execute(
        select(
            ClosedPeriod.name,
            ClosedPeriod.closed_at,
            Account.display_name,
            ClosedPeriod.rows,
            ClosedPeriod.sha256,
        )
        .join(Account, Account.id == ClosedPeriod.closed_by_id)
        .order_by(ClosedPeriod.name.desc())
    )
    return [
        ClosedRow(period, closed_at, by, count, sha256)
        for name, closed_at, by, count, sha256 in rows
        if (period := Period.named(name)) is not None
    ]


@dataclass(frozen=True)
class Month:
    period: Period
    rows: int


def list_months(session: Session, today: Period) -> Sequence[Month]:
    """Every month from the first with a row, or the first closed, to this one; the latest first."""
    year, month = extract("year", EntryTotal.day), extract("month", EntryTotal.day)
    counted = session.execute(select(year, month, func.sum(EntryTotal.rows)).group_by(year, month))
    rows = {Period(int(in_year), int(in_month)): int(count) for in_year, in_month, count in counted}
    first_closed = Period.named(session.scalar(select(func.min(ClosedPeriod.name))) or "")
    first = min([*rows, today, *([first_closed] if first_closed else [])])
    return [Month(period, rows.get(period, 0)) for period in reversed(list(periods(first, today)))]


def closed_period(session: Session, period: Period) -> tuple[ClosedRow, Mapping[str, Any]] | None:
    """A closed month with its report as it read on the day, in plain values; None while it is open."""
    found = session.execute(
        select(ClosedPeriod, Account.display_name)
        .join(Account, Account.id == ClosedPeriod.closed_by_id)
        .where(ClosedPeriod.name == period.name)
    ).one_or_none()
    if found is None:
        return None
    closed, by = found
    return ClosedRow(period, closed.closed_at, by, closed.rows, closed.sha256), closed.figures
