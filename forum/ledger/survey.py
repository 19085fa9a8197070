"""The on-page survey of a reader-week: four questions, one at a time. One joint proportion comes out of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base, Id


class Question(StrEnum):
    """In the order in which they are asked. Whoever says no to one of them is not asked the rest."""

    PROBLEM = "problem"  # came with a problem
    FOUND = "found"  # found the answer here
    CONTACT = "contact"  # would have contacted us without it; by which channel
    ENOUGH = "enough"  # needs nothing more


class Survey(Base):
    """Each answer is yes, no or None: not given. A half-answered one is a no; one without any answer is silent."""

    __tablename__ = "surveys"

    id: Mapped[Id]
    reader_week_id: Mapped[int] = mapped_column(ForeignKey("reader_weeks.id"), unique=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))  # the one that "found it" is said of
    problem: Mapped[str | None] = mapped_column(String(3))
    found: Mapped[str | None] = mapped_column(String(3))
    contact: Mapped[str | None] = mapped_column(String(3))
    enough: Mapped[str | None] = mapped_column(String(3))
    channel: Mapped[str | None] = mapped_column(String(20))
    begun_at: Mapped[datetime]
    answered_at: Mapped[datetime]

    @property
    def next_question(self) -> Question | None:
        """None: all were answered, or one with no."""
        for question in Question:
            given = getattr(self, question)
            if given != "yes":
                return question if given is None else None
        return None

    @property
    def joint(self) -> bool:
        return self.problem == self.found == self.contact == self.enough == "yes"
