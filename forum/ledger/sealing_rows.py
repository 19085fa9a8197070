"""The SHA-256 over a period's rows: a later change to any of them, or a row slipped in, no longer gives the same.

What is hashed, so that an auditor can do it again with any tool: UTF-8 lines, each ended by a line feed. The first is the
JSON array `["answerback ledger",1,"2026-10"]`. Then one JSON array for each row of the period in the order of their ids,
with the columns of COLUMNS in their order: numbers as numbers, words as JSON strings (what is not ASCII as \\uXXXX), days as
"2026-10-31", times in UTC as "2026-10-31T09:05:07.000000Z", nothing as null; no spaces between the parts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.ledger.entry import Entry
from forum.ledger.period import Period

COLUMNS = (
    "id", "day", "valued_on", "kind", "grade", "quantity", "basis", "reverses_id", "why", "thread_id", "mention_id",
    "acceptance_id", "claim_id", "reader_week_id", "board_id", "network", "language", "intent", "channel", "created_at",
)  # fmt: skip
AT_ONCE = 5_000


@dataclass(frozen=True)
class Seal:
    rows: int
    sha256: str


def seal_of(session: Session, period: Period) -> Seal:
    """Reads the rows in pieces, so a month of any length fits into memory."""
    digest, rows = sha256(_line("answerback ledger", 1, period.name)), 0
    for piece in _pieces(session, period):
        digest.update(b"".join(piece))
        rows += len(piece)
    return Seal(rows, digest.hexdigest())


def _pieces(session: Session, period: Period) -> Iterator[list[bytes]]:
    columns = [getattr(Entry, name) for name in COLUMNS]
    after = 0
    while True:
        found = session.execute(
            select(*columns)
            .where(Entry.day >= period.first, Entry.day <= period.last, Entry.id > after)
            .order_by(Entry.id)
            .limit(AT_ONCE)
        ).all()
        if not found:
            return
        yield [_line(*row) for row in found]
        after = found[-1][0]


def _line(*values: object) -> bytes:
    return (json.dumps(values, separators=(",", ":"), default=_said) + "\n").encode()


def _said(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert isinstance(value, date)
    return value.isoformat()
