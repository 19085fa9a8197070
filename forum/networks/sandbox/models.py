"""The sandbox's own tables. The product treats them as a remote network: only this folder and its pages read them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.kernel.base import Base, Id


class SandboxAccount(Base):
    """Somebody on the sandbox network: a customer that staff play, or the brand's own account."""

    __tablename__ = "sandbox_account"

    id: Mapped[Id]
    handle: Mapped[str] = mapped_column(String(40), unique=True)  # lower case, without @
    name: Mapped[str] = mapped_column(String(80))
    is_brand: Mapped[bool] = mapped_column(default=False, index=True)


class SandboxPost(Base):
    """One post. The first of a conversation has neither parent nor root; every later one names both."""

    __tablename__ = "sandbox_post"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("sandbox_account.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("sandbox_post.id"), index=True)
    root_id: Mapped[int | None] = mapped_column(ForeignKey("sandbox_post.id"), index=True)
    text: Mapped[str]
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    reply_key: Mapped[str | None] = mapped_column(String(120), unique=True)

    account: Mapped[SandboxAccount] = relationship(lazy="joined", innerjoin=True)

    @property
    def conversation_id(self) -> int:
        return self.root_id or self.id
