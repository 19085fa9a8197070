"""The views that one reader of the report keeps."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.ledger.report_view import SavedView
from forum.people.account import Account


def views_of(session: Session, owner: Account) -> Sequence[SavedView]:
    return session.scalars(select(SavedView).where(SavedView.account_id == owner.id).order_by(SavedView.name)).all()
