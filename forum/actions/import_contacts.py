"""Take the contacts of a confirmed file into the database, a batch a commit; may be killed anywhere and goes on there."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from forum.actions.match_contacts import CARRIES, CUSTOMERS, EMAILS, KEY, askers_by_hash, hold_contacts, look_again
from forum.actions.take_contacts import Taken, take_contacts
from forum.kernel.database import lock, writing
from forum.kernel.messages import Message
from forum.ledger.contact import ContactFile, FileState
from forum.ledger.contact_keys import ContactKeys
from forum.ledger.contact_plan import Plan
from forum.ledger.contact_rows import Problem, Row, RowReader
from forum.ledger.contact_text import Record, read_records

log = logging.getLogger(__name__)
BATCH = 2000  # rows
KEPT_PROBLEMS = 200


@dataclass(frozen=True)
class Importing:
    """What an import needs of the installation."""

    sessions: sessionmaker[Session]
    keys: ContactKeys
    zone: tzinfo
    clock: Callable[[], datetime]


def import_waiting_contacts(tools: Importing) -> int:
    """Import every file that waits, the one that came first first. How many there were."""
    with tools.sessions() as session:
        waiting = select(ContactFile.id).where(ContactFile.state == FileState.WAITING)
        ids = session.scalars(waiting.order_by(ContactFile.arrived_at, ContactFile.id)).all()
    for file_id in ids:
        import_contact_file(tools, file_id)
    return len(ids)


def import_contact_file(tools: Importing, file_id: int) -> None:
    """Goes on where an earlier run was killed. A file that was withdrawn meanwhile is left alone."""
    with tools.sessions() as session:
        file = session.get(ContactFile, file_id)
        if file is None or file.state != FileState.WAITING or file.body is None:
            return
        plan, body, done, came = Plan.kept(file.mapping), file.body, file.read, file.arrived_at
        askers = askers_by_hash(session, tools.keys)
    reader = RowReader(plan, tools.keys, came)
    records = read_records(body, plan.encoding, plan.separator)
    next(islice(records, done, done), None)  # what an earlier run has taken
    while batch := list(islice(records, BATCH)):
        with writing(), tools.sessions.begin() as session:
            if not _take_batch(session, file_id, done, batch, reader, askers, tools):
                return
        done += len(batch)
    with writing(), tools.sessions.begin() as session:
        _finish(session, file_id, done, tools)


def _take_batch(
    session: Session,
    file_id: int,
    done: int,
    batch: Sequence[Record],
    reader: RowReader,
    askers: Mapping[str, set[int]],
    tools: Importing,
) -> bool:
    """False where somebody else is ahead, or the file was withdrawn."""
    hold_contacts(session)
    file = session.get(ContactFile, file_id, with_for_update=True)
    if file is None or file.state != FileState.WAITING or file.read != done:
        return False
    found = [reader.read(record) for record in batch]
    rows = [one for one in found if isinstance(one, Row)]
    problems = [one for one in found if isinstance(one, Problem)]
    taken = take_contacts(session, file, rows, askers, tools.clock())
    _count(file, len(batch), taken, problems, carried_by(rows))
    session.flush()
    return True


def carried_by(rows: Sequence[Row]) -> Iterator[str]:
    """The keys of people that these rows hold."""
    if any(row.customer_hash for row in rows):
        yield CUSTOMERS
    if any(row.email_hash for row in rows):
        yield EMAILS


def _count(file: ContactFile, read: int, taken: Taken, problems: Sequence[Problem], carries: Iterator[str]) -> None:
    file.read += read
    file.taken += taken.new
    file.known += taken.known
    file.refused += len(problems)
    room = KEPT_PROBLEMS - len(file.problems)
    file.problems = [*file.problems, *(problem.as_kept() for problem in problems[:room])]
    file.mapping = {**file.mapping, CARRIES: sorted({*file.mapping.get(CARRIES, ()), *carries})}


def _finish(session: Session, file_id: int, done: int, tools: Importing) -> None:
    hold_contacts(session)
    file = session.get(ContactFile, file_id, with_for_update=True)
    if file is None or file.state != FileState.WAITING or file.read != done:
        return
    now = tools.clock()
    file.body, file.imported_at = None, now
    if file.taken + file.known == 0:
        file.state, file.covers_from, file.covers_until = FileState.REFUSED, None, None
        file.words = str(Message("Not one row of this file could be taken."))
    else:
        settle_coverage(session, file, tools.keys, tools.zone, now)
    session.flush()


def settle_coverage(session: Session, file: ContactFile, keys: ContactKeys, zone: tzinfo, now: datetime) -> None:
    """The file counts from now on, and with it the days that it knows in full."""
    file.state, file.imported_at = FileState.IMPORTED, now
    file.mapping = {**file.mapping, KEY: keys.mark}
    session.flush()
    if file.covers_from is not None and file.covers_until is not None:
        look_again(session, file.covers_from, file.covers_until, keys, zone, now)


def hold_file(session: Session, file: ContactFile) -> None:
    """Before its state is changed by anybody but the import itself."""
    hold_contacts(session)
    lock(session, file)
