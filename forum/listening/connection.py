"""A connection: one account of ours on one network, its credentials sealed, and how far it has been read."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Numeric, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base, Id


class Withdrawal(StrEnum):
    """What happens to a mirrored reply whose acceptance was withdrawn."""

    DELETE = "delete"
    CORRECT = "correct"
    LEAVE = "leave"


class Connection(Base):
    __tablename__ = "connections"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(40))  # sandbox, bluesky, x or a plug-in's name
    title: Mapped[str] = mapped_column(String(40))  # the network's name as people read it
    settings: Mapped[dict[str, str]] = mapped_column(default=dict)
    sealed_secrets: Mapped[str] = mapped_column(Text, default="")  # encrypted; the key is never in the database
    account_remote_id: Mapped[str] = mapped_column(String(300), default="")
    account_handle: Mapped[str] = mapped_column(String(300), default="")
    account_name: Mapped[str] = mapped_column(String(300), default="")
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"))
    withdrawal: Mapped[str] = mapped_column(String(10), default=Withdrawal.DELETE)
    cost_per_reply: Mapped[Decimal | None] = mapped_column(Numeric(12, 4))
    poll_seconds: Mapped[int] = mapped_column(default=60)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    cursor: Mapped[str | None] = mapped_column(Text)
    polled_at: Mapped[datetime | None]
    poll_due_at: Mapped[datetime | None] = mapped_column(index=True)
    poll_lease_until: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(Text)  # the network's own words

    __table_args__ = (
        Index(  # one connection per account for ever: a second would hear everything twice
            "uq_connections_account",
            "kind",
            "account_remote_id",
            unique=True,
            sqlite_where=sql("account_remote_id != ''"),
            postgresql_where=sql("account_remote_id != ''"),
        ),
    )
