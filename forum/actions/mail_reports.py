"""Put a month's report into the outbox for everybody who wants it by mail: one row for a view and a month, ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.kernel.database import take_turns
from forum.ledger.period import Period
from forum.ledger.report_view import SavedView
from forum.moderation.log import LogEntry
from forum.outbox.delivery import Delivery
from forum.outbox.mail import report_delivery
from forum.people.permissions import Act

OCLOCK = 6  # in the company's time zone: the night's work is done then


def mail_reports(session: Session, zone: tzinfo, now: datetime, *, days: int) -> int:
    """How many mails were made. Whoever asks for a month after its day gets the next one; each mail is noted as an export."""
    take_turns(session, "report mails")
    month = latest_due(zone, now, days)
    wanted = select(SavedView).where(SavedView.mailed_since <= mail_day(month, zone, days)).order_by(SavedView.id)
    made = [(view, report_delivery(view.id, month.name, now)) for view in session.scalars(wanted)]
    keys = [mail.key for _view, mail in made]
    there = set(session.scalars(select(Delivery.key).where(Delivery.key.in_(keys))))
    fresh = [(view, mail) for view, mail in made if mail.key not in there]
    for view, mail in fresh:
        details = {"format": "pdf", "query": view.query, "mailed": month.name}
        about = f"saved_view:{view.id}"
        session.add_all([mail, LogEntry(act=Act.EXPORT_DEFLECTION, about=about, by_id=view.account_id, at=now, details=details)])  # fmt: skip
    session.flush()
    return len(fresh)


def latest_due(zone: tzinfo, now: datetime, days: int) -> Period:
    """The latest month whose report can be mailed by now."""
    month = Period.of(now.astimezone(zone).date()).moved(-1)
    while mail_day(month, zone, days) > now:
        month = month.moved(-1)
    return month


def mail_day(month: Period, zone: tzinfo, days: int) -> datetime:
    """The day after the last claim of the month came to its day, in the morning."""
    day = month.moved(1).first + timedelta(days=days)
    return datetime(day.year, day.month, day.day, OCLOCK, tzinfo=zone).astimezone(UTC)
