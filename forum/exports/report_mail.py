"""The monthly mail: written when it is sent, in its owner's language, with the PDF of the month before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from forum.exports.edition import Edition, Say
from forum.exports.findings import headline, scope_words
from forum.exports.gathering import Reader, gather
from forum.exports.pdf import MEDIA_TYPE, pdf_of
from forum.kernel.messages import Message
from forum.kernel.settings import Settings
from forum.ledger.period import Period
from forum.ledger.report_view import SavedView
from forum.outbox.mail import Attachment, Mail
from forum.people.account import Account
from forum.people.permissions import Act, may
from forum.reports.deflection_address import address_of, pairs_of, read_address


@dataclass(frozen=True)
class ReportWriter:
    """A `Writer` of outbox/mail.py. It reads what stands when it is sent, so a late mail shows late corrections."""

    settings: Settings
    say: Say
    clock: Callable[[], datetime]

    def __call__(self, session: Session, key: str, payload: Mapping[str, Any]) -> Mail | None:
        """None where the view is gone or mailed no longer, or its owner may not see the report any more."""
        about = payload.get("report", {})
        view, month = session.get(SavedView, about.get("view", 0)), Period.named(about.get("month", ""))
        owner = session.get(Account, view.account_id) if view is not None else None
        if view is None or view.mailed_since is None or month is None or owner is None:
            return None
        if not may(owner, Act.EXPORT_DEFLECTION):
            return None
        edition = self._edition(session, view, month, owner)
        to, name = owner.email, view.name
        session.rollback()  # nobody waits for us while the pages are set
        return self._letter(key, to, name, edition)

    def _edition(self, session: Session, view: SavedView, month: Period, owner: Account) -> Edition:
        """The view's filters; its months are the one before, whatever it shows on the page."""
        scope = replace(read_address(pairs_of(view.query), month), first=month, last=month)
        currency = self.settings.currency if may(owner, Act.SEE_DEFLECTION_REPORT) else None
        language = owner.language if owner.language in self.settings.languages else self.settings.languages[0]
        site = self.settings.site_name
        reader = Reader(owner.display_name, language, site, self.say, currency, self.settings.time_zone)
        return gather(session, scope, reader, self.clock(), urlencode(address_of(scope)))

    def _letter(self, key: str, to: str, name: str, edition: Edition) -> Mail:
        subject = Message("Call deflection, %(span)s: %(name)s", {"span": edition.span(), "name": name})
        figures = [f"{card.label}: {card.figure} ({card.below})" for card in headline(edition)]
        address = f"{self.settings.public_url}/reports/deflection"
        closing = Message("The whole report is attached. Online: %(link)s", {"link": f"{address}?{edition.query}"})
        stop = Message("You get this every month for a view of yours. To end it: %(link)s", {"link": f"{address}/views"})  # fmt: skip
        text = "\n\n".join([scope_words(edition), "\n".join(figures), edition(closing), edition(stop)])
        file = Attachment(f"{edition.file_name}.pdf", MEDIA_TYPE, pdf_of(edition, self.settings.report_font))
        return Mail(key, to, edition(subject), text, (file,))
