"""What finance has entered, with who and when, the latest first: programme costs and exchange rates."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.ledger.period import Period
from forum.ledger.programme import ExchangeRate, ProgrammeCost
from forum.people.account import Account

SHOWN = 200


@dataclass(frozen=True)
class ProgrammeRow:
    period: Period
    part: str
    amount: Decimal
    currency: str
    source: str
    entered_by: str
    entered_at: datetime
    replaced: bool  # a later row of the same part and month holds


@dataclass(frozen=True)
class RateRow:
    currency: str
    rate: Decimal
    into: str
    valid_from: date
    source: str
    entered_by: str
    entered_at: datetime
    replaced: bool  # a later row of the same currency and day holds


def list_programme_costs(session: Session) -> Sequence[ProgrammeRow]:
    rows = session.execute(
        select(ProgrammeCost, Account.display_name)
        .join(Account, Account.id == ProgrammeCost.entered_by_id)
        .order_by(ProgrammeCost.period.desc(), ProgrammeCost.id.desc())
        .limit(SHOWN)
    ).all()
    seen: set[Hashable] = set()
    return [
        ProgrammeRow(
            period, cost.part, cost.amount, cost.currency, cost.source, name, cost.entered_at,
            _is_behind(seen, (cost.period, cost.part)),
        )
        for cost, name in rows
        if (period := Period.named(cost.period)) is not None
    ]  # fmt: skip


def list_exchange_rates(session: Session) -> Sequence[RateRow]:
    rows = session.execute(
        select(ExchangeRate, Account.display_name)
        .join(Account, Account.id == ExchangeRate.entered_by_id)
        .order_by(ExchangeRate.valid_from.desc(), ExchangeRate.id.desc())
        .limit(SHOWN)
    ).all()
    seen: set[Hashable] = set()
    return [
        RateRow(
            rate.currency, rate.rate, rate.into, rate.valid_from, rate.source, name, rate.entered_at,
            _is_behind(seen, (rate.currency, rate.into, rate.valid_from)),
        )
        for rate, name in rows
    ]  # fmt: skip


def _is_behind(seen: set[Hashable], key: Hashable) -> bool:
    """Whether a row above, which was entered later, has the same key."""
    if key in seen:
        return True
    seen.add(key)
    return False
