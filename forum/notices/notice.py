"""A notice: something happened that a member wants to know. One for each thing, never for one's own act."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base, Id


class Notice(Base):
    """`key` names the thing, such as `acceptance:17`; a second notice of it for the same member is not made."""

    __tablename__ = "notices"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    event: Mapped[str] = mapped_column(String(30))  # a name of EVENTS
    key: Mapped[str] = mapped_column(String(120))
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("threads.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    in_page: Mapped[bool] = mapped_column(default=True)  # False: this member wants it by mail alone
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mail_id: Mapped[int | None] = mapped_column(
        ForeignKey("deliveries.id"), index=True
    )  # the mail that tells of it too

    __table_args__ = (
        UniqueConstraint("account_id", "key"),
        Index("ix_notices_account_id", "account_id", "made_at", "id"),
        Index(
            "ix_notices_unread",
            "account_id",
            "post_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )


class NoticeChoice(Base):
    """A member's own choice for an event; without a row the event's default holds."""

    __tablename__ = "notice_choices"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    event: Mapped[str] = mapped_column(String(30), primary_key=True)
    in_page: Mapped[bool]
    by_mail: Mapped[bool]
