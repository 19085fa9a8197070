"""Replies that need a person: held for approval, refused by the network, or known to nobody; and one of them in full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.moderation.log import LogEntry
from forum.outbox.deciding import Decision, Seen, decisions
from forum.outbox.delivery import Delivery, Kind, State
from forum.people.account import Account
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post
from forum.threads.thread import Thread

PAGE = 20


class Which(StrEnum):
    """The lists of the page."""

    HELD = "held"
    TROUBLE = "trouble"
    UNCERTAIN = "uncertain"
    SENT = "sent"
    DECLINED = "declined"  # by a person, who may take it up again


STATES: Mapping[Which, tuple[State, ...]] = {
    Which.HELD: (State.HELD,),
    Which.TROUBLE: (State.FAILED, State.PARKED),
    Which.UNCERTAIN: (State.UNCERTAIN,),
    Which.SENT: (State.SENT,),
    Which.DECLINED: (State.CANCELLED,),
}
SETTLED = frozenset({Which.SENT, Which.DECLINED})  # lists that wait for nobody, and so are not counted


@dataclass(frozen=True)
class DeliveryRow:
    id: int
    kind: str  # reply | retraction
    state: str
    seen: str  # names what a decision is about
    decisions: Sequence[Decision]
    made_at: datetime
    due_at: datetime
    settled_at: datetime | None
    attempts: int
    words: str | None  # the network's own, or a rule's sentence
    text: str | None
    permalink: str | None
    network: str
    recipient: str
    recipient_name: str
    mention_text: str
    mention_permalink: str
    why_not: str | None
    thread_id: int
    thread_slug: str
    thread_title: str
    author_name: str  # of the answer
    standing_text: str | None  # of a retraction: the reply that is to be taken back
    standing_permalink: str | None
    policy: str | None  # of a retraction
    declined: bool  # by a person, who may take it up again
    refused_why: str | None


@dataclass(frozen=True)
class DeliveryPage:
    rows: Sequence[DeliveryRow]
    older: int | None  # the id before which the older ones stand


@dataclass(frozen=True)
class Step:
    """What a person did to a delivery."""

    who: str
    at: datetime
    step: str  # approved | edited | refused | taken_over | taken_up, or a decision
    why: str = ""
    before: str = ""  # the words that staff changed


def list_deliveries(session: Session, which: Which, before: int | None = None) -> DeliveryPage:
    """The newest first."""
    query = delivery_query().where(Delivery.state.in_(STATES[which])).order_by(Delivery.id.desc())
    if which == Which.DECLINED:
        query = query.where(Delivery.refused_why.is_not(None))
    if before is not None:
        query = query.where(Delivery.id < before)
    found = session.execute(query.limit(PAGE + 1)).all()
    rows = [delivery_row(row) for row in found[:PAGE]]
    return DeliveryPage(rows, rows[-1].id if len(found) > PAGE else None)


def count_waiting(session: Session) -> Mapping[Which, int]:
    """How many wait in each list that waits for a person."""
    kinds = (Kind.REPLY, Kind.RETRACTION)
    wanted = [state for which, states in STATES.items() if which not in SETTLED for state in states]
    counted = dict(
        session.execute(
            select(Delivery.state, func.count())
            .where(Delivery.kind.in_(kinds), Delivery.state.in_(wanted))
            .group_by(Delivery.state)
        ).all()
    )
    return {which: sum(counted.get(state, 0) for state in STATES[which]) for which in STATES if which not in SETTLED}


def one_delivery(session: Session, delivery_id: int) -> DeliveryRow | None:
    row = session.execute(delivery_query().where(Delivery.id == delivery_id)).first()
    return delivery_row(row) if row is not None else None


def steps_of(session: Session, delivery_ids: Sequence[int]) -> Mapping[int, Sequence[Step]]:
    """What people did to these deliveries, the first step first; one query."""
    abouts = {f"delivery:{one}": one for one in delivery_ids}
    rows = session.execute(
        select(LogEntry, Account.display_name)
        .join(Account, Account.id == LogEntry.by_id)
        .where(LogEntry.about.in_(list(abouts)))
        .order_by(LogEntry.id)
    )
    found: dict[int, list[Step]] = {}
    for entry, name in rows:
        found.setdefault(abouts[entry.about], []).append(_step(entry, name))
    return found


def _step(entry: LogEntry, name: str) -> Step:
    told = entry.details
    step = str(told.get("step") or told.get("decision"))
    return Step(name, entry.at, step, str(told.get("why") or ""), str(told.get("before") or ""))


def delivery_query() -> Select[*tuple[Any, ...]]:
    standing = aliased(Delivery)
    return (
        select(
            Delivery, Mention, Connection.title, Thread.slug, Thread.title.label("thread_title"),
            Account.display_name, Post.origin_author,
            standing.text.label("standing_text"), standing.permalink.label("standing_permalink"),
        )
        .join(Mention, Mention.id == Delivery.mention_id)
        .join(Connection, Connection.id == Mention.connection_id)
        .join(Thread, Thread.id == Delivery.thread_id)
        .join(Acceptance, Acceptance.id == Delivery.acceptance_id)
        .join(Post, Post.id == Acceptance.post_id)
        .outerjoin(Account, Account.id == Post.author_id)
        .outerjoin(standing, standing.id == Delivery.of_id)
        .where(Delivery.kind.in_((Kind.REPLY, Kind.RETRACTION)))
    )  # fmt: skip


def delivery_row(row: Any) -> DeliveryRow:
    delivery, mention = row.Delivery, row.Mention
    return DeliveryRow(
        id=delivery.id,
        kind=delivery.kind,
        state=delivery.state,
        seen=Seen.of(delivery).name,
        decisions=decisions(delivery.state),
        made_at=delivery.made_at,
        due_at=delivery.due_at,
        settled_at=delivery.settled_at,
        attempts=delivery.attempts,
        words=delivery.words,
        text=delivery.text,
        permalink=delivery.permalink,
        network=row.title,
        recipient="@" + mention.author_handle,
        recipient_name=mention.author_name,
        mention_text=mention.text,
        mention_permalink=mention.permalink,
        why_not=mention.why_not,
        thread_id=delivery.thread_id,
        thread_slug=row.slug,
        thread_title=row.thread_title,
        author_name=row.display_name or row.origin_author or "",
        standing_text=row.standing_text,
        standing_permalink=row.standing_permalink,
        policy=delivery.payload.get("policy") if delivery.kind == Kind.RETRACTION else None,
        declined=delivery.state == State.CANCELLED and delivery.refused_why is not None,
        refused_why=delivery.refused_why,
    )
