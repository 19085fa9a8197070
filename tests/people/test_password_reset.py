"""A forgotten password: the mail goes through the outbox and a real SMTP server, the link works once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.ask_for_password_reset import ask_for_password_reset
from forum.actions.reset_password import reset_password
from forum.actions.send_mail import send_mail
from forum.actions.sign_in import find_known, sign_in
from forum.kernel.clock import utc_now
from forum.kernel.errors import Invalid, NotFound
from forum.outbox.delivery import Delivery, State
from forum.people.account import BrowserSession, MailedToken
from forum.people.passwords import is_password
from forum.people.sessions import begin_session
from forum.people.tokens import Purpose, make_token
from forum.wiring.mailer import SmtpMailer
from tests.application import QuietParts
from tests.cast import PASSWORD, Cast
from tests.services.process import free_port

NOW = utc_now()
NEW = "eleven louder routers"


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


class Mailbox(MessageHandler):
    """Keeps what was delivered."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[EmailMessage] = []

    def handle_message(self, message: object) -> None:
        self.letters.append(message_from_bytes(bytes(message), policy=policy.default))  # type: ignore[call-overload]


@pytest.fixture
def smtp() -> Iterator[tuple[Mailbox, str]]:
    mailbox, port = Mailbox(), free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield mailbox, f"smtp://127.0.0.1:{port}"
    controller.stop()


def ask(session: Session, email: str) -> None:
    ask_for_password_reset(
        session,
        email,
        link=lambda secret: f"https://forum.example/password-reset/{secret}",
        translate=lambda message, language: f"[{language}] {message}" if language else str(message),
        site_name="Routerly",
        now=NOW,
    )
    session.commit()


def link_for(session: Session, email: str) -> str:
    """The secret in the newest mail."""
    ask(session, email)
    newest = session.scalars(select(Delivery).order_by(Delivery.id.desc())).first()
    assert newest is not None
    found = re.search(r"/password-reset/(\S+)", newest.payload["text"])
    assert found is not None
    return found.group(1)


def choose(session: Session, secret: str, password: str = NEW, later: timedelta = timedelta(0)) -> str:
    return reset_password(session, secret, password, browser="Firefox", address="::1", now=NOW + later)


def test_the_link_comes_by_mail_in_the_accounts_language_and_opens_the_account(
    session: Session, cast: Cast, parts: QuietParts, smtp: tuple[Mailbox, str]
) -> None:
    mailbox, url = smtp
    cast.ada.language = "zh_Hans"
    session.commit()
    ask(session, " ADA@example.com ")
    delivery = session.scalars(select(Delivery)).one()
    session.commit()  # the mail is sent by another session
    sent = send_mail(parts.sessions, delivery.id, SmtpMailer(url, "Forum <forum@example.com>"), lambda: NOW)
    [letter] = mailbox.letters
    assert sent is State.SENT
    assert (letter["To"], letter["From"]) == ("ada@example.com", "Forum <forum@example.com>")
    assert letter["Subject"] == "[zh_Hans] A new password for Routerly"
    found = re.search(r"https://forum.example/password-reset/(\S+)", letter.get_content())
    assert found is not None
    choose(session, found.group(1))
    session.commit()
    sign_in(session, find_known(session, "ada"), NEW, browser="", address="", now=NOW)
    with pytest.raises(Invalid):
        sign_in(session, find_known(session, "ada"), PASSWORD, browser="", address="", now=NOW)


def test_an_address_that_nobody_has_gets_no_mail_and_no_other_answer(session: Session, cast: Cast) -> None:
    cast.bob.closed_at = NOW
    session.commit()
    for email in ("nobody@example.com", "", "bob@example.com", "a\x00@example.com"):
        ask(session, email)
    assert session.scalars(select(Delivery)).all() == []
    assert session.scalars(select(MailedToken)).all() == []


def test_the_secret_is_kept_as_a_digest_alone(session: Session, cast: Cast) -> None:
    secret = link_for(session, "ada@example.com")
    [token] = session.scalars(select(MailedToken))
    assert secret not in (token.token_digest, str(token.id))
    assert token.expires_at - token.made_at == timedelta(hours=1)


def test_a_reset_ends_every_session_but_its_own_and_confirms_the_address(session: Session, cast: Cast) -> None:
    begin_session(session, cast.ada, "an old phone", "", NOW)
    begin_session(session, cast.bob, "bob's", "", NOW)
    choose(session, link_for(session, "ada@example.com"))
    session.commit()
    open_now = session.scalars(select(BrowserSession.browser).where(BrowserSession.revoked_at.is_(None)))
    assert set(open_now) == {"Firefox", "bob's"}
    assert cast.ada.email_confirmed_at == NOW
    assert is_password(cast.ada.password_hash, NEW)


def test_a_link_works_once(session: Session, cast: Cast) -> None:
    secret = link_for(session, "ada@example.com")
    choose(session, secret)
    with pytest.raises(NotFound):
        choose(session, secret, "twelve more routers")
    assert is_password(cast.ada.password_hash, NEW)


def test_a_link_works_for_an_hour(session: Session, cast: Cast) -> None:
    secret = link_for(session, "ada@example.com")
    with pytest.raises(NotFound):
        choose(session, secret, later=timedelta(hours=1))
    choose(session, secret, later=timedelta(minutes=59))


def test_a_newer_link_voids_the_older(session: Session, cast: Cast) -> None:
    older, newer = link_for(session, "ada@example.com"), link_for(session, "ada@example.com")
    link_for(session, "bob@example.com")
    with pytest.raises(NotFound):
        choose(session, older)
    choose(session, newer)


def test_a_password_that_will_not_do_leaves_the_link_good(session: Session, cast: Cast) -> None:
    secret = link_for(session, "ada@example.com")
    with pytest.raises(Invalid):
        choose(session, secret, "short")
    choose(session, secret)


def test_a_link_of_another_purpose_resets_nothing(session: Session, cast: Cast) -> None:
    secret = make_token(session, Purpose.SETUP, None, NOW)[0]
    with pytest.raises(NotFound):
        choose(session, secret)


def test_the_mail_says_what_to_do_when_it_was_somebody_else(session: Session, cast: Cast) -> None:
    ask(session, "ada@example.com")
    text = session.scalars(select(Delivery)).one().payload["text"]
    assert text.startswith("Hello Ada,") and "your password stays as it is" in text
    assert "%" not in text
