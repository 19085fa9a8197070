"""Withdraw a file of contacts that was the wrong one: nothing of it counts any more, nothing of it is deleted."""

from __future__ import annotations

from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from forum.actions.import_contacts import hold_file
from forum.actions.match_contacts import look_again, mark_matched_by
from forum.actions.receive_contact_file import note
from forum.kernel.errors import Conflict
from forum.kernel.messages import Message
from forum.ledger.contact import ContactFile, FileState
from forum.ledger.contact_keys import ContactKeys
from forum.people.account import Account
from forum.people.permissions import Act, require


def withdraw_contact_file(
    session: Session, file: ContactFile, by: Account, keys: ContactKeys, zone: tzinfo, now: datetime
) -> None:
    """Claims that its contacts spoke against, or whose days it alone knew, are looked at again."""
    require(by, Act.IMPORT_CONTACTS)
    hold_file(session, file)
    if file.state == FileState.WITHDRAWN:
        return
    if file.state not in (FileState.IMPORTED, FileState.WAITING):
        raise Conflict(Message("Only a file that was imported can be withdrawn."))
    file.state, file.withdrawn_at, file.body = FileState.WITHDRAWN, now, None
    mark_matched_by(session, file.id, now)
    if file.covers_from is not None and file.covers_until is not None:
        look_again(session, file.covers_from, file.covers_until, keys, zone, now)
    note(session, file, "withdrawn", by, now)
