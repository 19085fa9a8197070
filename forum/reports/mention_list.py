"""Mentions as staff see them: filtered, the newest first, each with what became of it; a fixed number of queries a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, select, tuple_
from sqlalchemy.orm import Session

from forum.listening.connection import Connection
from forum.listening.mention import Mention, Route
from forum.outbox.delivery import Delivery, Kind, State
from forum.people.account import Account
from forum.threads.post import Post
from forum.threads.thread import Thread

PAGE = 20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Filters:
    """What the address asks for."""

    route: str | None = None
    connection_id: int | None = None
    unanswered: bool = False  # no reply of ours stands there, and it was not ignored
    unanswerable: bool = False  # the network does not let us answer it


@dataclass(frozen=True)
class ReplyState:
    delivery_id: int
    state: str
    permalink: str | None
    taken_back: bool


@dataclass(frozen=True)
class MentionRow:
    id: int
    network: str
    account: str  # ours, which heard it
    author_handle: str
    author_name: str
    text: str
    language: str | None
    created_at: datetime
    permalink: str
    route: str | None  # None: triage has not seen it yet
    reasons: Sequence[str]  # names of what spoke against the community
    routed_by: str | None
    why_not: str | None
    stands: bool  # it is a public thread or reply
    thread_id: int | None
    thread_slug: str
    thread_title: str | None
    reply: ReplyState | None


@dataclass(frozen=True)
class MentionPage:
    """`older` and `newer` are the keys of the pages beside this one, None where there is none."""

    rows: Sequence[MentionRow]
    older: str | None
    newer: str | None


@dataclass(frozen=True)
class Heard:
    """A connection that has been heard, for the filter."""

    id: int
    network: str
    account: str


def list_mentions(
    session: Session, filters: Filters, *, before: str | None = None, after: str | None = None
) -> MentionPage:
    """`before` and `after` are keys of an earlier page; a bad one is ignored."""
    older_than, newer_than = _key(before), _key(after)
    query = _filtered(_columns(), filters)
    spot = tuple_(Mention.imported_at, Mention.id)
    upwards = newer_than is not None and older_than is None
    if upwards:
        query = query.where(spot > newer_than).order_by(Mention.imported_at, Mention.id)
    else:
        if older_than is not None:
            query = query.where(spot < older_than)
        query = query.order_by(Mention.imported_at.desc(), Mention.id.desc())
    found = session.execute(query.limit(PAGE + 1)).all()
    more, taken = len(found) > PAGE, list(found[:PAGE])
    if upwards:
        taken.reverse()
    replies = _replies(session, [row.Mention.id for row in taken])
    rows = [_row(row, replies) for row in taken]
    first, last = (_name(taken[0].Mention), _name(taken[-1].Mention)) if taken else (None, None)
    if upwards:
        return MentionPage(rows, last, first if more else None)
    return MentionPage(rows, last if more else None, first if older_than is not None else None)


def count_routes(session: Session) -> Mapping[str | None, int]:
    """How many mentions took each route; None: not triaged yet."""
    counted = session.execute(select(Mention.route, func.count()).group_by(Mention.route))
    return dict(counted.all())


def heard_connections(session: Session) -> Sequence[Heard]:
    rows = session.execute(select(Connection.id, Connection.title, Connection.account_handle).order_by(Connection.id))
    return [Heard(*row) for row in rows]


def _columns() -> Select[*tuple[Any, ...]]:
    stands = exists().where(Post.mention_id == Mention.id).label("stands")
    return (
        select(
            Mention, Connection.title, Connection.account_handle, Account.display_name, stands,
            Thread.slug, Thread.title.label("thread_title"),
        )
        .join(Connection, Connection.id == Mention.connection_id)
        .outerjoin(Account, Account.id == Mention.routed_by_id)
        .outerjoin(Thread, Thread.id == Mention.thread_id)
    )  # fmt: skip


def _filtered(query: Select[*tuple[Any, ...]], filters: Filters) -> Select[*tuple[Any, ...]]:
    if filters.route is not None:
        query = query.where(Mention.route == filters.route)
    if filters.connection_id is not None:
        query = query.where(Mention.connection_id == filters.connection_id)
    if filters.unanswerable:
        query = query.where(Mention.why_not.is_not(None))
    if filters.unanswered:
        answered = exists().where(
            Delivery.mention_id == Mention.id, Delivery.kind == Kind.REPLY, Delivery.state == State.SENT
        )
        query = query.where(~answered, Mention.route.is_distinct_from(Route.IGNORE))
    return query


def _replies(session: Session, mention_ids: Sequence[int]) -> Mapping[int, ReplyState]:
    """The latest reply of each mention; a cancelled one counts only where no other was made."""
    rows = session.execute(
        select(Delivery.id, Delivery.mention_id, Delivery.kind, Delivery.state, Delivery.permalink, Delivery.of_id)
        .where(Delivery.mention_id.in_(mention_ids), Delivery.kind.in_((Kind.REPLY, Kind.RETRACTION)))
        .order_by(Delivery.id)
    ).all()
    taken_back = {row.of_id for row in rows if row.kind == Kind.RETRACTION and row.state == State.SENT}
    found: dict[int, ReplyState] = {}
    for row in rows:
        if row.kind == Kind.REPLY and (row.state != State.CANCELLED or row.mention_id not in found):
            found[row.mention_id] = ReplyState(row.id, row.state, row.permalink, row.id in taken_back)
    return found


def _row(row: Any, replies: Mapping[int, ReplyState]) -> MentionRow:
    mention = row.Mention
    return MentionRow(
        id=mention.id,
        network=row.title,
        account=row.account_handle,
        author_handle=mention.author_handle,
        author_name=mention.author_name,
        text=mention.text,
        language=mention.language,
        created_at=mention.created_at,
        permalink=mention.permalink,
        route=mention.route,
        reasons=tuple(mention.route_reasons),
        routed_by=row.display_name,
        why_not=mention.why_not,
        stands=row.stands,
        thread_id=mention.thread_id,
        thread_slug=row.slug or "",
        thread_title=row.thread_title,
        reply=replies.get(mention.id),
    )


def _name(mention: Mention) -> str:
    """The key of a row in an address: its time in microseconds, and its id."""
    return f"{(mention.imported_at - _EPOCH) // timedelta(microseconds=1)}-{mention.id}"


def _key(name: str | None) -> tuple[datetime, int] | None:
    if name is None:
        return None
    time, _dash, mention_id = name.partition("-")
    if not (time.isdecimal() and mention_id.isdecimal() and len(time) < 18 and len(mention_id) < 18):
        return None
    return _EPOCH + timedelta(microseconds=int(time)), int(mention_id)
