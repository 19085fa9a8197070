"""Revoke a session: end another browser's sign-in from here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from forum.kernel.errors import NotFound
from forum.kernel.messages import Message
from forum.people.account import Account, BrowserSession
from forum.people.sessions import end_sessions


def revoke_session(session: Session, session_id: int, by: Account, now: datetime) -> BrowserSession:
    """One of one's own; of others' one does not even learn that they exist."""
    browser = session.get(BrowserSession, session_id)
    if browser is None or browser.account_id != by.id:
        raise NotFound(Message("There is no such session."))
    browser.revoked_at = browser.revoked_at or now
    session.flush()
    return browser


def revoke_other_sessions(session: Session, keep: BrowserSession, by: Account, now: datetime) -> None:
    """Sign out everywhere but in the browser in hand."""
    end_sessions(session, by, now, but=keep)
