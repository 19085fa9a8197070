"""A key with which another system calls us. The row keeps its digest alone; each may do one act."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base, Id


class ApiToken(Base):
    __tablename__ = "api_tokens"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(60))
    act: Mapped[str] = mapped_column(String(40))  # of the permission table
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))  # what it does is done in their name
    made_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
