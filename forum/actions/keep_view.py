"""Keep a filtered report under a name of one's own: save it, name it anew, have it mailed every month, let it go."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.kernel.errors import Conflict, Invalid
from forum.kernel.messages import Message
from forum.ledger.report_view import SavedView
from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import Act, require

LONGEST_NAME = 60
LONGEST_QUERY = 2000
MOST = 50  # views of one person


def save_view(session: Session, by: Account, *, name: str, query: str, now: datetime) -> SavedView:
    """`query` is the filters as they stand in the report's address, without its question mark."""
    require(by, Act.SEE_DEFLECTION_COUNTS)
    name = _checked(session, by, name, None)
    if len(query) > LONGEST_QUERY:
        raise Invalid(Message("This view was not saved."), {"query": Message("These filters are too long to keep.")})
    held = session.scalar(select(func.count()).select_from(SavedView).where(SavedView.account_id == by.id)) or 0
    if held >= MOST:
        raise Conflict(Message("You keep as many views as there can be. Let one go first."))
    view = SavedView(account_id=by.id, name=name, query=query, made_at=now)
    session.add(view)
    session.flush()
    _log(session, view, by, Act.SEE_DEFLECTION_COUNTS, "saved", now)
    return view


def rename_view(session: Session, view: SavedView, by: Account, *, name: str, now: datetime) -> None:
    require(by, Act.SEE_DEFLECTION_COUNTS)
    view.name = _checked(session, by, name, view)
    _log(session, view, by, Act.SEE_DEFLECTION_COUNTS, "renamed", now)


def delete_view(session: Session, view: SavedView, by: Account, now: datetime) -> None:
    require(by, Act.SEE_DEFLECTION_COUNTS)
    _log(session, view, by, Act.SEE_DEFLECTION_COUNTS, "deleted", now)
    session.delete(view)
    session.flush()


def mail_view(session: Session, view: SavedView, by: Account, now: datetime) -> None:
    """From now on it goes to its owner every month, with the PDF: so only who may export can ask for it."""
    require(by, Act.EXPORT_DEFLECTION)
    if view.mailed_since is None:
        view.mailed_since = now
        _log(session, view, by, Act.EXPORT_DEFLECTION, "mailed from now on", now)


def stop_mailing_view(session: Session, view: SavedView, by: Account, now: datetime) -> None:
    """Whoever lost the right to export may still stop the mail."""
    require(by, Act.SEE_DEFLECTION_COUNTS)
    if view.mailed_since is not None:
        view.mailed_since = None
        _log(session, view, by, Act.EXPORT_DEFLECTION, "mailed no longer", now)


def _checked(session: Session, by: Account, name: str, view: SavedView | None) -> str:
    name = " ".join(name.replace("\0", "").split())
    if not name or len(name) > LONGEST_NAME:
        sentence = Message("A name of 1 to %(most)s characters, please.", {"most": LONGEST_NAME})
        raise Invalid(Message("This view was not saved."), {"name": sentence})
    taken = session.scalar(select(SavedView.id).where(SavedView.account_id == by.id, SavedView.name == name))
    if taken is not None and (view is None or taken != view.id):
        sentence = Message("You have a view of this name already.")
        raise Invalid(Message("This view was not saved."), {"name": sentence})
    return name


def _log(session: Session, view: SavedView, by: Account, act: Act, did: str, now: datetime) -> None:
    session.add(LogEntry(act=act, about=f"saved_view:{view.id}", by_id=by.id, at=now, details={"did": did}))
    session.flush()
