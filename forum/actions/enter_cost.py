"""Enter what one contact on a channel costs from a day on. Rows are only added: a correction is a later row."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from forum.kernel.errors import Invalid
from forum.kernel.messages import Message
from forum.kernel.money import is_currency
from forum.ledger.cost import Channel, ContactCost
from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import Act, require

MOST = Decimal("99999.9999")
FINEST = Decimal("0.0001")
LONGEST_SOURCE = 300
EARLIEST = date(2000, 1, 1)


def enter_cost(
    session: Session,
    by: Account,
    *,
    channel: str,
    amount: Decimal | None,
    currency: str,
    valid_from: date | None,
    source: str,
    now: datetime,
) -> ContactCost:
    """`amount` in `currency`; None for an amount or a day that could not be read."""
    require(by, Act.ENTER_COSTS)
    source = " ".join(source.replace("\0", "").split())
    wrong = _wrong(channel, amount, currency, valid_from, source)
    if wrong or amount is None or valid_from is None:
        raise Invalid(Message("This cost was not entered."), wrong)
    cost = ContactCost(
        channel=channel,
        amount=amount,
        currency=currency,
        valid_from=valid_from,
        source=source,
        entered_by_id=by.id,
        entered_at=now,
    )
    session.add(cost)
    session.flush()
    session.add(LogEntry(act=Act.ENTER_COSTS, about=f"contact_cost:{cost.id}", by_id=by.id, at=now, details={}))
    session.flush()
    return cost


def _wrong(
    channel: str, amount: Decimal | None, currency: str, valid_from: date | None, source: str
) -> dict[str, Message]:
    found: dict[str, Message] = {}
    if channel not in set(Channel):
        found["channel"] = Message("Please choose a channel.")
    if amount is None or not amount.is_finite() or not 0 < amount <= MOST or amount != amount.quantize(FINEST):
        found["amount"] = Message("Please enter an amount above zero, with at most four decimal places.")
    if not is_currency(currency):
        found["currency"] = Message("Please enter a currency by its three letters, such as EUR.")
    if valid_from is None or valid_from < EARLIEST:
        found["valid_from"] = Message("Please enter the first day on which this cost holds.")
    if not source or len(source) > LONGEST_SOURCE:
        found["source"] = Message("Please say in up to 300 characters where the figure comes from.")
    return found
