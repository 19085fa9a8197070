"""Answer an invitation into the superfan programme: who accepts its terms begins with two weeks of probation."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from forum.actions.invite_superfan import open_invitation
from forum.actions.settle_rights import settle_rights
from forum.actions.tell import About, tell
from forum.kernel.database import lock
from forum.kernel.errors import Conflict
from forum.kernel.messages import Message
from forum.notices.events import PROGRAMME
from forum.people.account import Account
from forum.people.permissions import RIGHTS
from forum.people.roles import Role
from forum.superfans.grant import Invitation, SuperfanGrant

PROBATION = timedelta(days=14)


def accept_invitation(session: Session, account: Account, invitation_id: int, now: datetime) -> SuperfanGrant:
    """`invitation_id` is the one whose terms were read. Raises Conflict where it waits no more."""
    invitation = _held(session, account, invitation_id, now)
    if account.role != Role.CUSTOMER:
        raise Conflict(Message("Only a customer can be a superfan."))
    invitation.answer, invitation.answered_at = "accepted", now
    grant = SuperfanGrant(
        account_id=account.id, given_by_id=invitation.by_id, given_at=now, rights=list(RIGHTS),
        probation_until=now + PROBATION,
    )  # fmt: skip
    session.add(grant)
    session.flush()
    settle_rights(session, account, now)
    about = About(
        f"grant:{grant.id}:probation", by_id=invitation.by_id, details={"step": "joined", "path": "/programme"}
    )
    tell(session, account.id, PROGRAMME, about, now)
    return grant


def decline_invitation(session: Session, account: Account, invitation_id: int, now: datetime) -> None:
    """Raises Conflict where it waits no more."""
    invitation = _held(session, account, invitation_id, now)
    invitation.answer, invitation.answered_at = "declined", now
    session.flush()


def _held(session: Session, account: Account, invitation_id: int, now: datetime) -> Invitation:
    lock(session, account)
    invitation = open_invitation(session, account, now)
    if account.closed_at is not None or invitation is None or invitation.id != invitation_id:
        raise Conflict(Message("This invitation waits no more. If you would like to join, ask the team."))
    return invitation
