"""The log of what staff did to other people's things and to the community's settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base, Id


class LogEntry(Base):
    """`act` is a name of the permission table; `about` names the thing, such as `post:12`; `details` holds no secret."""

    __tablename__ = "log_entries"

    id: Mapped[Id]
    act: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(80))
    by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)

    __table_args__ = (Index("ix_log_entries_at", "at"), Index("ix_log_entries_about", "about"))
