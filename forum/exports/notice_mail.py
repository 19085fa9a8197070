"""The mail about notices: written when it is sent, in the reader's language, about what they have not read meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from babel import Locale
from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.tell import takes_mail
from forum.exports.edition import Say
from forum.kernel.messages import Message
from forum.kernel.settings import Settings
from forum.kernel.signed_links import sign, signed_text
from forum.markup.port import Markup
from forum.notices.choosing import ways_of
from forum.notices.events import EVENTS
from forum.notices.notice import Notice
from forum.outbox.delivery import Delivery
from forum.outbox.mail import Mail
from forum.people.account import Account
from forum.reports.notices import NoticeRow, rows_of

STALE = timedelta(days=2)  # what could not be mailed for so long is no news; it stands in the page
LONGEST_QUOTE = 280  # characters
STOP = "/mail/stop/"


@dataclass(frozen=True)
class NoticeWriter:
    """A `Writer` of outbox/mail.py."""

    settings: Settings
    say: Say
    markup: Markup
    clock: Callable[[], datetime]

    def __call__(self, session: Session, key: str, payload: Mapping[str, Any]) -> Mail | None:
        """None where all of it was read or taken back, or its reader has left, wants no mail any more, or may not read it."""
        mail = select(Delivery.id).where(Delivery.key == key).scalar_subquery()
        notices = session.scalars(
            select(Notice).where(Notice.mail_id == mail).order_by(Notice.made_at, Notice.id)
        ).all()
        reader = session.get(Account, notices[0].account_id) if notices else None
        if reader is None or reader.closed_at is not None or not takes_mail(reader, self.clock()):
            return None
        language = reader.language if reader.language in self.settings.languages else self.settings.languages[0]
        wanted = [one for one in notices if self._is_wanted(session, one, reader)]
        rows = [row for row in rows_of(session, wanted, reader, self._day_in, language) if row.may_read]
        return self._letter(key, reader, rows, language) if rows else None

    def _is_wanted(self, session: Session, notice: Notice, reader: Account) -> bool:
        """Fresh, neither read nor taken back, and of an event that the reader still wants by mail."""
        if notice.made_at <= self.clock() - STALE or notice.details.get("count") == 0:
            return False
        is_read = notice.in_page and notice.read_at is not None
        return not is_read and ways_of(session, {reader.id: EVENTS[notice.event]})[reader.id].by_mail

    def _letter(self, key: str, reader: Account, rows: Sequence[NoticeRow], language: str) -> Mail:
        def say(message: Message) -> str:
            return self.say(message, language)

        home = self.settings.public_url
        events = list(dict.fromkeys(row.event for row in rows))
        stop = f"{home}{STOP}{stop_token(self.settings.secret_key, reader.id, events)}"
        about = "; ".join(say(EVENTS[event].title) for event in events)
        closing = [
            say(Message("You get this mail from %(site)s because you want to hear of: %(events)s", {"site": self.settings.site_name, "events": about})),
            say(Message("No more mails about it: %(link)s", {"link": stop})),
            say(Message("What else we mail you: %(link)s", {"link": f"{home}/account/notifications"})),
        ]  # fmt: skip
        text = "\n\n".join([*(self._told(row, say) for row in rows), "-- \n" + "\n".join(closing)])
        headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        return Mail(key, reader.email, _subject(rows, say), text, headers=headers)

    def _told(self, row: NoticeRow, say: Callable[[Message], str]) -> str:
        quote = self.markup.excerpt(row.quote, LONGEST_QUOTE)
        more = say(row.more) if row.more is not None else ""
        parts = (say(row.words), more, f"> {quote}" if quote else "", self.settings.public_url + row.path)
        return "\n".join(part for part in parts if part)

    def _day_in(self, at: datetime, language: str | None) -> str:
        day = at.astimezone(self.settings.time_zone).date()
        return str(format_date(day, "long", Locale.parse(language or "en")))


def _subject(rows: Sequence[NoticeRow], say: Callable[[Message], str]) -> str:
    """One line, whatever a title holds."""
    first = " ".join(say(rows[0].words).split())
    if len(rows) == 1:
        return first
    return say(Message("%(first)s, and %(others)s more", {"first": first, "others": len(rows) - 1}))


def stop_token(key: str, account_id: int, events: Sequence[str]) -> str:
    """What stands in the link that ends mails about these events for this member, without signing in; it never expires."""
    return sign(key, "stop mails", f"{account_id}:{','.join(events)}")


def read_stop_token(key: str, token: str) -> tuple[int, list[str]] | None:
    """The account's id and the events that are still known; None where the link is not one of ours."""
    text = signed_text(key, "stop mails", token)
    if text is None:
        return None
    number, _colon, events = text.partition(":")
    return int(number), [event for event in events.split(",") if event in EVENTS]
