"""A mail on its way out, and the port that sends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import uuid4

from sqlalchemy.orm import Session

from forum.outbox.delivery import Delivery, Kind


@dataclass(frozen=True)
class Attachment:
    name: str
    media_type: str  # such as application/pdf
    content: bytes


@dataclass(frozen=True)
class Mail:
    key: str
    to: str
    subject: str
    text: str
    attachments: Sequence[Attachment] = ()
    headers: Mapping[str, str] = field(default_factory=dict)  # such as List-Unsubscribe


# Words a mail whose row only names what it is about, when it is sent; None where it shall not be sent any more.
Writer = Callable[[Session, str, Mapping[str, Any]], Mail | None]


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


def report_delivery(view_id: int, month: str, now: datetime) -> Delivery:
    """The outbox row of a month's report. Its key lets a view and a month make one mail, however often a job runs."""
    return Delivery(
        kind=Kind.MAIL,
        key=f"{REPORT_KEY}{view_id}:{month}",
        made_at=now,
        due_at=now,
        payload={"report": {"view": view_id, "month": month}},
    )


def impact_delivery(account_id: int, week: str, now: datetime) -> Delivery:
    """The outbox row of a member's week in numbers. `week` is an ISO week such as 2026-W47: one mail for each, ever."""
    return Delivery(
        kind=Kind.MAIL,
        key=f"{IMPACT_KEY}{account_id}:{week}",
        made_at=now,
        due_at=now,
        payload={"impact": {"account": account_id, "week": week}},
    )


def notice_delivery(notice_id: int, now: datetime) -> Delivery:
    """The outbox row of a notice's mail; it is worded when it is sent, in the reader's language.

    Erased members' notices are deleted, and SQLite gives their numbers again: the key is another one all the same.
    """
    return Delivery(
        kind=Kind.MAIL,
        key=f"mail:notice:{notice_id}:{uuid4().hex[:12]}",
        made_at=now,
        due_at=now + NOTICE_WAITS,
        payload={"notice": notice_id},
    )


# So that what was read in the page meanwhile is not mailed, and what follows at once goes into the same mail.
NOTICE_WAITS = timedelta(minutes=2)
REPORT_KEY = "mail:report:"
IMPACT_KEY = "mail:impact:"
