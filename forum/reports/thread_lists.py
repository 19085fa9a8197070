"""Threads as lists show them: one query a page, continued by key, never by counting rows off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, case, func, select, tuple_
from sqlalchemy.orm import Session

from forum.people.account import Account
from forum.threads.board import Board
from forum.threads.private_boards import thread_is_readable
from forum.threads.thread import Follow, Kind, Tag, Thread, ThreadTag

PAGE = 20
LATEST_ASKED = 100  # of an author's threads, those among which the latest written in are looked for
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WAITING_AFTER = timedelta(hours=1)  # a question that nobody answered for so long is shown as waiting


class Which(StrEnum):
    """The lists of the front page."""

    LATEST = "latest"
    UNANSWERED = "unanswered"
    UNSOLVED = "unsolved"
    SOLVED = "solved"
    FOLLOWING = "following"


@dataclass(frozen=True)
class ThreadRow:
    id: int
    title: str
    slug: str
    board_name: str
    board_slug: str
    author_name: str
    network: str | None
    state: str  # solved | open | waiting
    replies: int
    kudos: int
    created_at: datetime
    last_post_at: datetime
    solved_at: datetime | None
    language: str | None = None  # of its title, so that a browser picks the right forms of Han characters

    @property
    def seconds_to_solve(self) -> float | None:
        return (self.solved_at - self.created_at).total_seconds() if self.solved_at else None


@dataclass(frozen=True)
class ThreadPage:
    """`older` and `newer` are the keys of the pages beside this one, None where there is none."""

    rows: Sequence[ThreadRow]
    older: str | None
    newer: str | None


@dataclass(frozen=True)
class Wanted:
    """Which threads: of a board, with a tag, by an author, in a state."""

    which: Which = Which.LATEST
    board_id: int | None = None
    tag: str | None = None
    author_id: int | None = None
    follower_id: int | None = None


def list_threads(
    session: Session,
    wanted: Wanted,
    now: datetime,
    *,
    reader: Account | None = None,
    before: str | None = None,
    after: str | None = None,
) -> ThreadPage:
    """A page of threads that `reader` (None: a visitor) may read, the latest written in first. `before` and `after` are keys of an earlier page; a bad one is ignored."""
    older_than, newer_than = _key(before), _key(after)
    query = _filtered(_columns(), wanted).where(thread_is_readable(reader))
    spot = tuple_(Thread.last_post_at, Thread.id)
    if newer_than is not None and older_than is None:
        query = query.where(spot > newer_than).order_by(Thread.last_post_at, Thread.id)
    else:
        if older_than is not None:
            query = query.where(spot < older_than)
        query = query.order_by(Thread.last_post_at.desc(), Thread.id.desc())
    found = session.execute(query.limit(PAGE + 1)).all()
    more, rows = len(found) > PAGE, [thread_row(row, now) for row in found[:PAGE]]
    if newer_than is not None and older_than is None:
        rows.reverse()
        return ThreadPage(rows, _name(rows[-1]) if rows else None, _name(rows[0]) if more and rows else None)
    older = _name(rows[-1]) if more else None
    return ThreadPage(rows, older, _name(rows[0]) if older_than is not None and rows else None)


def threads_by_id(
    session: Session, ids: Sequence[int], now: datetime, reader: Account | None = None
) -> list[ThreadRow]:
    """Those of `ids` that `reader` (None: a visitor) may read, in the same order: what search found."""
    if not ids:
        return []
    rows = session.execute(_columns().where(Thread.id.in_(ids), Thread.hidden_at.is_(None), thread_is_readable(reader)))
    found = {row.id: thread_row(row, now) for row in rows}
    return [found[thread_id] for thread_id in ids if thread_id in found]


@dataclass(frozen=True)
class Counts:
    """How many threads stand in the lists that show a number."""

    unanswered: int
    unsolved: int


def count_lists(session: Session, board_id: int | None = None, reader: Account | None = None) -> Counts:
    """Of what `reader` may read, from the partial state index; one query for both."""
    open_ones = select(func.count(case((Thread.first_reply_at.is_(None), 1))), func.count()).where(
        Thread.kind == Kind.QUESTION, Thread.solved_at.is_(None), Thread.hidden_at.is_(None), thread_is_readable(reader)
    )
    if board_id is not None:  # the sum keeps SQLite from reading the whole board by its own index
        open_ones = open_ones.where(Thread.board_id + 0 == board_id)
    unanswered, unsolved = session.execute(open_ones).one()
    return Counts(int(unanswered), int(unsolved))


def thread_row(row: Any, now: datetime) -> ThreadRow:
    """A row of `_columns()` as lists show it."""
    waits = row.kind == Kind.QUESTION and row.first_reply_at is None and now - row.created_at >= WAITING_AFTER
    return ThreadRow(
        id=row.id,
        title=row.title,
        slug=row.slug,
        board_name=row.board_name,
        board_slug=row.board_slug,
        author_name=row.display_name or row.origin_author or "",
        network=row.origin_network,
        state="solved" if row.solved_at else "waiting" if waits else "open",
        replies=row.reply_count,
        kudos=row.kudos_count,
        created_at=row.created_at,
        last_post_at=row.last_post_at,
        solved_at=row.solved_at,
        language=row.language,
    )


def _columns() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Thread.id, Thread.title, Thread.slug, Thread.kind, Thread.origin_network, Thread.origin_author,
            Thread.reply_count, Thread.kudos_count, Thread.created_at, Thread.last_post_at, Thread.solved_at,
            Thread.first_reply_at, Thread.language, Board.name.label("board_name"), Board.slug.label("board_slug"),
            Account.display_name,
        )
        .join(Board, Board.id == Thread.board_id)
        .outerjoin(Account, Account.id == Thread.author_id)
    )  # fmt: skip


def _filtered(query: Select[*tuple[Any, ...]], wanted: Wanted) -> Select[*tuple[Any, ...]]:
    query = query.where(Thread.hidden_at.is_(None))
    if wanted.board_id is not None:
        query = query.where(Thread.board_id == wanted.board_id)
    if wanted.author_id is not None:
        asked = select(Thread.id).where(Thread.author_id == wanted.author_id).order_by(Thread.created_at.desc())
        query = query.where(Thread.id.in_(asked.limit(LATEST_ASKED)))
    if wanted.tag is not None:
        tagged = select(ThreadTag.thread_id).join(Tag).where(Tag.name == wanted.tag)
        query = query.where(Thread.id.in_(tagged))
    if wanted.which == Which.FOLLOWING:
        query = query.join(Follow, Follow.thread_id == Thread.id).where(Follow.account_id == wanted.follower_id)
    elif wanted.which == Which.SOLVED:
        query = query.where(Thread.solved_at.is_not(None))
    elif wanted.which != Which.LATEST:
        query = query.where(Thread.kind == Kind.QUESTION, Thread.solved_at.is_(None))
        if wanted.which == Which.UNANSWERED:
            query = query.where(Thread.first_reply_at.is_(None))
    return query


def _name(row: ThreadRow) -> str:
    """The key of a row in an address: its time in microseconds, and its id."""
    return f"{(row.last_post_at - _EPOCH) // timedelta(microseconds=1)}-{row.id}"


def _key(name: str | None) -> tuple[datetime, int] | None:
    if name is None:
        return None
    time, _dash, thread_id = name.partition("-")
    if not (time.isdecimal() and thread_id.isdecimal() and len(time) < 18 and len(thread_id) < 18):
        return None
    return _EPOCH + timedelta(microseconds=int(time)), int(thread_id)
