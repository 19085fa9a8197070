"""Finish what a verdict on many kudos began: a worker voids or restores the rest, a batch a commit, so no page waits for it.

The verdict stands in the suspicion; this brings its kudos to it. Safe to run twice and to kill anywhere.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.raise_suspicion import TURN
from forum.actions.void_kudos import AT_ONCE, kudos_inside, restore_kudos, void_kudos
from forum.kernel.database import take_turns
from forum.superfans.suspicion import Suspicion, SuspicionState
from forum.threads.post import Kudos

LATELY = timedelta(days=7)  # verdicts that may still be unfinished


def finish_settling(session: Session, now: datetime) -> int:
    """How many kudos followed their verdict now; 0 once all have."""
    take_turns(session, TURN)
    undone = (
        select(Suspicion)
        .where(Suspicion.state != SuspicionState.VOIDED)
        .where(Suspicion.id.in_(select(Kudos.voided_by).where(Kudos.voided_by.is_not(None))))
        .order_by(Suspicion.id)
        .limit(1)
    )
    if (suspicion := session.scalars(undone).one_or_none()) is not None:
        return restore_kudos(session, suspicion, now)
    voided = (
        select(Suspicion)
        .where(Suspicion.state == SuspicionState.VOIDED, Suspicion.settled_by_id.is_not(None))
        .where(Suspicion.settled_at >= now - LATELY)
        .order_by(Suspicion.id)
    )
    for suspicion in session.scalars(voided).all():
        if rest := kudos_inside(session, suspicion)[:AT_ONCE]:
            return void_kudos(session, suspicion, rest, now)
    return 0
