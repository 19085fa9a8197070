"""Let the claims whose days have passed qualify into ledger entries, or lapse with their reason."""

from __future__ import annotations

from datetime import datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.ledger.claim import Claim, Kind, Outcome, Reason
from forum.ledger.claiming import lapse
from forum.ledger.entry import Entry
from forum.listening.mention import Mention, Word
from forum.outbox.delivery import Delivery, State
from forum.outbox.delivery import Kind as DeliveryKind
from forum.threads.post import Post

BATCH = 500


def qualify_claims(session: Session, zone: tzinfo, now: datetime) -> int:
    """How many claims were decided; each row is taken by one worker, decided once, and writes at most one entry."""
    due = (
        select(Claim)
        .where(Claim.decided_at.is_(None), Claim.due_at <= now)
        .order_by(Claim.due_at, Claim.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    claims = session.scalars(due).all()
    for claim in claims:
        if (reason := _why_it_lapses(session, claim)) is not None:
            lapse(claim, reason, now)
        else:
            claim.decided_at, claim.outcome = now, Outcome.QUALIFIED
            session.add(_entry(claim, zone, now))
    session.flush()
    return len(claims)


def _why_it_lapses(session: Session, claim: Claim) -> Reason | None:
    if claim.kind == Kind.DIRECT and claim.intent == "no":
        return Reason.WOULD_NOT_HAVE_CONTACTED
    if claim.kind != Kind.SOCIAL:
        return None
    if not _is_mirrored(session, claim):
        return Reason.NOT_MIRRORED
    by_staff = select(Post.id).where(Post.thread_id == claim.thread_id, Post.by_staff).limit(1)
    if session.scalar(by_staff) is not None:
        return Reason.AGENT_REPLIED
    came_back = select(Mention.id).where(
        Mention.thread_id == claim.thread_id,
        Mention.word == Word.UNSOLVED,
        Mention.created_at >= claim.opened_at,
        Mention.created_at <= claim.due_at,
    )
    return Reason.CAME_BACK_UNSOLVED if session.scalar(came_back.limit(1)) is not None else None


def _is_mirrored(session: Session, claim: Claim) -> bool:
    sent = select(Delivery.id).where(
        Delivery.acceptance_id == claim.acceptance_id,
        Delivery.mention_id == claim.mention_id,
        Delivery.kind == DeliveryKind.REPLY,
        Delivery.state == State.SENT,
    )
    return session.scalar(sent.limit(1)) is not None


def _entry(claim: Claim, zone: tzinfo, now: datetime) -> Entry:
    """Contacts of the call centre are not matched yet, so what the asker said is the grade: stated, never checked."""
    return Entry(
        kind=claim.kind,
        grade="assisted" if claim.kind == Kind.ASSISTED else "stated",
        thread_id=claim.thread_id,
        mention_id=claim.mention_id,
        acceptance_id=claim.acceptance_id,
        claim_id=claim.id,
        day=now.astimezone(zone).date(),
        quantity=1,
        basis=claim.basis,
        created_at=now,
    )
