"""The cast: the same eight people in every test.

Ada asks, Bob answers, Sue is a superfan, Ann an agent, Cleo moderates, Fay does finance, Max is the admin and Mallory
is a stranger: a customer who has to do with nobody's thread. All have the password PASSWORD.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy.orm import Session

from forum.people.account import Account
from forum.people.passwords import hash_password
from forum.people.permissions import RIGHTS
from forum.people.roles import Role
from forum.superfans.grant import SuperfanGrant

PASSWORD = "nine quiet routers"
JOINED = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Cast:
    ada: Account
    bob: Account
    sue: Account
    ann: Account
    cleo: Account
    fay: Account
    max: Account
    mallory: Account

    def everybody(self) -> list[Account]:
        return [getattr(self, one.name) for one in fields(self)]


def add_cast(session: Session) -> Cast:
    """Add the cast and flush; the caller commits."""
    cast = Cast(
        ada=person("ada"),
        bob=person("bob"),
        sue=person("sue", superfan_since=JOINED, rights=list(RIGHTS)),
        ann=person("ann", Role.AGENT),
        cleo=person("cleo", Role.MODERATOR),
        fay=person("fay", Role.FINANCE),
        max=person("max", Role.ADMIN),
        mallory=person("mallory"),
    )
    session.add_all(cast.everybody())
    session.flush()
    session.add(
        SuperfanGrant(
            account_id=cast.sue.id, given_by_id=cast.cleo.id, given_at=JOINED, rights=list(RIGHTS), reason="Knows mesh."
        )
    )
    session.flush()
    return cast


def person(name: str, role: Role = Role.CUSTOMER, **more: object) -> Account:
    """One account more, not yet added."""
    facts: dict[str, object] = {
        "name": name,
        "name_key": name.casefold(),
        "display_name": name.capitalize(),
        "email": f"{name}@example.com",
        "email_key": f"{name}@example.com".casefold(),
        "password_hash": hash_of_password(),
        "role": role,
        "created_at": JOINED,
        **more,
    }
    return Account(**facts)


@lru_cache(maxsize=1)
def hash_of_password() -> str:
    """Made once: a fresh one for each person would cost 22 ms."""
    return hash_password(PASSWORD)
