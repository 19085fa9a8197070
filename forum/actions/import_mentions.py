"""Import what turned to us on a network since the cursor. Each page and its cursor are stored in one commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session, sessionmaker

from forum.actions.open_network import OpenNetwork, reference
from forum.kernel.database import writing
from forum.kernel.errors import ForumError
from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.listening.storable import storable
from forum.networks.port import MentionRef, Network, NetworkError, RemotePost

LEASE = timedelta(minutes=2)  # one page's worth of network time, many times over
LONGEST_PAUSE = timedelta(minutes=15)


def import_mentions(
    sessions: sessionmaker[Session], connection_id: int, open_network: OpenNetwork, clock: Callable[[], datetime]
) -> int:
    """How many new mentions were stored; 0 at once where another worker is reading this connection."""
    connection = _take(sessions, connection_id, clock())
    if connection is None:
        return 0
    stored, held = 0, connection.poll_lease_until
    try:
        network = open_network(connection)
        cursor, more = connection.cursor, True
        while more:
            page = network.list_mentions(cursor)
            heard = weigh(network, page.posts)
            kept = _store(sessions, connection_id, held, heard, page.cursor, clock())
            if kept is None:  # paused, removed, or another worker's turn meanwhile
                break
            stored, held = stored + kept.stored, kept.held_until
            cursor, more = page.cursor, page.more
    except NetworkError as error:
        _rest(sessions, connection_id, held, clock(), words=error.words, retry_after=error.retry_after)
    except ForumError as error:  # the credentials cannot be opened: a person has to look
        _rest(sessions, connection_id, held, clock(), words=error.message.text)
    else:
        _rest(sessions, connection_id, held, clock())
    return stored


def new_mention(connection_id: int, post: RemotePost, why_not: str | None, now: datetime) -> Mention:
    return Mention(
        connection_id=connection_id,
        remote_id=post.remote_id,
        conversation_id=post.conversation_id,
        parent_id=post.parent_id,
        author_id=post.author_id,
        author_handle=storable(post.author_handle, 300),
        author_name=storable(post.author_name, 300),
        text=storable(post.text),
        language=storable(post.language, 20) if post.language else None,
        created_at=post.created_at,
        permalink=storable(post.permalink),
        addressed=post.addressed,
        handle=dict(post.handle),
        why_not=why_not,
        imported_at=now,
    )


@dataclass(frozen=True)
class Heard:
    """A post and why it cannot be answered there, if so; asked of the network before any transaction is open."""

    post: RemotePost
    why_not: str | None


def weigh(network: Network, posts: Sequence[RemotePost]) -> list[Heard]:
    reasons = [network.why_not(_reference(post)) for post in posts]
    return [Heard(post, str(reason) if reason else None) for post, reason in zip(posts, reasons, strict=True)]


def store_posts(session: Session, connection_id: int, heard: Sequence[Heard], now: datetime) -> int:
    """Add the posts that are not here yet; the caller holds the connection's row, the database holds the uniqueness."""
    fresh = {one.post.remote_id: one for one in heard}
    known = session.scalars(
        select(Mention.remote_id).where(Mention.connection_id == connection_id, Mention.remote_id.in_(fresh))
    )
    for remote_id in known:
        del fresh[remote_id]
    session.add_all(new_mention(connection_id, one.post, one.why_not, now) for one in fresh.values())
    return len(fresh)


def _reference(post: RemotePost) -> MentionRef:
    return reference(new_mention(0, post, None, post.created_at))


def _take(sessions: sessionmaker[Session], connection_id: int, now: datetime) -> Connection | None:
    """The connection, its lease taken; None where it is paused, gone or being read."""
    with writing(), sessions.begin() as session:
        taken = session.execute(
            update(Connection)
            .where(
                Connection.id == connection_id,
                Connection.paused_at.is_(None),
                Connection.removed_at.is_(None),
                or_(Connection.poll_lease_until.is_(None), Connection.poll_lease_until < now),
            )
            .values(poll_lease_until=now + LEASE)
        )
        won = isinstance(taken, CursorResult) and taken.rowcount == 1
        return session.get_one(Connection, connection_id) if won else None


@dataclass(frozen=True)
class _Kept:
    stored: int
    held_until: datetime


def _store(
    sessions: sessionmaker[Session],
    connection_id: int,
    held: datetime | None,
    heard: Sequence[Heard],
    cursor: str | None,
    now: datetime,
) -> _Kept | None:
    """One page and its cursor in one commit; None, and nothing is stored, where the reading is not ours any more."""
    with writing(), sessions.begin() as session:
        connection = session.get_one(Connection, connection_id, with_for_update=True)
        if not _is_ours(connection, held) or connection.paused_at is not None:
            return None
        stored = store_posts(session, connection_id, heard, now)
        connection.cursor = cursor
        connection.poll_lease_until = now + LEASE
        return _Kept(stored, connection.poll_lease_until)


def _is_ours(connection: Connection, held: datetime | None) -> bool:
    """The lease is its own fence: whoever stalled past it finds another time there, and must not turn the cursor back."""
    return connection.poll_lease_until == held and connection.removed_at is None


def _rest(
    sessions: sessionmaker[Session],
    connection_id: int,
    held: datetime | None,
    now: datetime,
    *,
    words: str | None = None,
    retry_after: timedelta | None = None,
) -> None:
    """Give the lease back and say when to come again: sooner after success, later the longer it has failed.

    `words` say what went wrong, the network's own or a rule's; None where nothing did.
    """
    with writing(), sessions.begin() as session:
        connection = session.get_one(Connection, connection_id, with_for_update=True)
        if not _is_ours(connection, held):
            return
        pause = timedelta(seconds=connection.poll_seconds)
        connection.poll_lease_until = None
        connection.polled_at = now
        if words is None:
            connection.failing_since = connection.failure = None
        else:
            connection.failing_since = connection.failing_since or now
            connection.failure = storable(words)
            failing = now - connection.failing_since
            pause = retry_after or min(max(pause, failing / 2, timedelta(seconds=5)), LONGEST_PAUSE)
        connection.poll_due_at = now + pause
