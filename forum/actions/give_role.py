"""Give somebody a role."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.give_points import review_soon
from forum.kernel.errors import Conflict, Invalid
from forum.kernel.messages import Message
from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.people.roles import Role


def give_role(session: Session, account: Account, role: str, by: Account, now: datetime) -> None:
    """Nobody changes their own role, so at least one admin always stays."""
    if role not in set(Role):
        raise Invalid(Message("There is no such role."), {"role": Message("There is no such role.")})
    require(by, Act.GIVE_ROLES)
    _hold_admins(session)
    session.refresh(by)
    session.refresh(account)
    require(by, Act.GIVE_ROLES)  # once more: two admins may have taken the role from each other at once
    if account.id == by.id:
        raise Conflict(Message("Another admin has to change your own role."))
    if account.role == role:
        return
    details = {"before": str(account.role), "after": str(role)}
    account.role = Role(role)
    session.add(LogEntry(act=Act.GIVE_ROLES, about=f"account:{account.id}", by_id=by.id, at=now, details=details))
    session.flush()
    review_soon(session, [account.id], now)


def _hold_admins(session: Session) -> None:
    session.scalars(select(Account.id).where(Account.role == Role.ADMIN).order_by(Account.id).with_for_update()).all()
