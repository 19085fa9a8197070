"""What should stand in the ledger for claims, from the events alone: asked by whoever settles them and by whoever audits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import Row, and_, exists, select
from sqlalchemy.orm import Session, aliased

from forum.kernel.database import numbers
from forum.ledger.booking import Settlement, Unit, Wanted
from forum.ledger.claim import Claim, Kind, Reason
from forum.ledger.contact import Contact, ContactFile, ContactMatch, FileState
from forum.ledger.deciding import Evidence, covers, grade_of, why_it_lapses
from forum.ledger.entry import HERE
from forum.listening.connection import Connection
from forum.listening.mention import Mention, Word
from forum.outbox.delivery import Delivery
from forum.outbox.delivery import Kind as DeliveryKind
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post
from forum.threads.thread import Thread


def weigh_claims(
    session: Session, claims: Sequence[Claim], zone: tzinfo, *, at: datetime | None = None
) -> list[Settlement]:
    """`at` is when what led here was recorded; None: a claim's own day, or for a decided one the time it is marked with."""
    if not claims:
        return []
    facts = _facts(session, claims)
    spans = covered_days(session)
    settlements = []
    for claim in claims:
        row = facts[claim.id]
        evidence = _evidence(claim, row, spans, zone)
        why = why_it_lapses(claim, evidence)
        wanted = None if why is not None else _wanted(claim, evidence, row, zone)
        marked = claim.review_from if claim.decided_at is not None else None
        unit = Unit(claim.basis, claim_id=claim.id)
        settlements.append(Settlement(unit, wanted, why or Reason.REGRADED, at or marked or claim.due_at))
    return settlements


def covered_days(session: Session) -> Sequence[tuple[date, date]]:
    """The spans of days, both ends included, that contact data knows in full."""
    rows = session.execute(
        select(ContactFile.covers_from, ContactFile.covers_until).where(
            ContactFile.state == FileState.IMPORTED, ContactFile.covers_from.is_not(None)
        )
    )
    return [(first, last) for first, last in rows if first is not None and last is not None]


def _wanted(claim: Claim, evidence: Evidence, row: Row[Any], zone: tzinfo) -> Wanted:
    said_yes = claim.kind == Kind.DIRECT and claim.intent == "yes"
    return Wanted(
        kind=claim.kind,
        grade=grade_of(claim, evidence),
        thread_id=claim.thread_id,
        mention_id=claim.mention_id,
        acceptance_id=claim.acceptance_id,
        board_id=row.board_id,
        network=row.network or HERE,
        language=row.language or "",
        intent="yes" if said_yes else "",
        channel=(claim.channel or "") if said_yes else "",
        valued_on=claim.due_at.astimezone(zone).date(),
    )


def _evidence(claim: Claim, row: Row[Any], spans: Sequence[tuple[date, date]], zone: tzinfo) -> Evidence:
    days = claim.opened_at.astimezone(zone).date(), claim.due_at.astimezone(zone).date()
    social = claim.kind == Kind.SOCIAL
    return Evidence(
        asked_by_staff=row.asked_by_staff,
        agent_replied=social and row.agent_replied,
        came_back=social and row.came_back,
        reply=row.reply,
        replied_at=row.replied_at,
        withdrawn=row.withdrawn_at is not None,
        contacted=row.contacted,
        covered=covers(spans, *days),
    )


def _facts(session: Session, claims: Sequence[Claim]) -> Mapping[int, Any]:
    """One query for all of them."""
    reply, back, staff = aliased(Delivery), aliased(Mention), aliased(Post)
    by_staff = and_(staff.thread_id == Claim.thread_id, staff.by_staff)
    came_back = exists().where(  # in this very conversation: each of a thread's askers speaks for themselves
        back.connection_id == Mention.connection_id,
        back.conversation_id == Mention.conversation_id,
        back.author_id == Mention.author_id,
        back.word == Word.UNSOLVED,
        back.created_at >= Claim.opened_at,
        back.created_at <= Claim.due_at,
    )
    contacted = (
        select(ContactMatch.id)
        .join(Contact, Contact.id == ContactMatch.contact_id)
        .join(ContactFile, ContactFile.id == Contact.file_id)
        .where(ContactMatch.claim_id == Claim.id, ContactFile.state != FileState.WITHDRAWN)
        .correlate(Claim)
        .exists()
    )
    rows = session.execute(
        select(
            Claim.id, Thread.board_id, Thread.language, Connection.kind.label("network"), Acceptance.withdrawn_at,
            reply.state.label("reply"), reply.settled_at.label("replied_at"), came_back.label("came_back"),
            exists().where(by_staff, staff.number == 1).label("asked_by_staff"),
            exists().where(by_staff, staff.created_at <= Claim.due_at).label("agent_replied"),
            contacted.label("contacted"),
        )
        .join(Thread, Thread.id == Claim.thread_id)
        .join(Acceptance, Acceptance.id == Claim.acceptance_id)
        .outerjoin(Mention, Mention.id == Claim.mention_id)
        .outerjoin(Connection, Connection.id == Mention.connection_id)
        .outerjoin(reply, and_(reply.acceptance_id == Claim.acceptance_id, reply.mention_id == Claim.mention_id, reply.kind == DeliveryKind.REPLY))
        .where(Claim.id.in_(numbers(claim.id for claim in claims)))
    )  # fmt: skip
    found: dict[int, Any] = {row.id: row for row in rows}
    return found
