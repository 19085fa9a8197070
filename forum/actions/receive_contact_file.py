"""Keep a contact file that arrived until somebody has confirmed how it is read, or give it up."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.kernel.errors import Conflict
from forum.kernel.messages import Message
from forum.ledger.contact import ContactFile, ContactMapping, FileState
from forum.ledger.contact_guess import guess_plan
from forum.ledger.contact_plan import Plan
from forum.ledger.contact_text import Packed
from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import Act, require

KEPT_FOR = timedelta(days=7)
LONGEST_NAME = 200


def receive_contact_file(
    session: Session, by: Account, *, name: str, packed: Packed, zone: str, now: datetime
) -> ContactFile:
    """Waits to be confirmed, with a first plan: that of the source whose files have the same head, else a guess."""
    require(by, Act.IMPORT_CONTACTS)
    plan = guess_plan(packed.body, zone)
    source, plan = _known_source(session, plan)
    file = ContactFile(
        name=clean_file_name(name),
        source=source,
        arrived_by="upload",
        sha256=packed.sha256,
        body=packed.body,
        mapping=plan.as_kept(),
        state=FileState.PREVIEWED,
        by_id=by.id,
        arrived_at=now,
    )
    session.add(file)
    session.flush()
    note(session, file, "received", by, now)
    return file


def give_up(session: Session, file: ContactFile, by: Account, now: datetime) -> None:
    """Of what nobody confirmed nothing is kept but that it came."""
    require(by, Act.IMPORT_CONTACTS)
    if file.state != FileState.PREVIEWED:
        raise Conflict(Message("This file is not waiting to be confirmed any more."))
    _forget(file, Message("Given up before it was imported."))
    note(session, file, "given up", by, now)


def forget_old_previews(session: Session, now: datetime) -> int:
    """Files that nobody confirmed for a week; how many."""
    old = select(ContactFile).where(ContactFile.state == FileState.PREVIEWED, ContactFile.arrived_at < now - KEPT_FOR)
    files = session.scalars(old.limit(20).with_for_update(skip_locked=True)).all()
    for file in files:
        _forget(file, Message("Nobody confirmed it within seven days."))
    session.flush()
    return len(files)


def clean_file_name(name: str) -> str:
    """Without the folders that some browsers send, and without what a terminal would obey."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in bare if character.isprintable())[:LONGEST_NAME] or "contacts.csv"


def note(session: Session, file: ContactFile, what: str, by: Account, now: datetime) -> None:
    details = {"what": what, "source": file.source}
    session.add(
        LogEntry(act=Act.IMPORT_CONTACTS, about=f"contact_file:{file.id}", by_id=by.id, at=now, details=details)
    )
    session.flush()


def _known_source(session: Session, plan: Plan) -> tuple[str, Plan]:
    """The source whose last file had this very head; what it was told then holds again."""
    for kept in session.scalars(select(ContactMapping).order_by(ContactMapping.set_at.desc()).limit(50)):
        earlier = Plan.kept(kept.mapping)
        if earlier.has_head and plan.has_head and earlier.names == plan.names:
            return kept.source, Plan.kept({**kept.mapping, "encoding": plan.encoding, "separator": plan.separator})
    return "", plan


def _forget(file: ContactFile, why: Message) -> None:
    file.state, file.body, file.words = FileState.REFUSED, None, str(why)
