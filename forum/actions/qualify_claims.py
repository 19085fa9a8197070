"""Let the claims whose days have passed qualify into ledger entries, or lapse with their reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, tzinfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from forum.ledger.claim import Claim, Kind, Outcome
from forum.ledger.claiming import lapse
from forum.ledger.deciding import Evidence, ripe_at, why_it_lapses
from forum.ledger.entry import Entry
from forum.listening.mention import Mention, Word
from forum.outbox.delivery import Delivery
from forum.outbox.delivery import Kind as DeliveryKind
from forum.threads.post import Post

BATCH = 500


def qualify_claims(session: Session, zone: tzinfo, now: datetime, *, days: int = 7) -> int:
    """How many claims were decided; each row is taken by one worker, decided once, and writes at most one entry.

    `days` is how long an asker on a network may come back after the answer reached them; a claim whose answer went out
    late waits for them. What happened after a claim's day is no evidence, so a late worker decides as a punctual one.
    """
    due = (
        select(Claim)
        .where(Claim.decided_at.is_(None), Claim.due_at <= now)
        .order_by(Claim.due_at, Claim.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    decided = [_decide(session, claim, zone, now, days) for claim in session.scalars(due).all()]
    session.flush()
    return sum(decided)


def _decide(session: Session, claim: Claim, zone: tzinfo, now: datetime, days: int) -> bool:
    """False where the claim has to wait longer."""
    reply = _reply(session, claim) if claim.kind == Kind.SOCIAL else Evidence()
    claim.due_at = ripe_at(claim, reply, days, now)
    if claim.due_at > now:
        return False
    reason = why_it_lapses(claim, _evidence(session, claim, reply))
    if reason is not None:
        lapse(claim, reason, now)
    else:
        claim.decided_at, claim.outcome = now, Outcome.QUALIFIED
        session.add(_entry(claim, zone, now))
    return True


def _reply(session: Session, claim: Claim) -> Evidence:
    found = session.execute(
        select(Delivery.state, Delivery.settled_at).where(
            Delivery.acceptance_id == claim.acceptance_id,
            Delivery.mention_id == claim.mention_id,
            Delivery.kind == DeliveryKind.REPLY,
        )
    ).first()
    return Evidence(reply=found.state, replied_at=found.settled_at) if found else Evidence()


def _evidence(session: Session, claim: Claim, reply: Evidence) -> Evidence:
    staff = select(Post.id).where(Post.thread_id == claim.thread_id, Post.by_staff)
    asked_by_staff = _is_there(session, staff.where(Post.number == 1))
    if claim.kind != Kind.SOCIAL:
        return Evidence(asked_by_staff=asked_by_staff)
    return replace(
        reply,
        asked_by_staff=asked_by_staff,
        agent_replied=_is_there(session, staff.where(Post.created_at <= claim.due_at)),
        came_back=_is_there(session, _came_back(claim)),
    )


def _came_back(claim: Claim) -> Select[int]:
    """Whoever asked in this very conversation: a thread may hold the mentions of many, and each speaks for themselves."""
    asked = aliased(Mention)
    return (
        select(Mention.id)
        .join(
            asked,
            (asked.connection_id == Mention.connection_id)
            & (asked.conversation_id == Mention.conversation_id)
            & (asked.author_id == Mention.author_id),
        )
        .where(
            asked.id == claim.mention_id,
            Mention.word == Word.UNSOLVED,
            Mention.created_at >= claim.opened_at,
            Mention.created_at <= claim.due_at,
        )
    )


def _is_there(session: Session, query: Select[int]) -> bool:
    return session.scalar(query.limit(1)) is not None


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
