"""Bring what the ledger says of claims to what is known of them now; safe to run at any time, any number of times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from forum.actions.weigh_claims import weigh_claims
from forum.ledger.booking import settle
from forum.ledger.claim import Claim, Outcome


def settle_claims(
    session: Session, claims: Sequence[Claim], zone: tzinfo, now: datetime, *, at: datetime | None
) -> int:
    """How many rows the ledger got. The caller holds the claims' rows, each of which has come to its day.

    `at` is when what led here was recorded; None: a claim's own day, or for a decided one the time it is marked with.
    """
    session.flush()
    settlements = weigh_claims(session, claims, zone, at=at)
    for claim, found in zip(claims, settlements, strict=True):
        qualifies = found.wanted is not None
        claim.outcome, claim.reason = (Outcome.QUALIFIED, None) if qualifies else (Outcome.LAPSED, found.why)
        claim.decided_at = claim.decided_at or now
        claim.review_from = None  # all that is known by now was weighed
    return settle(session, settlements, zone, now)
