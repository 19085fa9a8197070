"""Enter what another currency is worth in the site's from a day on. Rows are only added: a correction is a later row."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from forum.kernel.errors import Invalid
from forum.kernel.messages import Message
from forum.kernel.money import is_currency
from forum.ledger.programme import ExchangeRate
from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import Act, require

MOST = Decimal(1_000_000)
FINEST = Decimal("0.00000001")
LONGEST_SOURCE = 300
EARLIEST = date(2000, 1, 1)


def enter_exchange_rate(
    session: Session,
    by: Account,
    *,
    currency: str,
    rate: Decimal | None,
    into: str,
    valid_from: date | None,
    source: str,
    now: datetime,
) -> ExchangeRate:
    """One unit of `currency` is worth `rate` units of `into`, the site's; None for a rate or a day that could not be read."""
    require(by, Act.ENTER_COSTS)
    source = " ".join(source.replace("\0", "").split())
    wrong = _wrong(currency, rate, into, valid_from, source)
    if wrong or rate is None or valid_from is None:
        raise Invalid(Message("This rate was not entered."), wrong)
    entered = ExchangeRate(
        currency=currency,
        rate=rate,
        into=into,
        valid_from=valid_from,
        source=source,
        entered_by_id=by.id,
        entered_at=now,
    )
    session.add(entered)
    session.flush()
    session.add(LogEntry(act=Act.ENTER_COSTS, about=f"exchange_rate:{entered.id}", by_id=by.id, at=now, details={}))
    session.flush()
    return entered


def _wrong(currency: str, rate: Decimal | None, into: str, valid_from: date | None, source: str) -> dict[str, Message]:
    found: dict[str, Message] = {}
    if not is_currency(currency):
        found["currency"] = Message("Please enter a currency by its three letters, such as EUR.")
    elif currency == into:
        found["currency"] = Message("The site counts in this currency already: it needs no rate.")
    if rate is None or not rate.is_finite() or not 0 < rate <= MOST or rate != rate.quantize(FINEST):
        found["rate"] = Message("Please enter a rate above zero, with at most eight decimal places.")
    if valid_from is None or valid_from < EARLIEST:
        found["valid_from"] = Message("Please enter the first day on which this rate holds.")
    if not source or len(source) > LONGEST_SOURCE:
        found["source"] = Message("Please say in up to 300 characters where the figure comes from.")
    return found
