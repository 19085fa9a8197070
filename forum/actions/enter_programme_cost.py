"""Enter what one part of the programme cost in a month. Rows are only added: a later row of the same part and month replaces an earlier one."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.kernel.errors import Invalid
from forum.kernel.messages import Message
from forum.kernel.money import CENT, is_currency
from forum.ledger.closed_period import ClosedPeriod
from forum.ledger.period import Period
from forum.ledger.programme import Part, ProgrammeCost
from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import Act, require

MOST = Decimal("9999999.99")
LONGEST_SOURCE = 300
EARLIEST = Period(2000, 1)


def enter_programme_cost(
    session: Session,
    by: Account,
    *,
    period: Period | None,
    part: str,
    amount: Decimal | None,
    currency: str,
    source: str,
    now: datetime,
) -> ProgrammeCost:
    """None for a month or an amount that could not be read. Zero says that there was no such cost."""
    require(by, Act.ENTER_COSTS)
    source = " ".join(source.replace("\0", "").split())
    wrong = _wrong(session, period, part, amount, currency, source)
    if wrong or period is None or amount is None:
        raise Invalid(Message("This cost was not entered."), wrong)
    cost = ProgrammeCost(
        period=period.name,
        part=part,
        amount=amount,
        currency=currency,
        source=source,
        entered_by_id=by.id,
        entered_at=now,
    )
    session.add(cost)
    session.flush()
    session.add(LogEntry(act=Act.ENTER_COSTS, about=f"programme_cost:{cost.id}", by_id=by.id, at=now, details={}))
    session.flush()
    return cost


def _wrong(
    session: Session, period: Period | None, part: str, amount: Decimal | None, currency: str, source: str
) -> dict[str, Message]:
    found: dict[str, Message] = {}
    if period is None or period < EARLIEST:
        found["month"] = Message("Please choose a month.")
    elif session.scalar(select(ClosedPeriod.id).where(ClosedPeriod.name == period.name)) is not None:
        found["month"] = Message("This month is closed: its report keeps the costs that it was closed with.")
    if part not in set(Part):
        found["part"] = Message("Please choose a part of the programme.")
    if amount is None or not amount.is_finite() or not 0 <= amount <= MOST or amount != amount.quantize(CENT):
        found["amount"] = Message("Please enter an amount of zero or more, with at most two decimal places.")
    if not is_currency(currency):
        found["currency"] = Message("Please enter a currency by its three letters, such as EUR.")
    if not source or len(source) > LONGEST_SOURCE:
        found["source"] = Message("Please say in up to 300 characters where the figure comes from.")
    return found
