"""A board: where threads on one subject stand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base, Id


class Board(Base):
    __tablename__ = "boards"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    description: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(String(12), default="question")  # the kind that its threads start as
    language: Mapped[str | None] = mapped_column(String(10))  # where mentions in this language go first
    position: Mapped[int] = mapped_column(default=0)
    thread_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    private_since: Mapped[datetime | None]  # for superfans whose rights say so, and staff, alone
