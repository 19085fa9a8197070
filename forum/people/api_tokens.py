"""Keys of the API: made and shown once, kept as a digest, each for one act, revoked by a row that says when."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forum.kernel.ids import secret_token, token_digest
from forum.people.account import Account
from forum.people.api_token import ApiToken
from forum.people.permissions import Act

PREFIX = "abk_"  # so that a key which leaked into a log or a repository can be recognised
USED_EVERY = timedelta(minutes=1)


def make_key(session: Session, name: str, act: Act, by: Account, now: datetime) -> tuple[str, ApiToken]:
    """The secret, which nobody can see again, and its row."""
    secret = PREFIX + secret_token()
    token = ApiToken(name=name, act=act, token_digest=token_digest(secret), made_by_id=by.id, made_at=now)
    session.add(token)
    session.flush()
    return secret, token


def find_key(session: Session, secret: str) -> tuple[ApiToken, Account] | None:
    """Looked up by its digest, so how long it takes tells nothing about the secret. None where nobody made it, or it is revoked."""
    row = session.execute(
        select(ApiToken, Account)
        .join(Account, Account.id == ApiToken.made_by_id)
        .where(ApiToken.token_digest == token_digest(secret), ApiToken.revoked_at.is_(None))
    ).first()
    return None if row is None else (row[0], row[1])


def note_use(session: Session, token: ApiToken, now: datetime) -> None:
    """Once a minute is enough to know whether a key is still in use."""
    if token.last_used_at is None or now - token.last_used_at > USED_EVERY:
        session.execute(update(ApiToken).where(ApiToken.id == token.id).values(last_used_at=now))
