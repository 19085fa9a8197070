"""Note in the log that somebody looked at finance's report: once an hour and person is enough to know who did."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import Act

ABOUT = "report:deflection"
ONCE_IN = timedelta(hours=1)


def is_noted(session: Session, by: Account, now: datetime) -> bool:
    """Whether this hour's view stands in the log already, so that most views write nothing."""
    noted = select(LogEntry.id).where(
        LogEntry.act == Act.SEE_DEFLECTION_REPORT,
        LogEntry.about == ABOUT,
        LogEntry.by_id == by.id,
        LogEntry.at > now - ONCE_IN,
    )
    return session.scalar(noted.limit(1)) is not None


def note_report_view(session: Session, by: Account, now: datetime) -> None:
    """Two views at once wait for each other on the viewer's own row, so that one of them writes."""
    session.execute(select(Account.id).where(Account.id == by.id).with_for_update())
    if not is_noted(session, by, now):
        session.add(LogEntry(act=Act.SEE_DEFLECTION_REPORT, about=ABOUT, by_id=by.id, at=now, details={}))
        session.flush()
