"""A mail on its way out, and the port that sends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from forum.outbox.delivery import Delivery, Kind


@dataclass(frozen=True)
class Mail:
    key: str
    to: str
    subject: str
    text: str


class MailRefused(Exception):
    """The server did not take it. `permanent`: it never will."""

    def __init__(self, words: str, *, permanent: bool) -> None:
        super().__init__(words)
        self.words = words
        self.permanent = permanent


class Mailer(Protocol):
    def send(self, mail: Mail) -> None: ...


def mail_delivery(key: str, to: str, subject: str, text: str, now: datetime) -> Delivery:
    """The outbox row of a mail; `subject` and `text` are already in the reader's language."""
    return Delivery(
        kind=Kind.MAIL, key=f"mail:{key}", made_at=now, due_at=now, payload={"to": to, "subject": subject, "text": text}
    )
