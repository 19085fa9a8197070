"""Promote a superfan: probation ends and answers to mentions go out at once. By staff, or by itself after two weeks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from forum.actions.change_place import hold_place, log_place, tell_place
from forum.actions.settle_rights import settle_rights
from forum.kernel.database import lock
from forum.outbox.delivery import Delivery, Kind, State
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.superfans.grant import SuperfanGrant
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post


def promote_superfan(session: Session, account: Account, by: Account, now: datetime) -> bool:
    """Before its time, or after it where something was declined. False for who is not on probation."""
    require(by, Act.NAME_SUPERFANS)
    grant = hold_place(session, account)
    if grant.probation_until is None or grant.promoted_at is not None:
        return False
    _promote(session, account, grant, by, now)
    log_place(session, account, by, "promoted", now)
    return True


def promote_due(session: Session, now: datetime, most: int = 50) -> int:
    """Whose probation is over and who had nothing declined in it; how many were promoted. Run it as often as you like.

    Where something was declined a person decides. Nobody is promoted while paused.
    """
    found = select(SuperfanGrant.id, SuperfanGrant.account_id).join(Account, Account.id == SuperfanGrant.account_id)
    found = found.where(
        Account.closed_at.is_(None),
        SuperfanGrant.probation_until <= now,
        SuperfanGrant.promoted_at.is_(None),
        SuperfanGrant.ended_at.is_(None),
        SuperfanGrant.paused_at.is_(None),
        ~_declined_in_probation(),
    )
    promoted = 0
    for grant_id, account_id in session.execute(found.order_by(SuperfanGrant.account_id).limit(most)).all():
        account = session.get_one(Account, account_id)
        lock(session, account)
        grant = session.get_one(SuperfanGrant, grant_id, populate_existing=True)
        if account.closed_at is None and grant.promoted_at is grant.ended_at is grant.paused_at is None:
            _promote(session, account, grant, None, now)
            promoted += 1
    return promoted


def _promote(session: Session, account: Account, grant: SuperfanGrant, by: Account | None, now: datetime) -> None:
    grant.promoted_at, grant.promoted_by_id = now, by.id if by else None
    session.flush()
    settle_rights(session, account, now)
    tell_place(session, account, f"grant:{grant.id}:promoted", {"step": "promoted"}, by, now)


def _declined_in_probation() -> ColumnElement[bool]:
    """A reply of theirs that staff decided not to send, or answered in the brand's name, since probation began."""
    return exists(
        select(Delivery.id)
        .join(Acceptance, Acceptance.id == Delivery.acceptance_id)
        .join(Post, Post.id == Acceptance.post_id)
        .where(
            Post.author_id == SuperfanGrant.account_id,
            Delivery.kind == Kind.REPLY,
            Delivery.settled_at >= SuperfanGrant.given_at,
            or_(
                and_(Delivery.state == State.CANCELLED, Delivery.refused_why.is_not(None)),
                Delivery.taken_over_by_id.is_not(None),
            ),
        )
    )
