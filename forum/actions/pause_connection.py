"""Pause a connection, and resume it: nothing is read or sent in between, and nothing is lost."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forum.actions.connect_network import log_entry
from forum.kernel.database import lock
from forum.kernel.errors import Conflict
from forum.kernel.messages import Message
from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.outbox.delivery import Delivery, State
from forum.people.account import Account
from forum.people.permissions import Act, require


def pause_connection(session: Session, connection: Connection, by: Account, now: datetime) -> None:
    """A second time changes nothing."""
    hold(session, connection, by)
    if connection.paused_at is None:
        connection.paused_at = now
        session.add(log_entry(connection, "paused", by, now))
    session.flush()


def resume_connection(session: Session, connection: Connection, by: Account, now: datetime) -> None:
    """It is read at once, and what waited meanwhile is due now."""
    hold(session, connection, by)
    if connection.paused_at is None:
        return
    connection.paused_at, connection.poll_due_at = None, now
    its_mentions = select(Mention.id).where(Mention.connection_id == connection.id)
    session.execute(
        update(Delivery)
        .where(Delivery.state.in_((State.WAITING, State.UNCERTAIN)), Delivery.due_at > now)
        .where(Delivery.mention_id.in_(its_mentions))
        .values(due_at=now)
        .execution_options(synchronize_session=False)
    )
    session.add(log_entry(connection, "resumed", by, now))
    session.flush()


def read_now(session: Session, connection: Connection, by: Account, now: datetime) -> None:
    """Due at once; the caller rings for it after its commit, the sweep finds it should the bell be lost."""
    hold(session, connection, by)
    if connection.paused_at is not None:
        raise Conflict(Message("This connection is paused. Resume it first."))
    connection.poll_due_at = now
    session.flush()


def hold(session: Session, connection: Connection, by: Account) -> None:
    """Ask the permission table, and take the row so that what follows decides on its present state."""
    require(by, Act.CONNECT_NETWORKS)
    lock(session, connection)
    if connection.removed_at is not None:
        raise Conflict(Message("This connection has been removed meanwhile."))
