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


def list_costs(session: Session) -> Sequence[CostRow]:
    rows = session.execute(
        select(
            ContactCost.channel,
            ContactCost.amount,
            ContactCost.currency,
            ContactCost.valid_from,
            ContactCost.source,
            Account.display_name,
            ContactCost.entered_at,
        )
        .join(Account, Account.id == ContactCost.entered_by_id)
        .order_by(ContactCost.valid_from.desc(), ContactCost.id.desc())
        .limit(SHOWN)
    )
    return [CostRow(*row) for row in rows]
