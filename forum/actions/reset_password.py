"""Reset a password by the link that was mailed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from forum.kernel.errors import NotFound
from forum.kernel.messages import Message
from forum.people.account import Account
from forum.people.passwords import check_new_password, hash_password
from forum.people.sessions import begin_session, end_sessions
from forum.people.tokens import Purpose, use_token


def reset_password(
    session: Session, secret: str, new_password: str, *, browser: str, address: str, now: datetime
) -> str:
    """Uses the link up, ends every session, and returns the secret of a new one.

    Whoever opened the link reads mail at the account's address, so that is confirmed too. A password that will not do
    leaves the link good.
    """
    check_new_password(new_password)
    password_hash = hash_password(new_password)  # before the first query, so that no lock is held meanwhile
    token = use_token(session, Purpose.RESET, secret, now)
    account = session.get(Account, token.account_id)
    if account is None or account.closed_at is not None:
        raise NotFound(Message("This account is closed."))
    account.password_hash = password_hash
    account.email_confirmed_at = account.email_confirmed_at or now
    end_sessions(session, account, now)
    return begin_session(session, account, browser, address, now)
