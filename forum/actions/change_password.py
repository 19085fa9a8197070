"""Change one's password, knowing the old one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from forum.kernel.errors import Invalid
from forum.kernel.messages import Message
from forum.people.account import Account, BrowserSession
from forum.people.passwords import check_new_password, hash_password, is_password
from forum.people.sessions import end_sessions


def change_password(
    session: Session, by: Account, *, old: str, new: str, keep: BrowserSession | None, now: datetime
) -> None:
    """Ends every session but `keep`, the browser in hand. Both hashes are worked out before anything is written."""
    if not is_password(by.password_hash, old):
        raise Invalid(
            Message("Please check what is marked below."), {"old_password": Message("This is not your password.")}
        )
    check_new_password(new, unlike=(by.name, by.email, old), field="new_password")
    by.password_hash = hash_password(new)
    session.flush()
    end_sessions(session, by, now, but=keep)
