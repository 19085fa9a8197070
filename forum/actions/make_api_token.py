"""Make and revoke the keys with which other systems call us."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from forum.kernel.errors import Invalid
from forum.kernel.messages import Message
from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.api_token import ApiToken
from forum.people.api_tokens import make_key
from forum.people.permissions import Act, require

LONGEST_NAME = 60
FOR_KEYS = (Act.IMPORT_CONTACTS,)  # what a key can be made for


def make_api_token(session: Session, name: str, act: str, by: Account, now: datetime) -> tuple[str, ApiToken]:
    """The secret, to be shown this once, and its row. A key can do no more than who made it."""
    require(by, Act.MAKE_API_TOKENS)
    name = " ".join("".join(character for character in name if character.isprintable()).split())
    if not name or len(name) > LONGEST_NAME:
        raise _invalid("name", Message("Please name the system that will use this key, in up to 60 characters."))
    if act not in FOR_KEYS:
        raise _invalid("act", Message("No key can be made for this."))
    require(by, Act(act))
    secret, token = make_key(session, name, Act(act), by, now)
    _log(session, token, "made", by, now)
    return secret, token


def revoke_api_token(session: Session, token: ApiToken, by: Account, now: datetime) -> None:
    require(by, Act.MAKE_API_TOKENS)
    if token.revoked_at is None:
        token.revoked_at = now
        _log(session, token, "revoked", by, now)


def _log(session: Session, token: ApiToken, what: str, by: Account, now: datetime) -> None:
    details = {"what": what, "name": token.name}
    session.add(LogEntry(act=Act.MAKE_API_TOKENS, about=f"api_token:{token.id}", by_id=by.id, at=now, details=details))
    session.flush()


def _invalid(field: str, sentence: Message) -> Invalid:
    return Invalid(Message("Please check what is marked below."), {field: sentence})
