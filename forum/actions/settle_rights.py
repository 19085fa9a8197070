"""Bring a member's rights and superfan status to what rank and grant say: the one place where they are written."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.people.account import Account
from forum.people.permissions import RIGHTS, Act
from forum.people.roles import Role
from forum.superfans.grant import SuperfanGrant
from forum.superfans.rank import Rank


def settle_rights(session: Session, account: Account, now: datetime) -> None:
    """The caller holds the account's row.

    A pause rests all rights, those of the rank too; on probation answers to mentions wait for approval whatever the rank says.
    Being in the programme, or holding a rank that carries any right, makes a superfan; staff have their role's rights instead.
    """
    grant = session.scalar(
        select(SuperfanGrant).where(SuperfanGrant.account_id == account.id, SuperfanGrant.ended_at.is_(None))
    )
    rank = session.get(Rank, account.rank_id) if account.rank_id is not None else None
    given = set(rank.rights if rank else ()) | set(grant.rights if grant else ())
    counts = account.role == Role.CUSTOMER and account.closed_at is None
    is_superfan = counts and not (grant and grant.paused_at) and bool(grant or given)
    if grant is not None and grant.probation_until is not None and grant.promoted_at is None:
        given.discard(Act.SEND_WITHOUT_APPROVAL)
    account.rights = [act.value for act in RIGHTS if act in given] if is_superfan else []
    if not is_superfan:
        account.superfan_since = None
    elif account.superfan_since is None:
        account.superfan_since = now
    session.flush()
