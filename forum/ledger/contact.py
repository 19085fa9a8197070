"""Contacts that did happen, as the call centre's own systems tell them, and the claims that they speak against.

Who contacted us is kept as an HMAC of the customer's number or mail address, never as either.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.base import Base, Id


class FileState(StrEnum):
    PREVIEWED = "previewed"  # waits for its columns to be confirmed
    WAITING = "waiting"  # for a worker
    IMPORTED = "imported"
    REFUSED = "refused"  # nothing of it could be read
    WITHDRAWN = "withdrawn"  # it was the wrong file: its contacts count no more


class ContactFile(Base):
    """One delivery of contacts: a file that was uploaded or dropped, or a call of the API.

    Days from `covers_from` to `covers_until`, both included, are fully known for the channels in it: an asker without a
    contact in them made none. None where whoever sent it did not say so.
    """

    __tablename__ = "contact_files"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(60))  # the system that the contacts come from, such as "genesys"
    arrived_by: Mapped[str] = mapped_column(String(10))  # upload | api | folder
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)  # compressed; gone once imported, refused or given up
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(10))
    covers_from: Mapped[date | None] = mapped_column(Date)
    covers_until: Mapped[date | None] = mapped_column(Date)
    read: Mapped[int] = mapped_column(default=0)  # rows
    taken: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)  # had come before
    refused: Mapped[int] = mapped_column(default=0)
    problems: Mapped[list[Any]] = mapped_column(
        default=list
    )  # of the first refused rows: number, column, sentence; no value
    words: Mapped[str | None] = mapped_column(Text)  # why the whole file was refused
    by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    arrived_at: Mapped[datetime]
    imported_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_contact_files_state", "state", "arrived_at"),)


class Contact(Base):
    """`external_id` is the other system's own number of it, so that a file sent twice counts once."""

    __tablename__ = "contacts"

    id: Mapped[Id]
    file_id: Mapped[int] = mapped_column(ForeignKey("contact_files.id"), index=True)
    source: Mapped[str] = mapped_column(String(60))
    external_id: Mapped[str] = mapped_column(String(120))
    channel: Mapped[str] = mapped_column(String(20))
    happened_at: Mapped[datetime]
    customer_hash: Mapped[str | None] = mapped_column(String(64))
    email_hash: Mapped[str | None] = mapped_column(String(64))
    imported_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_contacts_customer_hash", "customer_hash", "happened_at"),
        Index("ix_contacts_email_hash", "email_hash", "happened_at"),
        Index("ix_contacts_happened_at", "happened_at", "file_id"),  # counted by it alone
    )


class ContactMatch(Base):
    """A contact was the asker's own, within the claim's days. It stays when a person is erased and the hashes are gone."""

    __tablename__ = "contact_matches"

    id: Mapped[Id]
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id"), index=True)
    matched_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("contact_id", "claim_id"),)


class ContactMapping(Base):
    """Which column of a source's files means what: kept from the last upload, used by the drop folder."""

    __tablename__ = "contact_mappings"

    source: Mapped[str] = mapped_column(String(60), primary_key=True)
    mapping: Mapped[dict[str, Any]]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    set_at: Mapped[datetime]
