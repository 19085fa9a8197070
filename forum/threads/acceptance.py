"""An acceptance: who said that which post solved the thread, and when. At most one stands per thread."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.kernel.base import Base, Id
from forum.people.account import Account
from forum.threads.post import Post


class Acceptance(Base):
    """A withdrawn one stays as a row. `word_id` names the asker's words on the network where staff accepted on them."""

    __tablename__ = "acceptances"

    id: Mapped[Id]
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    accepted_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    accepted_at: Mapped[datetime]
    word_id: Mapped[int | None] = mapped_column(ForeignKey("mentions.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    withdrawn_why: Mapped[str | None] = mapped_column(String(300))

    post: Mapped[Post] = relationship(lazy="raise_on_sql")
    accepted_by: Mapped[Account] = relationship(lazy="raise_on_sql", foreign_keys=[accepted_by_id])

    __table_args__ = (
        Index(
            "uq_acceptances_standing",
            "thread_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index("ix_acceptances_accepted_at", "accepted_at"),
    )
