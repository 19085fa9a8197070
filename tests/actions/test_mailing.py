"""Sending the mails of the outbox to a real SMTP server, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as DatabaseSession

from forum.actions.send_mail import send_mail
from forum.outbox.claiming import MOST_ATTEMPTS
from forum.outbox.delivery import LEASE, Delivery, State
from forum.outbox.mail import mail_delivery
from forum.wiring.mailer import SmtpMailer
from forum.wiring.parts import Parts
from tests.scene import Clock
from tests.services.postbox import Dying, Postbox
from tests.services.process import free_port


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def mail(session: DatabaseSession, clock: Clock) -> Delivery:
    made = mail_delivery("welcome:1", "ada@example.com", "欢迎", "Grüße & 你好\nhttps://forum.example/x", clock())
    session.add(made)
    session.commit()
    return made


def row(session: DatabaseSession, mail: Delivery) -> Delivery:
    session.rollback()
    session.refresh(mail)
    return mail


def test_a_mail_arrives_once_as_it_was_written_and_is_not_kept(
    parts: Parts, session: DatabaseSession, mail: Delivery, mailer: SmtpMailer, postbox: Postbox, clock: Clock
) -> None:
    assert send_mail(parts.sessions, mail.id, mailer, clock) == State.SENT
    assert send_mail(parts.sessions, mail.id, mailer, clock) is None
    (letter,) = postbox.letters
    assert (letter["To"], letter["Subject"]) == ("ada@example.com", "欢迎")
    assert letter.get_content().splitlines() == ["Grüße & 你好", "https://forum.example/x"]
    assert letter["Message-ID"] == "<mail-welcome-1@routerly.example>"
    assert row(session, mail).payload == {}


@pytest.mark.parametrize(("code", "state"), [("550 No such person", State.FAILED), ("451 Try later", State.WAITING)])
def test_a_refusal_is_for_good_or_for_now_as_the_server_says(
    parts: Parts,
    session: DatabaseSession,
    mail: Delivery,
    mailer: SmtpMailer,
    postbox: Postbox,
    clock: Clock,
    code: str,
    state: State,
) -> None:
    postbox.answers.append(code)
    assert send_mail(parts.sessions, mail.id, mailer, clock) == state
    assert code[4:] in (row(session, mail).words or "")
    assert row(session, mail).payload["to"] == "ada@example.com"
    clock.pass_by(seconds=5)
    again = send_mail(parts.sessions, mail.id, mailer, clock)
    assert again == (State.SENT if state == State.WAITING else None)
    assert len(postbox.letters) == (1 if state == State.WAITING else 0)


def test_a_server_that_is_away_is_tried_later_and_at_last_given_up(
    parts: Parts, session: DatabaseSession, mail: Delivery, clock: Clock
) -> None:
    away = SmtpMailer(f"smtp://127.0.0.1:{free_port()}", "help@routerly.example")
    tried = 0
    while send_mail(parts.sessions, mail.id, away, clock) == State.WAITING:
        tried += 1
        clock.now = row(session, mail).due_at
    assert (tried, row(session, mail).state) == (MOST_ATTEMPTS - 1, State.FAILED)
    assert "ConnectionRefusedError" in (mail.words or "")


def test_after_a_crash_it_goes_once_more_under_the_same_id(
    parts: Parts, session: DatabaseSession, mail: Delivery, mailer: SmtpMailer, postbox: Postbox, clock: Clock
) -> None:
    with pytest.raises(KeyboardInterrupt):
        send_mail(parts.sessions, mail.id, Dying(mailer), clock)
    assert send_mail(parts.sessions, mail.id, mailer, clock) is None
    clock.now += LEASE + timedelta(seconds=1)
    assert send_mail(parts.sessions, mail.id, mailer, clock) == State.SENT
    assert len(postbox.letters) == 2
    assert len({letter["Message-ID"] for letter in postbox.letters}) == 1
    assert session.scalars(select(Delivery.state)).all() == [State.SENT]
