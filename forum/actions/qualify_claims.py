"""Let the claims whose days have passed qualify into ledger entries, or lapse with their reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.match_contacts import hold_contacts, match_claims
from forum.actions.settle_claims import settle_claims
from forum.kernel.database import numbers
from forum.ledger.claim import Claim, Kind
from forum.ledger.contact_keys import ContactKeys
from forum.ledger.deciding import Evidence, ripe_at
from forum.outbox.delivery import Delivery
from forum.outbox.delivery import Kind as DeliveryKind

BATCH = 500


def qualify_claims(
    session: Session, zone: tzinfo, now: datetime, *, days: int = 7, keys: ContactKeys | None = None
) -> int:
    """How many claims were decided; each row is taken by one worker, decided once, and writes at most one entry.

    `days` is how long an asker on a network may come back after the answer reached them; a claim whose answer went out
    late waits for them. What happened after a claim's day is no evidence, so a late worker decides as a punctual one.
    With `keys`, contacts that were there before the claim are found now; those that come later find the claim.
    """
    hold_contacts(session, shared=True)
    due = (
        select(Claim)
        .where(Claim.decided_at.is_(None), Claim.due_at <= now)
        .order_by(Claim.due_at, Claim.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    claims = session.scalars(due).all()
    replies = _replies(session, claims)
    for claim in claims:
        claim.due_at = ripe_at(claim, replies.get(claim.id, Evidence()), days, now)
    ripe = [claim for claim in claims if claim.due_at <= now]
    if keys is not None:
        match_claims(session, [claim.id for claim in ripe], keys, zone, now)
    settle_claims(session, ripe, zone, now, at=None)
    session.flush()
    return len(ripe)


def review_claims(session: Session, zone: tzinfo, now: datetime) -> int:
    """Settle one batch of decided claims of which something became known since; how many there were."""
    hold_contacts(session, shared=True)
    marked = (
        select(Claim)
        .where(Claim.review_from.is_not(None), Claim.decided_at.is_not(None))
        .order_by(Claim.review_from, Claim.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    claims = session.scalars(marked).all()
    settle_claims(session, claims, zone, now, at=None)
    session.flush()
    return len(claims)


def _replies(session: Session, claims: Sequence[Claim]) -> Mapping[int, Evidence]:
    rows = session.execute(
        select(Claim.id, Delivery.state, Delivery.settled_at)
        .join(Delivery, (Delivery.acceptance_id == Claim.acceptance_id) & (Delivery.mention_id == Claim.mention_id))
        .where(
            Claim.id.in_(numbers(claim.id for claim in claims if claim.kind == Kind.SOCIAL)),
            Delivery.kind == DeliveryKind.REPLY,
        )
    )
    return {claim_id: Evidence(reply=state, replied_at=settled_at) for claim_id, state, settled_at in rows}
