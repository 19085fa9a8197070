"""The closed months, the latest first: who closed them when, and the hash over their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.ledger.closed_period import ClosedPeriod
from forum.ledger.period import Period
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
