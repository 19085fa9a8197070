"""Pause a superfan's rights for a reason that they read, and resume them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from forum.actions.change_place import hold_place, log_place, tell_place
from forum.actions.settle_rights import settle_rights
from forum.kernel.messages import Message
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.threads.writing import clean_reason

LONGEST_REASON = 300


def pause_superfan(session: Session, account: Account, by: Account, *, reason: str, now: datetime) -> bool:
    """All rights rest, those of a rank with them. Raises Invalid without a reason; False for who is paused already."""
    require(by, Act.NAME_SUPERFANS)
    why = clean_reason(reason, LONGEST_REASON, Message("Please say why: the member reads it."))
    grant = hold_place(session, account)
    if grant.paused_at is not None:
        return False
    grant.paused_at, grant.paused_by_id, grant.paused_why = now, by.id, why
    session.flush()
    settle_rights(session, account, now)
    entry = log_place(session, account, by, "paused", now, why)
    tell_place(session, account, f"grant:{grant.id}:paused:{entry.id}", {"step": "paused", "why": why}, by, now)
    return True


def resume_superfan(session: Session, account: Account, by: Account, now: datetime) -> bool:
    """Probation that was not over goes on to its old end. False for who is not paused."""
    require(by, Act.NAME_SUPERFANS)
    grant = hold_place(session, account)
    if grant.paused_at is None:
        return False
    grant.paused_at, grant.paused_by_id, grant.paused_why = None, None, ""
    session.flush()
    settle_rights(session, account, now)
    entry = log_place(session, account, by, "resumed", now)
    tell_place(session, account, f"grant:{grant.id}:resumed:{entry.id}", {"step": "resumed"}, by, now)
    return True
