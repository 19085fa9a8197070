"""The weekly mail to those whose answers are read: written when it is sent, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from babel import Locale
from babel.dates import format_skeleton
from babel.numbers import format_decimal
from sqlalchemy.orm import Session

from forum.actions.mail_impact import monday_of
from forum.actions.tell import takes_mail
from forum.exports.edition import Say
from forum.exports.notice_mail import STOP, stop_token
from forum.kernel.messages import Message
from forum.kernel.settings import Settings
from forum.notices.choosing import ways_of
from forum.notices.events import IMPACT
from forum.outbox.mail import Mail
from forum.people.account import Account
from forum.reports.impact import Impact, impact_of


@dataclass(frozen=True)
class ImpactWriter:
    """A `Writer` of outbox/mail.py."""

    settings: Settings
    say: Say
    clock: Callable[[], datetime]

    def __call__(self, session: Session, key: str, payload: Mapping[str, Any]) -> Mail | None:
        """None where the member has left or wants it no more, or where nothing that they were read in still stands."""
        about = payload.get("impact", {})
        account, monday = session.get(Account, about.get("account", 0)), monday_of(str(about.get("week")))
        if account is None or monday is None or account.closed_at is not None or not takes_mail(account, self.clock()):
            return None
        if not ways_of(session, {account.id: IMPACT})[account.id].by_mail:
            return None
        impact = impact_of(session, account, monday, self.settings.time_zone)
        return self._letter(key, account, impact) if impact is not None else None

    def _letter(self, key: str, account: Account, impact: Impact) -> Mail:
        language = account.language if account.language in self.settings.languages else self.settings.languages[0]
        locale = Locale.parse(language)

        def count(number: int) -> str:
            return str(format_decimal(number, locale=locale))

        def said(text: Message) -> str:
            return self.say(text, language)

        home = self.settings.public_url
        month = str(format_skeleton("yMMMM", impact.period.first, locale=locale))
        lines = [
            said(Message("People who read answers of yours last week: %(count)s", {"count": count(impact.week)})),
        ]
        if impact.month:
            reads = {"month": month, "count": count(impact.month)}
            lines.append(said(Message("In %(month)s, each person counted once a week: %(count)s", reads)))
        if (saved := impact.saved) is not None:
            figures = {
                "contacts": count(round(saved.contacts)),
                "low": count(saved.low),
                "high": count(saved.high),
                "month": month,
            }
            lines.append(said(Message("Contacts that your answers saved in %(month)s: about %(contacts)s. This is your share of the company's own estimate; its 95 %% range is %(low)s to %(high)s.", figures)))  # fmt: skip
        stop = f"{home}{STOP}{stop_token(self.settings.secret_key, account.id, [IMPACT.name])}"
        closing = [
            said(Message("What else you did: %(link)s", {"link": f"{home}/people/{quote(account.name)}"})),
            "-- \n" + said(Message("No more mails about it: %(link)s", {"link": stop})),
        ]
        subject = said(Message("Your week at %(site)s in numbers", {"site": self.settings.site_name}))
        headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        return Mail(key, account.email, subject, "\n\n".join(["\n".join(lines), *closing]), headers=headers)
