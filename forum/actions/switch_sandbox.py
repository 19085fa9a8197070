"""Switch the sandbox's pages off and on; the row stands while they are off."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from forum.kernel.lease import Switch
from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import Act, require

SANDBOX_OFF = "sandbox_off"


def switch_sandbox(session: Session, by: Account, *, on: bool, now: datetime) -> None:
    """A second time changes nothing."""
    require(by, Act.SWITCH_SANDBOX)
    row = session.get(Switch, SANDBOX_OFF, with_for_update=True)
    if on == (row is None):
        return
    if row is not None:
        session.delete(row)
    else:
        session.add(Switch(name=SANDBOX_OFF, value="yes", changed_at=now, changed_by_id=by.id))
    details = {"sandbox": "on" if on else "off"}
    session.add(LogEntry(act=Act.SWITCH_SANDBOX, about="switch:sandbox", by_id=by.id, at=now, details=details))
    session.flush()
