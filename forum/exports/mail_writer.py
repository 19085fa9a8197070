"""Who words the mails whose row only names what they are about: a writer for each kind of thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from forum.exports.edition import Say
from forum.exports.impact_mail import ImpactWriter
from forum.exports.notice_mail import NoticeWriter
from forum.exports.report_mail import ReportWriter
from forum.kernel.settings import Settings
from forum.markup.port import Markup
from forum.outbox.mail import Mail, Writer


@dataclass(frozen=True)
class WriterByKind:
    """A `Writer` of outbox/mail.py: the payload's one key says which of `writers` words it."""

    writers: Mapping[str, Writer]

    def __call__(self, session: Session, key: str, payload: Mapping[str, Any]) -> Mail | None:
        for kind, write in self.writers.items():
            if kind in payload:
                return write(session, key, payload)
        raise ValueError(f"nobody can write {key}")


def mail_writer(settings: Settings, say: Say, markup: Markup, clock: Callable[[], datetime]) -> Writer:
    """All kinds together; a new kind of mail is one line here."""
    return WriterByKind(
        {
            "report": ReportWriter(settings, say, clock),
            "notice": NoticeWriter(settings, say, markup, clock),
            "impact": ImpactWriter(settings, say, clock),
        }
    )
