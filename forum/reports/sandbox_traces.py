"""Which posts of the sandbox are known to the forum: where their threads stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.threads.private_boards import thread_is_readable
from forum.threads.thread import Thread


@dataclass(frozen=True)
class Trace:
    """What the forum made of a post."""

    route: str | None  # None: heard, not triaged yet
    thread_id: int | None
    thread_title: str | None
    solved: bool
    opens_thread: bool


def sandbox_traces(session: Session, post_ids: Sequence[int]) -> Mapping[int, Trace]:
    """By the id of the sandbox post; posts that nobody heard are left out. One query."""
    rows = session.execute(
        select(
            Mention.remote_id,
            Mention.route,
            Thread.id.label("thread_id"),
            Mention.opens_thread,
            Thread.title,
            Thread.solved_at,
        )
        .join(Connection)
        .outerjoin(Thread, and_(Thread.id == Mention.thread_id, thread_is_readable(None)))
        .where(Connection.kind == "sandbox", Mention.remote_id.in_([str(post_id) for post_id in post_ids]))
    )
    return {
        int(row.remote_id): Trace(row.route, row.thread_id, row.title, row.solved_at is not None, row.opens_thread)
        for row in rows
    }


def listening_to_sandbox(session: Session) -> Sequence[int]:
    """The connections that listen to the sandbox now: whom to ring when somebody posts there."""
    return session.scalars(
        select(Connection.id).where(
            Connection.kind == "sandbox", Connection.paused_at.is_(None), Connection.removed_at.is_(None)
        )
    ).all()
