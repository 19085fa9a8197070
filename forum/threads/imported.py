"""What came in from another community: which row became which, and the votes whose givers nobody knows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base, Id


class ImportedRow(Base):
    """Written with what it became, so an import that was killed goes on where it stopped and a second run changes nothing."""

    __tablename__ = "imported_rows"

    id: Mapped[Id]
    source: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))
    remote_id: Mapped[str] = mapped_column(String(60))
    local_id: Mapped[int | None]  # None: it was read and left out, for a reason that the import's summary gives

    __table_args__ = (UniqueConstraint("source", "kind", "remote_id"),)


class ImportedVote(Base):
    """An up-vote counts for its post and author, never for a giver; down-votes are counted on the post alone."""

    __tablename__ = "imported_votes"

    id: Mapped[Id]
    source: Mapped[str] = mapped_column(String(60))
    remote_id: Mapped[str] = mapped_column(String(60))
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    up: Mapped[bool]
    at: Mapped[datetime]  # the day, and never before the post

    __table_args__ = (UniqueConstraint("source", "remote_id"),)
