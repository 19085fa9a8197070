"""Sign out: end the session of the browser in hand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from forum.people.account import BrowserSession


def sign_out(session: Session, browser: BrowserSession, now: datetime) -> None:
    """A session that has ended stays ended."""
    if browser.revoked_at is None:
        browser.revoked_at = now
        session.flush()
