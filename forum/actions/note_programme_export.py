"""Note in the log that somebody took the list of superfans away as a file: figures about people leave the house."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import Act, require

ABOUT = "programme:superfans"
LONGEST_QUERY = 2000


def note_programme_export(session: Session, by: Account, *, form: str, query: str, now: datetime) -> None:
    """`form` is the file's ending; `query` what stood in the address."""
    require(by, Act.EXPORT_PROGRAMME)
    details = {"format": form, "query": query[:LONGEST_QUERY]}
    session.add(LogEntry(act=Act.EXPORT_PROGRAMME, about=ABOUT, by_id=by.id, at=now, details=details))
    session.flush()
