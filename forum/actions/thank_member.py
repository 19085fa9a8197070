"""Thank a member in the team's name, for a reason that they read."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.tell import About, tell
from forum.kernel.database import lock
from forum.kernel.errors import Conflict
from forum.kernel.messages import Message
from forum.moderation.log import LogEntry
from forum.notices.events import STAFF_THANKS
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.superfans.grant import Thanks
from forum.threads.writing import clean_text

LONGEST_REASON = 600
SENT_TWICE_WITHIN = timedelta(hours=1)  # the same words again are the same thanks


def thank_member(session: Session, account: Account, by: Account, *, reason: str, now: datetime) -> Thanks:
    """A form that is sent twice thanks once. Raises Invalid without a reason, Conflict for oneself and for who left."""
    require(by, Act.THANK_MEMBERS)
    if account.id == by.id or account.closed_at is not None:
        raise Conflict(Message("This member cannot be thanked."))
    missing = Message("Please say for what: the member reads it.")
    why = clean_text(reason.strip(), "reason", LONGEST_REASON, missing=missing)
    lock(session, account)
    if (standing := _just_thanked(session, account, by, why, now)) is not None:
        return standing
    thanks = Thanks(account_id=account.id, by_id=by.id, at=now, reason=why)
    session.add(thanks)
    session.flush()
    about, details = f"account:{account.id}", {"thanks": thanks.id}
    session.add(LogEntry(act=Act.THANK_MEMBERS, about=about, by_id=by.id, at=now, details=details))
    told = About(f"thanks:{thanks.id}", by_id=by.id, details={"reason": thanks.reason, "path": "/programme"})
    tell(session, account.id, STAFF_THANKS, told, now)
    session.flush()
    return thanks


def _just_thanked(session: Session, account: Account, by: Account, why: str, now: datetime) -> Thanks | None:
    same = select(Thanks).where(Thanks.account_id == account.id, Thanks.by_id == by.id, Thanks.reason == why)
    return session.scalars(same.where(Thanks.at > now - SENT_TWICE_WITHIN).limit(1)).first()
