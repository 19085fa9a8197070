"""What causes are worth: now, board by board, and all that was ever set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.people.account import Account
from forum.superfans.causes import CAUSES, Cause
from forum.superfans.points import PointWeight
from forum.threads.board import Board

SHOWN = 200


@dataclass(frozen=True)
class WorthThere:
    """`board` None: every board without its own. `daily_cap` None: none."""

    board_id: int | None
    board: str | None
    points: int
    daily_cap: int | None


@dataclass(frozen=True)
class CauseWorth:
    cause: Cause
    places: Sequence[WorthThere]


@dataclass(frozen=True)
class WeightRow:
    cause: Cause
    board: str | None
    points: int
    daily_cap: int | None
    set_by: str
    set_at: datetime


def point_weights(session: Session, boards: Sequence[Board]) -> tuple[Sequence[CauseWorth], Sequence[WeightRow]]:
    """What holds, in the order of the causes, and the latest rows; of `boards` alone. One query."""
    names = {board.id: board.name for board in boards}
    found = select(PointWeight, Account.display_name).join(Account, Account.id == PointWeight.set_by_id)
    rows = [
        (weight, by)
        for weight, by in session.execute(found.order_by(PointWeight.set_at, PointWeight.id))
        if weight.kind in CAUSES and (weight.board_id is None or weight.board_id in names)
    ]
    history = [
        WeightRow(CAUSES[one.kind], names.get(one.board_id or 0), one.points, one.daily_cap, by, one.set_at)
        for one, by in rows
    ]
    latest = {(one.kind, one.board_id): one for one, _by in rows}
    worths = [CauseWorth(cause, _places(cause, latest, names)) for cause in CAUSES.values()]
    return worths, history[::-1][:SHOWN]


def _places(cause: Cause, latest: dict[tuple[str, int | None], PointWeight], names: dict[int, str]) -> list[WorthThere]:
    common = latest.get((cause.kind, None))
    everywhere = WorthThere(
        None, None, *((common.points, common.daily_cap) if common else (cause.points, cause.daily_cap))
    )
    own = [(board_id, latest.get((cause.kind, board_id))) for board_id in names]
    return [everywhere, *(WorthThere(board, names[board], one.points, one.daily_cap) for board, one in own if one)]
