"""Count a batch of views: reader-weeks, what they read, and the month's views of each thread, in a few statements.

All of it adds up whatever the order in which batches arrive: a view looks for the answer that stood when it happened,
not for the one that stands now.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import Table, case, delete, func, inspect, literal, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from forum.actions.find_bots import find_bots
from forum.kernel.base import Base
from forum.kernel.database import take_turns
from forum.ledger.reader_week import MonthViews, ReaderWeek, Reading, ThreadViews, ViewBatch
from forum.ledger.viewing import View, due_of
from forum.people.account import Account
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post
from forum.threads.private_boards import thread_is_private
from forum.threads.thread import Thread

BATCHES_KEPT = timedelta(days=14)  # a batch that a killed worker left is counted within seconds

Week = tuple[date, str]  # a reader in a week


@dataclass(frozen=True)
class _Read:
    """A view of a thread that was solved by a member when it was opened."""

    view: View
    acceptance_id: int

    @property
    def week(self) -> Week:
        return self.view.reader.week, self.view.reader.key


def count_views(session: Session, key: str, views: Sequence[View], *, zone: tzinfo, days: int, now: datetime) -> int:
    """How many counted; 0 too where the batch `key` was counted before. The caller commits, then removes the batch.

    `days`: how long after its week's end a reader-week is decided. A view of a thread that is unknown, hidden, on a private board, or not
    solved by a member at that time is left out, and so is one by an account that was closed since.
    """
    take_turns(session, "views")
    if not _is_new(session, key, now):
        return 0
    reads = _reads(session, views)
    if not reads:
        return 0
    weeks = _add_reader_weeks(session, reads, zone, days, now)
    _add_readings(session, reads, weeks)
    _add_thread_views(session, reads, zone)
    _add_month_views(session, reads, zone)
    find_bots(session, weeks.values(), now)
    return len(reads)


def forget_view_batches(session: Session, now: datetime) -> None:
    session.execute(delete(ViewBatch).where(ViewBatch.counted_at < now - BATCHES_KEPT))


def _is_new(session: Session, key: str, now: datetime) -> bool:
    insert = _insert(session, ViewBatch).values(key=key, counted_at=now)
    return session.scalar(insert.on_conflict_do_nothing().returning(ViewBatch.key)) is not None


def _reads(session: Session, views: Sequence[View]) -> list[_Read]:
    spans = defaultdict(list)
    rows = session.execute(
        select(Acceptance.thread_id, Acceptance.id, Acceptance.accepted_at, Acceptance.withdrawn_at)
        .join(Thread, Thread.id == Acceptance.thread_id)
        .join(Post, Post.id == Acceptance.post_id)
        .where(
            Acceptance.thread_id.in_({view.thread_id for view in views}),
            Thread.hidden_at.is_(None),
            ~thread_is_private(),
            Post.by_staff.is_(False),
        )
    )
    for thread_id, acceptance_id, begin, end in rows:
        spans[thread_id].append((acceptance_id, begin, end))
    accounts = _open_accounts(session, {view.reader.account_id for view in views} - {None})
    reads = []
    for view in views:
        if view.reader.account_id is not None and view.reader.account_id not in accounts:
            continue
        for acceptance_id, begin, end in spans.get(view.thread_id, ()):
            if begin <= view.at and (end is None or view.at < end):
                reads.append(_Read(view, acceptance_id))
                break
    return reads


def _open_accounts(session: Session, ids: Iterable[int | None]) -> set[int]:
    if not ids:
        return set()
    return set(session.scalars(select(Account.id).where(Account.id.in_(ids), Account.closed_at.is_(None))))


def _add_reader_weeks(
    session: Session, reads: Sequence[_Read], zone: tzinfo, days: int, now: datetime
) -> Mapping[Week, int]:
    """The row of each, made or added to. What its first view said of salt and draw stays."""
    of_week: dict[Week, list[View]] = defaultdict(list)
    for read in reads:
        of_week[read.week].append(read.view)
    table = _table(ReaderWeek)
    insert = _insert(session, ReaderWeek)
    new, least, greatest = insert.excluded, *_least_and_greatest(session)
    undisturbed = or_(table.c.decided_at.is_(None), table.c.review_from.is_not(None))
    upsert = insert.on_conflict_do_update(
        index_elements=[table.c.week, table.c.reader],
        set_={
            "first_at": least(table.c.first_at, new.first_at),
            "last_at": greatest(table.c.last_at, new.last_at),
            "views": table.c.views + new.views,
            "by_staff": or_(table.c.by_staff, new.by_staff),
            "review_from": case((undisturbed, table.c.review_from), else_=literal(now, table.c.review_from.type)),
        },
    )
    rows = [_reader_week(of_week[week], zone, days) for week in sorted(of_week)]
    returned = session.execute(upsert.returning(table.c.id, table.c.week, table.c.reader), rows)
    return {(row.week, row.reader): row.id for row in returned}


def _reader_week(views: Sequence[View], zone: tzinfo, days: int) -> dict[str, Any]:
    first = min(views, key=lambda view: view.at)
    reader = first.reader
    return {
        "week": reader.week,
        "reader": reader.key,
        "account_id": reader.account_id,
        "by_staff": any(view.reader.by_staff for view in views),
        "salt_number": reader.salt_number,
        "first_at": first.at,
        "last_at": max(view.at for view in views),
        "views": len(views),
        "drawn": reader.drawn,
        "draw_share": reader.draw_share,
        "due_at": due_of(reader.week, zone, days),
    }


def _add_readings(session: Session, reads: Sequence[_Read], weeks: Mapping[Week, int]) -> None:
    first: dict[tuple[int, int], View] = {}
    for read in reads:
        key = weeks[read.week], read.acceptance_id
        if key not in first or read.view.at < first[key].at:
            first[key] = read.view
    table = _table(Reading)
    insert = _insert(session, Reading)
    upsert = insert.on_conflict_do_update(
        index_elements=[table.c.reader_week_id, table.c.acceptance_id],
        set_={"first_at": insert.excluded.first_at},
        where=insert.excluded.first_at < table.c.first_at,
    )
    rows = [
        {"reader_week_id": week, "acceptance_id": acceptance, "thread_id": view.thread_id, "first_at": view.at}
        for (week, acceptance), view in sorted(first.items(), key=lambda item: item[0])
    ]
    session.execute(upsert, rows)


def _add_thread_views(session: Session, reads: Sequence[_Read], zone: tzinfo) -> None:
    counted = Counter((_month(read.view.at, zone), read.view.thread_id) for read in reads)
    table = _table(ThreadViews)
    insert = _insert(session, ThreadViews)
    upsert = insert.on_conflict_do_update(
        index_elements=[table.c.month, table.c.thread_id], set_={"views": table.c.views + insert.excluded.views}
    )
    session.execute(
        upsert,
        [{"month": month, "thread_id": thread, "views": views} for (month, thread), views in sorted(counted.items())],
    )


def _add_month_views(session: Session, reads: Sequence[_Read], zone: tzinfo) -> None:
    counted = Counter(_month(read.view.at, zone) for read in reads)
    table = _table(MonthViews)
    insert = _insert(session, MonthViews)
    upsert = insert.on_conflict_do_update(
        index_elements=[table.c.month], set_={"views": table.c.views + insert.excluded.views}
    )
    session.execute(upsert, [{"month": month, "views": views} for month, views in sorted(counted.items())])


def _month(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date().replace(day=1)


def _table(model: type[Base]) -> Table:
    table = inspect(model).local_table
    assert isinstance(table, Table)
    return table


def _insert(session: Session, model: type[Base]) -> Any:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return insert(_table(model))


def _least_and_greatest(session: Session) -> tuple[Any, Any]:
    """SQLite's own names are min and max."""
    if session.get_bind().dialect.name == "postgresql":
        return func.least, func.greatest
    return func.min, func.max
