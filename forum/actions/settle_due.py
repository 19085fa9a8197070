"""Settle whatever has come to its day, and whatever something became known of since: one commit a batch, until nothing is left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session, sessionmaker

from forum.actions.qualify_claims import qualify_claims, review_claims
from forum.actions.settle_reader_weeks import qualify_reader_weeks, review_reader_weeks
from forum.kernel.database import writing
from forum.ledger.contact_keys import ContactKeys


def settle_due(
    sessions: sessionmaker[Session], zone: tzinfo, now: datetime, *, days: int, keys: ContactKeys | None
) -> int:
    """How many units were looked at. May be killed anywhere, and may run in several workers at once."""
    steps: tuple[Callable[[Session], int], ...] = (
        lambda session: qualify_claims(session, zone, now, days=days, keys=keys),
        lambda session: qualify_reader_weeks(session, zone, now),
        lambda session: review_claims(session, zone, now),
        lambda session: review_reader_weeks(session, zone, now),
    )
    return sum(_until_none(sessions, step) for step in steps)


def _until_none(sessions: sessionmaker[Session], step: Callable[[Session], int]) -> int:
    settled = 0
    while True:
        with writing(), sessions.begin() as session:
            done = step(session)
        if done == 0:
            return settled
        settled += done
