"""Revoke a badge that a member earned, and give it back. It is not earned again meanwhile."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from forum.kernel.database import lock
from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.superfans.badge import BadgeAward


def revoke_badge(session: Session, award: BadgeAward, by: Account, now: datetime) -> None:
    """Revoking what is revoked changes nothing."""
    require(by, Act.REVOKE_BADGES)
    lock(session, award)
    if award.revoked_at is None:
        award.revoked_at, award.revoked_by_id, award.pinned_at = now, by.id, None
        _log(session, award, by, "revoked", now)


def give_badge_back(session: Session, award: BadgeAward, by: Account, now: datetime) -> None:
    require(by, Act.REVOKE_BADGES)
    lock(session, award)
    if award.revoked_at is not None:
        award.revoked_at = award.revoked_by_id = None
        _log(session, award, by, "given back", now)


def _log(session: Session, award: BadgeAward, by: Account, word: str, now: datetime) -> None:
    details = {"badge": award.badge_id, "account": award.account_id, "number": award.number, "done": word}
    session.add(LogEntry(act=Act.REVOKE_BADGES, about=f"badge_award:{award.id}", by_id=by.id, at=now, details=details))
    session.flush()
