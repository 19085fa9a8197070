"""Claiming a delivery and settling it: each a conditional update whose row count tells who won.

A claim is a lease with a fence: whoever settles must still hold it. A delivery found `sending` after its lease, or
`uncertain`, may have taken effect; whoever claims it next has to read back before sending again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import CursorResult, and_, or_, select, update
from sqlalchemy.orm import Session

from forum.outbox.delivery import LEASE, TRANSITIONS, Delivery, Kind, State

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)
MOST_ATTEMPTS = 20


@dataclass(frozen=True)
class Claim:
    """The right to send one delivery until its lease ends. `read_back`: it may have been sent already."""

    delivery_id: int
    fence: str
    read_back: bool


def due(session: Session, kinds: Sequence[Kind], now: datetime, limit: int) -> Sequence[int]:
    """The ids of deliveries that somebody should claim now, the oldest first."""
    found = (
        select(Delivery.id)
        .where(Delivery.kind.in_(kinds), Delivery.due_at <= now, _claimable(now))
        .order_by(Delivery.due_at, Delivery.id)
        .limit(limit)
    )
    return session.scalars(found).all()


def claim(session: Session, delivery_id: int, now: datetime) -> Claim | None:
    """Take the delivery for a lease, or None where another has it or nothing is due."""
    delivery = session.get(Delivery, delivery_id, populate_existing=True)
    if delivery is None:
        return None
    seen = delivery.state
    fence = str(uuid4())
    taken = session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == seen, Delivery.due_at <= now, _claimable(now))
        .where(Delivery.claim.is_(None) if delivery.claim is None else Delivery.claim == delivery.claim)
        .values(state=State.SENDING, claim=fence, lease_until=now + LEASE, attempts=Delivery.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    if _rows(taken) == 0:
        return None
    session.refresh(delivery)
    return Claim(delivery_id, fence, read_back=seen != State.WAITING)


def renew(session: Session, claim: Claim, now: datetime, **facts: Any) -> bool:
    """Begin the lease anew, just before the network is asked for something; False where it has passed to another."""
    renewed = session.execute(
        update(Delivery)
        .where(Delivery.id == claim.delivery_id, Delivery.claim == claim.fence, Delivery.state == State.SENDING)
        .values(lease_until=now + LEASE, **facts)
        .execution_options(synchronize_session=False)
    )
    return _rows(renewed) == 1


def settle(session: Session, claim: Claim, state: State, now: datetime, **facts: Any) -> bool:
    """Write the outcome of a claimed delivery; False where the lease has passed to somebody else meanwhile."""
    if state not in TRANSITIONS[State.SENDING]:
        raise ValueError(f"a delivery does not go from sending to {state}")
    settled = session.execute(
        update(Delivery)
        .where(Delivery.id == claim.delivery_id, Delivery.claim == claim.fence, Delivery.state == State.SENDING)
        .values(state=state, settled_at=now, lease_until=None, **facts)
        .execution_options(synchronize_session="fetch")
    )
    return _rows(settled) == 1


def put_back(session: Session, claim: Claim, now: datetime) -> None:
    """Leave a claimed delivery as it was, for its connection is paused. Nothing was tried, so it counts as no attempt."""
    state = State.UNCERTAIN if claim.read_back else State.WAITING
    settle(session, claim, state, now, due_at=now + LONGEST_PAUSE, attempts=Delivery.attempts - 1)


def hasten_retraction(session: Session, claim: Claim, now: datetime) -> None:
    """The reply is settled, so a retraction that waited for that need not wait for the lease's end."""
    session.execute(
        update(Delivery)
        .where(Delivery.of_id == claim.delivery_id, Delivery.state == State.WAITING, Delivery.due_at > now)
        .values(due_at=now)
        .execution_options(synchronize_session=False)
    )


def call_back(session: Session, delivery: Delivery, now: datetime) -> bool:
    """Cancel a delivery that surely has not left; False where it may have."""
    cancelled = session.execute(
        update(Delivery)
        .where(Delivery.id == delivery.id, Delivery.state.in_((State.HELD, State.WAITING, State.FAILED)))
        .values(state=State.CANCELLED, settled_at=now)
        .execution_options(synchronize_session="fetch")
    )
    return _rows(cancelled) == 1


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: five seconds, doubling, at most an hour."""
    return min(FIRST_PAUSE * 2 ** max(attempts - 1, 0), LONGEST_PAUSE) if attempts < 20 else LONGEST_PAUSE


def _claimable(now: datetime) -> Any:
    return or_(
        Delivery.state.in_((State.WAITING, State.UNCERTAIN)),
        and_(Delivery.state == State.SENDING, Delivery.lease_until < now),
    )


def _rows(result: Any) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
