"""Import a member of another community: an account that nobody can sign in to and no mail can reach."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.kernel.errors import Invalid
from forum.people.account import Account
from forum.people.names import LONGEST_NAME, clean_bio, clean_display_name, clean_name, key_of


def import_member(
    session: Session, *, source: str, remote_id: str, display_name: str, bio: str, brand: str, joined_at: datetime
) -> Account:
    """`display_name` and `bio` fit already. The name is made of the display name; `brand` is the site's, which stays free.

    The address ends in .invalid (RFC 2606), so nothing is ever sent to it; without a password nobody can sign in.
    Who may import is for the operator at the command line to know.
    """
    name = _free_name(session, display_name, remote_id, brand)
    address = f"{remote_id}@{source}.invalid"
    account = Account(
        name=name,
        name_key=key_of(name),
        display_name=clean_display_name(display_name, name),
        email=address,
        email_key=key_of(address),
        bio=clean_bio(bio),
        created_at=joined_at,
    )
    session.add(account)
    session.flush()
    return account


def _free_name(session: Session, display_name: str, remote_id: str, brand: str) -> str:
    for wanted in _names(display_name, remote_id):
        try:
            name = clean_name(wanted, brand=brand)
        except Invalid:
            continue
        if session.scalar(select(Account.id).where(Account.name_key == key_of(name))) is None:
            return name
    raise AssertionError("numbers never end")


def _names(display_name: str, remote_id: str) -> Iterator[str]:
    """Their own name in the characters of one, else with their number there, else a number of ours."""
    number = remote_id.strip("-")
    bare = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFKC", display_name)).strip("-._")
    if bare:
        yield bare[:LONGEST_NAME].rstrip("-._")
        yield f"{bare[: LONGEST_NAME - 1 - len(number)].rstrip('-._')}-{number}"
    yield f"member-{number}"[:LONGEST_NAME]
    count = 2
    while True:
        yield f"member-{count}-{number}"[:LONGEST_NAME]
        count += 1
