"""Remove a connection: its secrets are wiped, nothing is read or sent any more; its mentions and threads stay."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.connect_network import log_entry
from forum.actions.pause_connection import hold
from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.outbox.claiming import call_back
from forum.outbox.delivery import Delivery, Kind, State
from forum.people.account import Account


def remove_connection(session: Session, connection: Connection, by: Account, now: datetime) -> None:
    """Replies that surely have not left are cancelled; one that is on its way is settled by its worker."""
    hold(session, connection, by)
    connection.removed_at = now
    connection.sealed_secrets = ""
    connection.poll_due_at = connection.poll_lease_until = None
    connection.failing_since = connection.failure = None
    unsent = (
        select(Delivery)
        .join(Mention, Mention.id == Delivery.mention_id)
        .where(
            Mention.connection_id == connection.id,
            Delivery.kind == Kind.REPLY,
            Delivery.state.in_((State.HELD, State.WAITING)),
        )
    )
    cancelled = sum(call_back(session, delivery, now) for delivery in session.scalars(unsent).all())
    session.add(log_entry(connection, "removed", by, now, cancelled_replies=cancelled))
    session.flush()
