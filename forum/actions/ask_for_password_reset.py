"""Ask for a password reset: a link by mail, good once and for an hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.kernel.messages import Message
from forum.outbox.mail import mail_delivery
from forum.people.account import Account
from forum.people.names import key_of
from forum.people.tokens import Purpose, make_token

Translate = Callable[[Message, str | None], str]  # a message in a language, None: the site's own


def ask_for_password_reset(
    session: Session, email: str, *, link: Callable[[str], str], translate: Translate, site_name: str, now: datetime
) -> None:
    """Says nothing about whether there is such an account. `link` makes the address that carries the secret."""
    account = session.scalar(select(Account).where(Account.email_key == key_of(email), Account.closed_at.is_(None)))
    if account is None:
        return
    secret, token = make_token(session, Purpose.RESET, account.id, now)
    subject = Message("A new password for %(site)s", {"site": site_name})
    text = Message(
        "Hello %(name)s,\n\n"
        "somebody, probably you, asked for a new password for your account at %(site)s. Choose it here within the next hour:\n\n"
        "%(link)s\n\n"
        "The link works once. If it was not you, nothing needs to be done: your password stays as it is.\n",
        {"name": account.display_name, "site": site_name, "link": link(secret)},
    )
    language = account.language
    session.add(
        mail_delivery(f"reset:{token.id}", account.email, translate(subject, language), translate(text, language), now)
    )
    session.flush()
