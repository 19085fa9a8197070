"""Sign up: a new account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forum.kernel.errors import Invalid
from forum.kernel.messages import Message
from forum.people.account import Account
from forum.people.names import clean_display_name, clean_email, clean_name, key_of
from forum.people.passwords import check_new_password, hash_password
from forum.people.roles import Role


def sign_up(
    session: Session,
    *,
    name: str,
    email: str,
    password: str,
    display_name: str = "",
    language: str | None = None,
    role: Role = Role.CUSTOMER,
    brand: str = "",
    now: datetime,
) -> Account:
    """All that is wrong is said at once. `brand` is the site's name, which nobody may take.

    Who may give another role than customer is the caller's to know: the operator at the command line, the set-up link.
    """
    account = _checked(name, email, password, display_name, brand)
    account.password_hash = hash_password(password)  # before the first query, so that no lock is held meanwhile
    account.language, account.role, account.created_at = language, role, now
    _require_free(session, account)
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:
        _require_free(session, account)  # somebody was quicker: says which of the two it was
        raise
    return account


def _checked(name: str, email: str, password: str, display_name: str, brand: str) -> Account:
    account = Account(bio="")
    wrong: dict[str, Message] = {}
    try:
        account.name = clean_name(name, brand=brand)
        account.name_key = key_of(account.name)
    except Invalid as error:
        wrong |= error.fields
    try:
        account.email = clean_email(email)
        account.email_key = key_of(account.email)
    except Invalid as error:
        wrong |= error.fields
    try:
        account.display_name = clean_display_name(display_name, name.strip()[:60])
        check_new_password(password, unlike=(name, email, email.partition("@")[0], brand))
    except Invalid as error:
        wrong |= error.fields
    if wrong:
        raise Invalid(Message("Please check what is marked below."), wrong)
    account.display_name = account.display_name if display_name.strip() else account.name
    return account


def _require_free(session: Session, account: Account) -> None:
    taken: dict[str, Message] = {}
    with session.no_autoflush:
        if session.scalar(select(Account.id).where(Account.name_key == account.name_key)) is not None:
            taken["name"] = Message("Somebody has this name already.")
        if session.scalar(select(Account.id).where(Account.email_key == account.email_key)) is not None:
            taken["email"] = Message("There is an account with this address already.")
    if taken:
        raise Invalid(Message("Please check what is marked below."), taken)
