"""Pin a badge to one's own profile, at most three, and take it down."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.kernel.database import lock
from forum.kernel.errors import Conflict, NotFound
from forum.kernel.messages import Message
from forum.people.account import Account
from forum.superfans.badge import BadgeAward

MOST = 3


def pin_badge(session: Session, award_id: int, by: Account, now: datetime) -> None:
    """Pinning what is pinned changes nothing."""
    lock(session, by)  # two at once must not make it four
    award = own_award(session, award_id, by)
    if award.pinned_at is not None:
        return
    pinned = select(func.count()).select_from(BadgeAward).where(
        BadgeAward.account_id == by.id, BadgeAward.pinned_at.is_not(None), BadgeAward.revoked_at.is_(None)
    )  # fmt: skip
    if (session.scalar(pinned) or 0) >= MOST:
        raise Conflict(Message("Three badges are pinned already. Take one down first."))
    award.pinned_at = now
    session.flush()


def unpin_badge(session: Session, award_id: int, by: Account) -> None:
    own_award(session, award_id, by).pinned_at = None
    session.flush()


def own_award(session: Session, award_id: int, by: Account) -> BadgeAward:
    """Somebody else's is as if it were not there."""
    award = session.get(BadgeAward, award_id)
    if award is None or award.account_id != by.id or award.revoked_at is not None:
        raise NotFound(Message("You have no such badge."))
    return award
