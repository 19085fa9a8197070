"""Thank a member in the team's name, for a reason that they read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from forum.actions.tell import About, tell
from forum.kernel.errors import Conflict
from forum.kernel.messages import Message
from forum.moderation.log import LogEntry
from forum.notices.events import STAFF_THANKS
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.superfans.grant import Thanks
from forum.threads.writing import clean_text

LONGEST_REASON = 600


def thank_member(session: Session, account: Account, by: Account, *, reason: str, now: datetime) -> Thanks:
    """Raises Invalid without a reason, Conflict for oneself and for who left."""
    require(by, Act.THANK_MEMBERS)
    if account.id == by.id or account.closed_at is not None:
        raise Conflict(Message("This member cannot be thanked."))
    missing = Message("Please say for what: the member reads it.")
    why = clean_text(reason.strip(), "reason", LONGEST_REASON, missing=missing)
    thanks = Thanks(account_id=account.id, by_id=by.id, at=now, reason=why)
    session.add(thanks)
    session.flush()
    about, details = f"account:{account.id}", {"thanks": thanks.id}
    session.add(LogEntry(act=Act.THANK_MEMBERS, about=about, by_id=by.id, at=now, details=details))
    told = About(f"thanks:{thanks.id}", by_id=by.id, details={"reason": thanks.reason, "path": "/programme"})
    tell(session, account.id, STAFF_THANKS, told, now)
    session.flush()
    return thanks
