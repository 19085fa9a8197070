"""The rule by which a claim qualifies or lapses, from its evidence alone; the daily job and the report both ask it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from forum.ledger.claim import Claim, Kind, Reason

UNDER_WAY = frozenset({"waiting", "sending", "uncertain"})  # a reply that a worker will still settle
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Evidence:
    """What happened around a claim until its day. `reply` is the mirrored reply's state, None where there is none."""

    asked_by_staff: bool = False
    agent_replied: bool = False
    came_back: bool = False  # whoever asked on the network wrote there that it is not solved
    reply: str | None = None
    replied_at: datetime | None = None


def why_it_lapses(claim: Claim, evidence: Evidence) -> Reason | None:
    """None: it qualifies, as far as is known."""
    if evidence.asked_by_staff:
        return Reason.ASKED_BY_STAFF
    if claim.kind == Kind.DIRECT and claim.intent == "no":
        return Reason.WOULD_NOT_HAVE_CONTACTED
    if claim.kind != Kind.SOCIAL:
        return None
    if evidence.agent_replied:
        return Reason.AGENT_REPLIED
    if evidence.came_back:
        return Reason.CAME_BACK_UNSOLVED
    return None if evidence.reply == "sent" else Reason.NOT_MIRRORED


def ripe_at(claim: Claim, evidence: Evidence, days: int, now: datetime) -> datetime:
    """When a claim may be decided, never before the day it already has.

    Whoever asked elsewhere has the same days to come back, from the moment at which the answer reached them. A reply
    that is under way is waited for; one that waits for a person is not.
    """
    if claim.kind == Kind.SOCIAL and evidence.reply in UNDER_WAY:
        return max(claim.due_at, now + DAY)
    if claim.kind == Kind.SOCIAL and evidence.reply == "sent" and evidence.replied_at is not None:
        return max(claim.due_at, evidence.replied_at + timedelta(days=days))
    return claim.due_at
