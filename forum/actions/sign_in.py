"""Sign in: prove the password, begin a browser's session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from forum.kernel.errors import Invalid
from forum.kernel.messages import Message
from forum.people.account import Account
from forum.people.names import key_of
from forum.people.passwords import hash_password, is_outdated, is_password
from forum.people.sessions import begin_session


@dataclass(frozen=True)
class Known:
    """What was found under a name or an address: perhaps nobody."""

    account_id: int | None
    password_hash: str | None


def find_known(session: Session, name_or_email: str) -> Known:
    """A short read, so that the caller can end its transaction before `sign_in` does the slow part."""
    key = key_of(name_or_email).removeprefix("@")
    row = session.execute(
        select(Account.id, Account.password_hash).where(
            or_(Account.name_key == key, Account.email_key == key), Account.closed_at.is_(None)
        )
    ).first()
    return Known(row.id, row.password_hash) if row else Known(None, None)


def sign_in(session: Session, known: Known, password: str, *, browser: str, address: str, now: datetime) -> str:
    """The new session's secret. Raises Invalid with one and the same sentence whether name or password was wrong."""
    if not is_password(known.password_hash, password) or known.password_hash is None:
        raise _wrong()
    fresh = hash_password(password) if is_outdated(known.password_hash) else None
    account = session.get_one(Account, known.account_id, populate_existing=True)
    if account.password_hash != known.password_hash or account.closed_at is not None:
        raise _wrong()  # changed while we were checking
    if fresh is not None:
        account.password_hash = fresh
    return begin_session(session, account, browser, address, now)


def _wrong() -> Invalid:
    return Invalid(Message("This name and password do not belong together."))
