"""Secret links: made, kept as a digest, used once. A newer one voids the older ones of its purpose and account."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from forum.kernel.errors import NotFound
from forum.kernel.ids import secret_token, token_digest
from forum.kernel.messages import Message
from forum.people.account import MailedToken


class Purpose(StrEnum):
    RESET = "reset"
    SETUP = "setup"


LASTS = {Purpose.RESET: timedelta(hours=1), Purpose.SETUP: timedelta(days=7)}


def make_token(session: Session, purpose: Purpose, account_id: int | None, now: datetime) -> tuple[str, MailedToken]:
    """The secret for the link, and its row."""
    session.execute(
        update(MailedToken)
        .where(MailedToken.purpose == purpose, MailedToken.account_id.is_not_distinct_from(account_id))
        .where(MailedToken.used_at.is_(None))
        .values(used_at=now)
    )
    secret = secret_token()
    token = MailedToken(
        purpose=purpose,
        account_id=account_id,
        token_digest=token_digest(secret),
        made_at=now,
        expires_at=now + LASTS[purpose],
    )
    session.add(token)
    session.flush()
    return secret, token


def find_token(session: Session, purpose: Purpose, secret: str, now: datetime) -> MailedToken:
    """Raises NotFound for a link that is wrong, too old or used."""
    token = session.scalar(
        select(MailedToken).where(
            MailedToken.token_digest == token_digest(secret),
            MailedToken.purpose == purpose,
            MailedToken.used_at.is_(None),
            MailedToken.expires_at > now,
        )
    )
    if token is None:
        raise NotFound(Message("This link is too old or has been used. Please ask for a new one."))
    return token


def use_token(session: Session, purpose: Purpose, secret: str, now: datetime) -> MailedToken:
    """Of two who use the same link at once, one wins; the other sees NotFound."""
    token = find_token(session, purpose, secret, now)
    used: Any = session.execute(
        update(MailedToken)
        .where(MailedToken.id == token.id, MailedToken.used_at.is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    if isinstance(used, CursorResult) and used.rowcount != 1:
        raise NotFound(Message("This link is too old or has been used. Please ask for a new one."))
    session.refresh(token)
    return token
