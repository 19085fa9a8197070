"""A claim: a possible deflection, opened in the commit of an acceptance; after its days it qualifies or lapses."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
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
    decided_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(40))

    __table_args__ = (
        Index("ix_claims_due", "decided_at", "due_at"),
        Index("ix_claims_opened_at", "opened_at"),
    )
