"""The outbox: what must leave the database is a row here, made in the same commit as its cause.

waiting -> sending -> sent | failed | uncertain | parked; an uncertain one is claimed again and read back; held waits for a
person's approval, parked for a person's word, cancelled was called back before it was sent. The transitions stand in TRANSITIONS and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base, Id


class Kind(StrEnum):
    REPLY = "reply"  # our answer under a mention
    RETRACTION = "retraction"  # takes a reply away again
    MAIL = "mail"
    INDEX = "index"  # a thread for the search index
    NEWS = "news"  # something happened that others want to know: a worker tells them, a batch at a time


class State(StrEnum):
    HELD = "held"
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"  # refused for good; a person looks
    UNCERTAIN = "uncertain"  # may have taken effect; is read back before anything else
    PARKED = "parked"  # nobody but a person can tell
    CANCELLED = "cancelled"


TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.HELD: frozenset({State.WAITING, State.CANCELLED}),
    State.WAITING: frozenset({State.SENDING, State.CANCELLED, State.HELD}),  # held: its answer was changed meanwhile
    State.SENDING: frozenset({State.SENT, State.FAILED, State.UNCERTAIN, State.WAITING, State.PARKED, State.CANCELLED}),
    State.UNCERTAIN: frozenset({State.SENDING, State.SENT, State.CANCELLED}),
    State.PARKED: frozenset({State.SENT, State.WAITING, State.CANCELLED}),
    State.FAILED: frozenset({State.SENT, State.WAITING, State.CANCELLED}),  # sent: a person found it there all the same
    State.SENT: frozenset(),
    State.CANCELLED: frozenset({State.HELD}),  # one that staff declined, taken up again
}
LEASE = timedelta(seconds=60)  # longer than any network call's own time-out (20 s)


class Delivery(Base):
    """`key` is unique for ever, so a cause makes one delivery however often its job runs."""

    __tablename__ = "deliveries"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(12))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    state: Mapped[str] = mapped_column(String(10), default=State.WAITING)
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    claim: Mapped[str | None] = mapped_column(
        String(36)
    )  # whose turn it is: a fresh id per claim, a fence for settling
    lease_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    words: Mapped[str | None] = mapped_column(Text)  # the network's or server's own, when it went wrong
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    mention_id: Mapped[int | None] = mapped_column(ForeignKey("mentions.id"), index=True)
    acceptance_id: Mapped[int | None] = mapped_column(ForeignKey("acceptances.id"), index=True)
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("threads.id"), index=True)
    of_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"), index=True)  # a retraction's reply
    text: Mapped[str | None] = mapped_column(Text)  # a reply as the network shows it
    remote_id: Mapped[str | None] = mapped_column(String(300))
    permalink: Mapped[str | None] = mapped_column(Text)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    approved_at: Mapped[datetime | None]
    edited_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id")
    )  # staff changed its words, the author stays
    taken_over_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))  # staff answer in the brand's name
    refused_why: Mapped[str | None] = mapped_column(String(300))

    __table_args__ = (
        Index(
            "ix_deliveries_due",
            "kind",
            "due_at",
            sqlite_where=sql("state IN ('waiting', 'sending', 'uncertain')"),
            postgresql_where=sql("state IN ('waiting', 'sending', 'uncertain')"),
        ),
        Index("ix_deliveries_state", "state", "made_at"),
    )
