"""Note in the log that somebody looked at finance's report: who, at which page of it, with which filters, and when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import Act

ABOUT = "report:deflection"
LONGEST_QUERY = 2000


def note_report_view(session: Session, by: Account, *, page: str, query: str, now: datetime) -> None:
    """`page` is the address below the report's own; `query` the filters as they stand in it."""
    details = {"page": page, "query": query[:LONGEST_QUERY]}
    session.add(LogEntry(act=Act.SEE_DEFLECTION_REPORT, about=ABOUT, by_id=by.id, at=now, details=details))
    session.flush()
