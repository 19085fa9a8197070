"""Say under which number the company's own systems know somebody, so that their contacts can be told to be theirs."""

from __future__ import annotations

from datetime import datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forum.actions.match_contacts import hold_contacts, match_anew
from forum.kernel.errors import Conflict, Invalid
from forum.kernel.messages import Message
from forum.ledger.contact_keys import NOBODY, ContactKeys, normal
from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import Act, require

LONGEST = 60


def set_customer_number(
    session: Session, account: Account, number: str, by: Account, keys: ContactKeys, zone: tzinfo, now: datetime
) -> None:
    """One's own, or staff for anybody; "" takes it away. Kept as it is compared: without regard to case and spaces around."""
    if by.id != account.id:
        require(by, Act.SET_CUSTOMER_NUMBERS)
    if account.closed_at is not None:
        raise Conflict(Message("This account is closed."))
    known = normal(number)
    if known and (len(known) > LONGEST or known in NOBODY):
        raise _invalid(Message("Please enter a customer's number of at most 60 characters."))
    hold_contacts(session)  # before the account's row is, as everybody does who takes both
    wanted = known or None
    if wanted == account.customer_number:
        return
    _require_free(session, account, wanted)
    try:
        with session.begin_nested():
            account.customer_number = wanted
            session.flush()
    except IntegrityError as error:  # somebody was quicker
        raise _taken() from error
    match_anew(session, account, keys, zone, now)
    if by.id != account.id:
        about = f"account:{account.id}"
        session.add(LogEntry(act=Act.SET_CUSTOMER_NUMBERS, about=about, by_id=by.id, at=now, details={}))
    session.flush()


def _require_free(session: Session, account: Account, wanted: str | None) -> None:
    if wanted is None:
        return
    others = select(Account.id).where(Account.customer_number == wanted, Account.id != account.id)
    if session.scalar(others) is not None:
        raise _taken()


def _taken() -> Invalid:
    return _invalid(Message("Another account has this customer's number already."))


def _invalid(sentence: Message) -> Invalid:
    return Invalid(Message("Please check what is marked below."), {"customer_number": sentence})
