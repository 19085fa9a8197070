"""Note in the log that somebody took the report away as a file: which, of what, and when. Every one is noted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import Act, require

ABOUT = "report:deflection"
LONGEST_QUERY = 2000


def note_export(session: Session, by: Account, *, form: str, query: str, now: datetime) -> None:
    """`form` is the file's ending; `query` the filters as they stand in the address."""
    require(by, Act.EXPORT_DEFLECTION)
    details = {"format": form, "query": query[:LONGEST_QUERY]}
    session.add(LogEntry(act=Act.EXPORT_DEFLECTION, about=ABOUT, by_id=by.id, at=now, details=details))
    session.flush()
