"""The entered costs with who entered them, the latest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.ledger.cost import ContactCost
from forum.people.account import Account

SHOWN = 200


@dataclass(frozen=True)
class CostRow:
    channel: str
    amount: Decimal
    currency: str
    valid_from: date
    source: str
    entered_by: str
    entered_at: datetime
    replaced: bool  # a later row of the same channel and day holds


def list_costs(session: Session) -> Sequence[CostRow]:
    rows = session.execute(
        select(ContactCost, Account.display_name)
        .join(Account, Account.id == ContactCost.entered_by_id)
        .order_by(ContactCost.valid_from.desc(), ContactCost.id.desc())
        .limit(SHOWN)
    )
    seen: set[tuple[str, date]] = set()
    found: list[CostRow] = []
    for cost, name in rows:
        key = (cost.channel, cost.valid_from)
        found.append(
            CostRow(
                cost.channel, cost.amount, cost.currency, cost.valid_from, cost.source, name, cost.entered_at,
                key in seen,
            )
        )  # fmt: skip
        seen.add(key)
    return found
