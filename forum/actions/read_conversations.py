"""Read on in the conversations of imported threads: what the asker posts later may not be addressed to us."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, sessionmaker

from forum.actions.import_mentions import store_posts, weigh
from forum.actions.open_network import OpenNetwork, reference
from forum.kernel.database import writing
from forum.kernel.errors import ForumError
from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.networks.port import NetworkError

log = logging.getLogger(__name__)

READ_EVERY = timedelta(minutes=10)
READ_FOR = timedelta(days=14)  # after that only what is addressed to us comes in
AT_ONCE = 25


def read_due_conversations(
    sessions: sessionmaker[Session], open_network: OpenNetwork, clock: Callable[[], datetime]
) -> int:
    """How many new posts were stored; triage turns them into replies."""
    now = clock()
    with sessions() as session:
        due = session.execute(
            select(Mention, Connection)
            .join(Connection)
            .where(
                Mention.opens_thread,
                Mention.created_at > now - READ_FOR,
                or_(Mention.conversation_read_at.is_(None), Mention.conversation_read_at < now - READ_EVERY),
                Connection.removed_at.is_(None),
                Connection.paused_at.is_(None),
            )
            .order_by(Mention.conversation_read_at.is_not(None), Mention.conversation_read_at, Mention.id)
            .limit(AT_ONCE)
        ).all()
    return sum(_read(sessions, mention, connection, open_network, clock) for mention, connection in due)


def _read(
    sessions: sessionmaker[Session],
    mention: Mention,
    connection: Connection,
    open_network: OpenNetwork,
    clock: Callable[[], datetime],
) -> int:
    try:
        network = open_network(connection)
        heard = weigh(network, network.read_conversation(reference(mention)))
    except (NetworkError, ForumError) as error:
        log.info("conversation of mention %s was not read: %s", mention.id, error)
        return 0
    with writing(), sessions.begin() as session:
        session.get_one(Connection, connection.id, with_for_update=True)
        session.get_one(Mention, mention.id).conversation_read_at = clock()
        return store_posts(session, connection.id, heard, clock())
