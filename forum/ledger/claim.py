"""A claim: a possible deflection, opened in the commit of an acceptance; after its days it qualifies or lapses."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base, Id


class Kind(StrEnum):
    DIRECT = "direct"
    SOCIAL = "social"
    INDIRECT = "indirect"
    ASSISTED = "assisted"  # the accepted answer was staff's: cost moved, not deflected


class Outcome(StrEnum):
    QUALIFIED = "qualified"
    LAPSED = "lapsed"


class Reason(StrEnum):
    """Why a claim lapsed."""

    WITHDRAWN = "withdrawn"
    WOULD_NOT_HAVE_CONTACTED = "would_not_have_contacted"
    AGENT_REPLIED = "agent_replied"
    CAME_BACK_UNSOLVED = "came_back_unsolved"
    NOT_MIRRORED = "not_mirrored"
    ASKED_BY_STAFF = "asked_by_staff"  # whoever speaks for the brand would not have called it
    CONTACTED = "contacted"  # the asker did contact us within the claim's days
    REGRADED = "regraded"  # of a reversal alone: the same unit stands in another grade from now on
    BOT = "bot"  # of reader-weeks, as those that follow
    READ_BY_STAFF = "read_by_staff"
    OWN_THREADS = "own_threads"  # read only what they had asked or written in
    COUNTED_ELSEWHERE = "counted_elsewhere"  # a person who asked is counted as an asker
    SALT_LOST = "salt_lost"  # may stand twice in its week
    NOTHING_STANDS = "nothing_stands"  # no answer that they read is still accepted


class Claim(Base):
    """`intent` is the asker's answer to "Without this answer, would you have contacted us?"; None: not answered."""

    __tablename__ = "claims"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(10))
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"), index=True)
    acceptance_id: Mapped[int] = mapped_column(ForeignKey("acceptances.id"))
    mention_id: Mapped[int | None] = mapped_column(ForeignKey("mentions.id"))
    basis: Mapped[str] = mapped_column(String(120), unique=True)  # the acceptance, and the mention where there is one
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    intent: Mapped[str | None] = mapped_column(String(3))  # yes | no
    channel: Mapped[str | None] = mapped_column(String(20))
    intent_at: Mapped[datetime | None]
    # The asker can be found in contact data. A fact of the day on which it became so; erasing a person leaves it.
    matchable_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(40))
    review_from: Mapped[datetime | None]  # something became known then that may change what was decided

    __table_args__ = (
        Index("ix_claims_due", "decided_at", "due_at"),
        Index("ix_claims_opened_at", "opened_at"),
        Index(
            "ix_claims_review",
            "review_from",
            sqlite_where=text("review_from IS NOT NULL"),
            postgresql_where=text("review_from IS NOT NULL"),
        ),
    )
