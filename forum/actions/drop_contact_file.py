"""Take a contact file that nobody looks at, by what was confirmed for its source: from the drop folder or a command."""

from __future__ import annotations

from datetime import date, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.import_contacts import Importing
from forum.actions.receive_contact_file import clean_file_name
from forum.kernel.errors import Conflict, ForumError, Invalid
from forum.kernel.messages import Message
from forum.ledger.contact import ContactFile, ContactMapping, FileState
from forum.ledger.contact_plan import Plan
from forum.ledger.contact_rows import Row, RowReader
from forum.ledger.contact_text import Packed, read_records


class NotTaken(ForumError):
    """Nothing is wrong, and nothing has to be done: the very same file was imported before."""


def drop_contact_file(
    session: Session,
    name: str,
    source: str,
    packed: Packed,
    tools: Importing,
    zone: tzinfo,
    *,
    covers: tuple[date, date] | None = None,
) -> int:
    """The id of the file, which now waits to be imported. Raises Conflict or Invalid where nobody has explained it.

    Without `covers`, the days that it knows in full are those from its first to its last, today left out, if its source's
    files are said to hold whole days.
    """
    kept = session.get(ContactMapping, source)
    if kept is None:
        raise Conflict(
            Message("Nobody has said how files of this source are read. Please upload one of them by hand first.")
        )
    came_before = select(ContactFile.id).where(
        ContactFile.sha256 == packed.sha256,
        ContactFile.source == source,
        ContactFile.state.in_((FileState.IMPORTED, FileState.WAITING)),
    )
    if session.scalar(came_before.limit(1)) is not None:
        raise NotTaken(Message("The very same file has come before. Nothing was done."))
    plan = Plan.kept(kept.mapping)
    _require_same_head(plan, packed)
    now = tools.clock()
    if covers is None and plan.complete_days:
        covers = _days(plan, packed, tools, zone)
    file = ContactFile(
        name=clean_file_name(name),
        source=source,
        arrived_by="folder",
        sha256=packed.sha256,
        body=packed.body,
        mapping=plan.as_kept(),
        state=FileState.WAITING,
        covers_from=covers[0] if covers else None,
        covers_until=covers[1] if covers else None,
        by_id=kept.set_by_id,
        arrived_at=now,
    )
    session.add(file)
    session.flush()
    return file.id


def _require_same_head(plan: Plan, packed: Packed) -> None:
    first = next(read_records(packed.body, plan.encoding, plan.separator), None)
    names = tuple((first.cells if first else None) or ())
    if (plan.has_head and names != plan.names) or len(names) < len(plan.names):
        raise Invalid(
            Message("The columns are not those that were confirmed for this source. Please upload one by hand again.")
        )


def _days(plan: Plan, packed: Packed, tools: Importing, zone: tzinfo) -> tuple[date, date] | None:
    """From the first to the last day in it; a day that is not over is not known in full."""
    reader = RowReader(plan, tools.keys, tools.clock())
    today = tools.clock().astimezone(zone).date()
    first: date | None = None
    last: date | None = None
    for record in read_records(packed.body, plan.encoding, plan.separator):
        row = reader.read(record)
        if isinstance(row, Row) and (day := row.happened_at.astimezone(zone).date()) < today:
            first, last = min(first or day, day), max(last or day, day)
    return (first, last) if first is not None and last is not None else None
