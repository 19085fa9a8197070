"""The targets for answering on networks: those in force, and every row with who set it when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.ledger.report_view import ResponseTarget
from forum.listening.connection import Connection
from forum.people.account import Account

SHOWN = 200


@dataclass(frozen=True)
class TargetRow:
    network: str  # "": every network without a target of its own
    minutes: int  # 0: answered at all
    share: Decimal
    set_by: str
    set_at: datetime
    replaced: bool


def list_targets(session: Session) -> Sequence[TargetRow]:
    """The latest first."""
    rows = session.execute(
        select(ResponseTarget, Account.display_name)
        .join(Account, Account.id == ResponseTarget.set_by_id)
        .order_by(ResponseTarget.id.desc())
        .limit(SHOWN)
    )
    seen: set[tuple[str, int]] = set()
    found: list[TargetRow] = []
    for target, name in rows:
        key = (target.network, target.minutes)
        found.append(TargetRow(target.network, target.minutes, target.share, name, target.set_at, key in seen))
        seen.add(key)
    return found


def connected_networks(session: Session) -> Sequence[tuple[str, str]]:
    """Kind and title of each network that is or was connected, by title; of several of a kind, the first one's title."""
    rows = session.execute(select(Connection.kind, Connection.title).order_by(Connection.id))
    titles: dict[str, str] = {}
    for kind, title in rows:
        titles.setdefault(kind, title)
    return sorted(titles.items(), key=lambda one: one[1])
