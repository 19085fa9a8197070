"""Connected networks as admins see them: where each is listening, and what has gone out by it. No secret is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.outbox.delivery import Delivery, Kind, State
from forum.threads.board import Board


@dataclass(frozen=True)
class ConnectionRow:
    id: int
    kind: str
    network: str
    handle: str
    name: str
    board: str
    withdrawal: str
    cost_per_reply: Decimal | None
    state: str  # listening | paused | failing
    since: datetime | None  # of being paused or failing
    failure: str | None  # the network's own words, or a rule's sentence
    read_at: datetime | None
    mentions: int
    sent: int
    failed: int
    unsettled: int  # on their way, held or with a person


def list_connections(session: Session) -> Sequence[ConnectionRow]:
    """Those that stand, the oldest first; three queries however many there are."""
    rows = session.execute(
        select(Connection, Board.name)
        .join(Board, Board.id == Connection.board_id)
        .where(Connection.removed_at.is_(None))
        .order_by(Connection.made_at, Connection.id)
    ).all()
    heard = _heard(session)
    replies = _replies(session)
    return [_row(connection, board, heard.get(connection.id, 0), replies) for connection, board in rows]


def _heard(session: Session) -> dict[int, int]:
    counted = select(Mention.connection_id, func.count()).group_by(Mention.connection_id)
    return dict(session.execute(counted).all())


def _replies(session: Session) -> dict[int, tuple[int, int, int]]:
    """By connection: sent, failed, and the rest that is not cancelled."""
    failed = (State.FAILED, State.PARKED)
    counted = (
        select(
            Mention.connection_id,
            func.count(case((Delivery.state == State.SENT, 1))),
            func.count(case((Delivery.state.in_(failed), 1))),
            func.count(case((Delivery.state.not_in((State.SENT, State.CANCELLED, *failed)), 1))),
        )
        .join(Mention, Mention.id == Delivery.mention_id)
        .where(Delivery.kind == Kind.REPLY)
        .group_by(Mention.connection_id)
    )
    return {connection_id: (sent, bad, rest) for connection_id, sent, bad, rest in session.execute(counted)}


def _row(connection: Connection, board: str, heard: int, replies: dict[int, tuple[int, int, int]]) -> ConnectionRow:
    paused, failing = connection.paused_at, connection.failing_since
    sent, failed, unsettled = replies.get(connection.id, (0, 0, 0))
    return ConnectionRow(
        id=connection.id,
        kind=connection.kind,
        network=connection.title,
        handle=connection.account_handle,
        name=connection.account_name,
        board=board,
        withdrawal=connection.withdrawal,
        cost_per_reply=connection.cost_per_reply,
        state="paused" if paused else "failing" if failing else "listening",
        since=paused or failing,
        failure=connection.failure if failing else None,
        read_at=connection.polled_at,
        mentions=heard,
        sent=sent,
        failed=failed,
        unsettled=unsettled,
    )
