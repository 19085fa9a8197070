"""Leases and switches: who may run the schedule now, and what an admin has switched."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base


class Lease(Base):
    """At most one process holds a named lease at a time; taken by a conditional update."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(60))
    until: Mapped[datetime]


class Switch(Base):
    """A setting that an admin changes while the product runs, such as the sandbox being on."""

    __tablename__ = "switches"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None]
