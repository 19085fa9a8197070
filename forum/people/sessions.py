"""Sessions of signed-in browsers: begun with a fresh secret, ended by a row that says when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forum.kernel.ids import secret_token, token_digest
from forum.people.account import Account, BrowserSession


def begin_session(session: Session, account: Account, browser: str, address: str, now: datetime) -> str:
    """The new session's secret, which the browser alone keeps; nobody can bring one along."""
    secret = secret_token()
    session.add(
        BrowserSession(
            account_id=account.id,
            token_digest=token_digest(secret),
            created_at=now,
            last_seen_at=now,
            browser=browser[:200],
            address=address[:45],
        )
    )
    session.flush()
    return secret


def open_sessions(session: Session, account: Account, since: datetime) -> Sequence[BrowserSession]:
    """The account's sessions begun after `since` that nobody ended, the one last seen first."""
    return session.scalars(
        select(BrowserSession)
        .where(
            BrowserSession.account_id == account.id,
            BrowserSession.revoked_at.is_(None),
            BrowserSession.created_at > since,
        )
        .order_by(BrowserSession.last_seen_at.desc(), BrowserSession.id.desc())
    ).all()


def end_sessions(session: Session, account: Account, now: datetime, *, but: BrowserSession | None = None) -> None:
    """End every session of the account, or every one but the browser in hand."""
    ending = update(BrowserSession).where(BrowserSession.account_id == account.id, BrowserSession.revoked_at.is_(None))
    if but is not None:
        ending = ending.where(BrowserSession.id != but.id)
    session.execute(ending.values(revoked_at=now).execution_options(synchronize_session="fetch"))
