"""Name somebody a superfan, and end that again. A rank can make one too: see settle_rights."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.change_place import tell_place
from forum.actions.invite_superfan import open_invitation
from forum.actions.settle_rights import settle_rights
from forum.kernel.database import lock
from forum.kernel.errors import Conflict
from forum.kernel.messages import Message
from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import RIGHTS, Act, require
from forum.people.roles import Role
from forum.superfans.grant import SuperfanGrant

LONGEST_REASON = 300


def name_superfan(session: Session, account: Account, by: Account, *, reason: str = "", now: datetime) -> SuperfanGrant:
    """Naming twice gives the grant that stands. An invitation that waits has no use any more and is withdrawn."""
    require(by, Act.NAME_SUPERFANS)
    lock(session, account)
    if (standing := _standing(session, account)) is not None:
        return standing
    if account.role != Role.CUSTOMER or account.closed_at is not None:
        raise Conflict(Message("Only a customer can be a superfan."))
    grant = SuperfanGrant(
        account_id=account.id, given_by_id=by.id, given_at=now, rights=list(RIGHTS), reason=_short(reason)
    )
    session.add(grant)
    if (waiting := open_invitation(session, account, now)) is not None:
        waiting.answer, waiting.answered_at = "withdrawn", now
    session.flush()
    settle_rights(session, account, now)
    _log(session, account, by, {"superfan": "named", "reason": _short(reason)}, now)
    tell_place(session, account, f"grant:{grant.id}:named", {"step": "joined"}, by, now)
    return grant


def end_superfan(session: Session, account: Account, by: Account, *, reason: str = "", now: datetime) -> bool:
    """The grant stays as a row that says who ended it and when. False where none stands."""
    require(by, Act.NAME_SUPERFANS)
    lock(session, account)
    grant = _standing(session, account)
    if grant is None:
        return False
    grant.ended_at, grant.ended_by_id = now, by.id
    session.flush()
    settle_rights(session, account, now)
    _log(session, account, by, {"superfan": "ended", "reason": _short(reason)}, now)
    tell_place(session, account, f"grant:{grant.id}:ended", {"step": "ended", "why": _short(reason)}, by, now)
    return True


def _standing(session: Session, account: Account) -> SuperfanGrant | None:
    return session.scalar(
        select(SuperfanGrant).where(SuperfanGrant.account_id == account.id, SuperfanGrant.ended_at.is_(None))
    )


def _log(session: Session, account: Account, by: Account, details: dict[str, str], now: datetime) -> None:
    session.add(LogEntry(act=Act.NAME_SUPERFANS, about=f"account:{account.id}", by_id=by.id, at=now, details=details))
    session.flush()


def _short(reason: str) -> str:
    return " ".join(reason.replace("\x00", "").split())[:LONGEST_REASON]
