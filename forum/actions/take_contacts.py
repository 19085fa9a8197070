"""Store contacts of a file or a call, each once by its source and number, and match those that are new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from forum.actions.match_contacts import match_contacts
from forum.ledger.contact import Contact, ContactFile, ContactMatch, FileState
from forum.ledger.contact_rows import Row


@dataclass(frozen=True)
class Taken:
    new: int
    known: int  # had come before, from a file that counts


def take_contacts(
    session: Session, file: ContactFile, rows: Sequence[Row], askers: Mapping[str, set[int]], now: datetime
) -> Taken:
    """The caller has the turn CONTACTS alone. What a withdrawn file had brought is taken over by the one in hand."""
    first = {row.external_id: row for row in reversed(rows)}  # of a number that stands twice the first one counts
    there = {
        contact.external_id: (contact, state)
        for contact, state in session.execute(
            select(Contact, ContactFile.state)
            .join(ContactFile, ContactFile.id == Contact.file_id)
            .where(Contact.source == file.source, Contact.external_id.in_(first))
        )
    }
    added = [_contact(file, row, now) for row in first.values() if row.external_id not in there]
    renewed = [
        _renew(contact, file, first[contact.external_id], now)
        for contact, state in there.values()
        if state == FileState.WITHDRAWN
    ]
    if renewed:  # what they were matched with before was said by the file that is withdrawn
        session.execute(delete(ContactMatch).where(ContactMatch.contact_id.in_([contact.id for contact in renewed])))
    session.add_all(added)
    session.flush()
    match_contacts(session, [*added, *renewed], askers, now)
    new = len(added) + len(renewed)
    return Taken(new, len(rows) - new)


def _contact(file: ContactFile, row: Row, now: datetime) -> Contact:
    return Contact(
        file_id=file.id,
        source=file.source,
        external_id=row.external_id,
        channel=row.channel,
        happened_at=row.happened_at,
        customer_hash=row.customer_hash,
        email_hash=row.email_hash,
        imported_at=now,
    )


def _renew(contact: Contact, file: ContactFile, row: Row, now: datetime) -> Contact:
    contact.file_id, contact.channel, contact.happened_at = file.id, row.channel, row.happened_at
    contact.customer_hash, contact.email_hash, contact.imported_at = row.customer_hash, row.email_hash, now
    return contact
