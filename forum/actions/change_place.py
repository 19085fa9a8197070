"""What every change of a member's place in the programme does: hold it, write it down, tell the member."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.tell import About, tell
from forum.kernel.database import lock
from forum.kernel.errors import Conflict
from forum.kernel.messages import Message
from forum.moderation.log import LogEntry
from forum.notices.events import PROGRAMME
from forum.people.account import Account
from forum.people.permissions import Act
from forum.superfans.grant import SuperfanGrant


def hold_place(session: Session, account: Account) -> SuperfanGrant:
    """The standing grant, with the account's row held. Raises Conflict where there is none."""
    lock(session, account)
    grant = session.scalar(
        select(SuperfanGrant)
        .where(SuperfanGrant.account_id == account.id, SuperfanGrant.ended_at.is_(None))
        .execution_options(populate_existing=True)
    )
    if grant is None:
        raise Conflict(Message("This member has no place in the programme."))
    return grant


def log_place(session: Session, account: Account, by: Account, what: str, now: datetime, why: str = "") -> LogEntry:
    details = {"superfan": what, **({"reason": why} if why else {})}
    about = f"account:{account.id}"
    entry = LogEntry(act=Act.NAME_SUPERFANS, about=about, by_id=by.id, at=now, details=details)
    session.add(entry)
    session.flush()
    return entry


def tell_place(
    session: Session, account: Account, key: str, details: Mapping[str, str], by: Account | None, now: datetime
) -> None:
    tell(
        session,
        account.id,
        PROGRAMME,
        About(key, by_id=by.id if by else None, details={"path": "/programme", **details}),
        now,
    )
