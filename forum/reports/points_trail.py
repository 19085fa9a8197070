"""Where a member's points come from: every row of the ledger with what caused it, for themselves alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, select, tuple_
from sqlalchemy.orm import Session

from forum.kernel.messages import Message
from forum.people.account import Account
from forum.superfans.causes import CAUSES
from forum.superfans.points import PointEntry
from forum.threads.private_boards import thread_is_readable
from forum.threads.thread import Thread

PAGE = 30
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class TrailRow:
    """`why`: why it is worth less than its weight. `back`: the row takes an earlier one back, or gives it again."""

    title: Message
    points: int
    at: datetime
    why: str | None
    back: str | None
    thread_id: int | None  # None: there is none any more that the member could read
    thread_title: str
    thread_slug: str


@dataclass(frozen=True)
class Trail:
    rows: Sequence[TrailRow]
    older: str | None  # the key of the page behind this one


def points_trail(session: Session, account: Account, *, before: str | None = None) -> Trail:
    """The latest first, one query of bounded size, read along the index; a bad key is ignored."""
    latest_first = PointEntry.at.desc(), PointEntry.id.desc()
    own = select(PointEntry.id).where(PointEntry.account_id == account.id).order_by(*latest_first).limit(PAGE + 1)
    if (key := _key(before)) is not None:
        at, _id = key  # the time alone as well, since it begins the index's range
        own = own.where(PointEntry.at <= at, tuple_(PointEntry.at, PointEntry.id) < tuple_(*key))
    readable = and_(Thread.id == PointEntry.thread_id, Thread.hidden_at.is_(None), thread_is_readable(account))
    entries = select(PointEntry, Thread.id, Thread.title, Thread.slug).outerjoin(Thread, readable)
    found = session.execute(entries.where(PointEntry.id.in_(own)).order_by(*latest_first)).all()
    rows = [_row(entry, thread_id, title or "", slug or "") for entry, thread_id, title, slug in found[:PAGE]]
    return Trail(rows, _name(found[PAGE - 1][0]) if len(found) > PAGE else None)


def _row(entry: PointEntry, thread_id: int | None, title: str, slug: str) -> TrailRow:
    taken_back = entry.cause.rpartition(":")[2] if entry.of_id is not None else None
    return TrailRow(
        title=CAUSES[entry.kind].title,
        points=entry.points,
        at=entry.at,
        why=entry.why,
        back=taken_back,
        thread_id=thread_id,
        thread_title=title,
        thread_slug=slug,
    )


def _name(entry: PointEntry) -> str:
    return f"{(entry.at - _EPOCH) // timedelta(microseconds=1)}-{entry.id}"


def _key(name: str | None) -> tuple[datetime, int] | None:
    time, _dash, entry_id = (name or "").partition("-")
    if not (time.isdecimal() and entry_id.isdecimal() and len(time) < 18 and len(entry_id) < 18):
        return None
    return _EPOCH + timedelta(microseconds=int(time)), int(entry_id)
