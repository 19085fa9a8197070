"""The side of a thread that lies on a network: where it was asked, what the asker said there later, what went back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.outbox.delivery import Delivery, Kind, State


@dataclass(frozen=True)
class OriginView:
    """Where a thread was asked, or what the asker said there later."""

    mention_id: int
    network: str
    author_handle: str
    posted_at: datetime
    permalink: str
    opens_thread: bool
    word: str | None
    word_open: bool  # staff have not settled it yet
    why_not: str | None


@dataclass(frozen=True)
class DeliveryView:
    """One mirrored reply on its way, or its retraction."""

    id: int
    kind: str
    state: str
    network: str
    recipient: str
    at: datetime
    permalink: str | None
    words: str | None
    text: str | None
    of_id: int | None
    refused_why: str | None  # staff decided not to send it


def network_side(session: Session, thread_id: int) -> tuple[Sequence[OriginView], Sequence[DeliveryView]]:
    """The mentions of this thread and what went back to them; one query for both."""
    rows = session.execute(
        select(Mention, Connection.title, Delivery)
        .join(Connection)
        .outerjoin(
            Delivery,
            and_(
                Delivery.mention_id == Mention.id,
                Delivery.kind.in_((Kind.REPLY, Kind.RETRACTION)),
            ),
        )
        .where(Mention.thread_id == thread_id)
        .order_by(Mention.created_at, Mention.id)
    ).all()
    origins = {mention.id: _origin(mention, title) for mention, title, _delivery in rows}
    deliveries = [_delivery(delivery, mention, title) for mention, title, delivery in rows if delivery is not None]
    return list(origins.values()), sorted(deliveries, key=lambda one: one.id)


def _origin(mention: Mention, network: str) -> OriginView:
    return OriginView(
        mention_id=mention.id,
        network=network,
        author_handle="@" + mention.author_handle,
        posted_at=mention.created_at,
        permalink=mention.permalink,
        opens_thread=mention.opens_thread,
        word=mention.word,
        word_open=mention.word is not None and mention.word_settled_at is None,
        why_not=mention.why_not,
    )


def _delivery(row: Delivery, mention: Mention, network: str) -> DeliveryView:
    return DeliveryView(
        id=row.id,
        kind=row.kind,
        state=row.state,
        network=network,
        recipient="@" + mention.author_handle,
        at=row.settled_at or row.made_at,
        permalink=row.permalink,
        words=row.words,
        text=row.text,
        of_id=row.of_id,
        refused_why=row.refused_why if row.state == State.CANCELLED else None,
    )
