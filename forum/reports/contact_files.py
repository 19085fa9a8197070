"""The list of contact files, one file, and what a file would be taken as before anybody has confirmed it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.ledger.contact import Contact, ContactFile, FileState
from forum.ledger.contact_keys import ContactKeys
from forum.ledger.contact_plan import Meaning, Plan
from forum.ledger.contact_rows import Nothing, Problem, Row, RowReader, channel_key, guess_channel
from forum.ledger.contact_text import Record, read_records
from forum.people.account import Account

SHOWN_ROWS = 20
SHOWN_PROBLEMS = 200
PREVIEWED = 100_000  # rows that a preview reads; the import reads all
SHOWN_WORDS = 40
PAGE = 50


@dataclass(frozen=True)
class FileRow:
    id: int
    name: str
    source: str
    arrived_by: str
    arrived_at: datetime
    state: str
    covers_from: date | None
    covers_until: date | None
    read: int
    taken: int
    known: int
    refused: int
    by: str | None


@dataclass(frozen=True)
class FilePage:
    rows: Sequence[FileRow]
    older: int | None


@dataclass(frozen=True)
class PreviewRow:
    number: int
    row: Row
    customer: str
    email: str


@dataclass(frozen=True)
class Preview:
    """What the plan makes of the file. `words` are those of the channel column, with how often they stand there."""

    rows: Sequence[PreviewRow]
    problems: Sequence[Problem]
    taken: int
    refused: int
    left_out: int
    is_whole: bool
    first_day: date | None
    last_day: date | None
    words: Sequence[tuple[str, int, str | None]]  # the word, how often, the channel that it would be
    without_person: int


def list_files(session: Session, before: int | None = None) -> FilePage:
    query = select(
        ContactFile.id, ContactFile.name, ContactFile.source, ContactFile.arrived_by, ContactFile.arrived_at,
        ContactFile.state, ContactFile.covers_from, ContactFile.covers_until, ContactFile.read, ContactFile.taken,
        ContactFile.known, ContactFile.refused, Account.display_name,
    ).outerjoin(Account, Account.id == ContactFile.by_id)  # fmt: skip
    if before is not None:
        query = query.where(ContactFile.id < before)
    found = session.execute(query.order_by(ContactFile.id.desc()).limit(PAGE + 1)).all()
    rows = [FileRow(*tuple(row)) for row in found[:PAGE]]
    return FilePage(rows, rows[-1].id if len(found) > PAGE else None)


def same_before(session: Session, file: ContactFile) -> Sequence[FileRow]:
    """Other files with the very same bytes, the first one first."""
    ids = select(ContactFile.id).where(ContactFile.sha256 == file.sha256, ContactFile.id != file.id)
    found = session.scalars(ids.order_by(ContactFile.id).limit(3)).all()
    return [row for row in list_files(session, max(found) + 1).rows if row.id in found] if found else []


def standing_contacts(session: Session) -> tuple[int, date | None]:
    """How many contacts count, and the last day that is known in full."""
    standing = ContactFile.state != FileState.WITHDRAWN
    count = session.scalar(
        select(func.count()).select_from(Contact).join(ContactFile, ContactFile.id == Contact.file_id).where(standing)
    )
    last = session.scalar(select(func.max(ContactFile.covers_until)).where(ContactFile.state == FileState.IMPORTED))
    return count or 0, last


def preview(body: bytes, plan: Plan, keys: ContactKeys, zone: tzinfo, now: datetime) -> Preview:
    """Reads the file once, a row at a time."""
    reader = RowReader(plan, keys, now)
    rows: list[PreviewRow] = []
    problems: list[Problem] = []
    words: Counter[str] = Counter()
    taken = refused = left_out = nobody = 0
    first: datetime | None = None
    last: datetime | None = None
    record = Record(0, [])
    is_whole = True
    for record in read_records(body, plan.encoding, plan.separator):
        if record.number > PREVIEWED + 1:
            is_whole = False
            break
        found = reader.read(record)
        if isinstance(found, Nothing):
            left_out += found.is_left_out
            if not found.is_left_out:
                continue
        elif isinstance(found, Problem):
            refused += 1
            if len(problems) < SHOWN_PROBLEMS:
                problems.append(found)
        else:
            taken += 1
            nobody += found.customer_hash is None and found.email_hash is None
            first = found.happened_at if first is None else min(first, found.happened_at)
            last = found.happened_at if last is None else max(last, found.happened_at)
            if len(rows) < SHOWN_ROWS:
                person = reader.cell(record, Meaning.CUSTOMER), reader.cell(record, Meaning.EMAIL)
                rows.append(PreviewRow(record.number, found, *person))
        if Meaning.CHANNEL in plan.columns and len(words) <= SHOWN_WORDS and record.cells:
            words[channel_key(reader.cell(record, Meaning.CHANNEL))] += 1
    return Preview(
        rows, problems, taken, refused, left_out, is_whole,
        first.astimezone(zone).date() if first else None, last.astimezone(zone).date() if last else None,
        [(word, times, plan.channels.get(word) or guess_channel(word)) for word, times in words.most_common(SHOWN_WORDS) if word],
        nobody,
    )  # fmt: skip


def latest_full_day(zone: tzinfo, now: datetime) -> date:
    """Yesterday: the day in hand is not over."""
    return now.astimezone(zone).date() - timedelta(days=1)
