"""Set what a cause is worth from now on: for every board without its own, or for one. The latest row holds; no old points change."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.kernel.errors import Invalid
from forum.kernel.messages import Message
from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.superfans.causes import CAUSES
from forum.superfans.points import PointWeight
from forum.threads.board import Board

MOST_POINTS, MOST_A_DAY = 1000, 100_000


def set_weight(
    session: Session,
    by: Account,
    *,
    kind: str,
    board_id: int | None,
    points: int | None,
    daily_cap: int | None,
    now: datetime,
) -> PointWeight:
    """What holds already is not set again. `daily_cap` None: none. A cause that was declared without a cap, such as an accepted answer, never gets one."""
    require(by, Act.KEEP_RANKS)
    wrong: dict[str, Message] = {}
    cause = CAUSES.get(kind)
    if cause is None:
        wrong["kind"] = Message("Please choose one of the causes.")
    if board_id is not None and session.get(Board, board_id) is None:
        wrong["board"] = Message("Please choose one of the boards.")
    if points is None or not 0 <= points <= MOST_POINTS:
        wrong["points"] = Message("A whole number from 0 to %(most)s, please.", {"most": MOST_POINTS})
    if daily_cap is not None and not 0 <= daily_cap <= MOST_A_DAY:
        wrong["daily_cap"] = Message("A whole number from 0 to %(most)s, please.", {"most": MOST_A_DAY})
    elif daily_cap is not None and cause is not None and cause.daily_cap is None:
        wrong["daily_cap"] = Message("There is no limit a day for this cause: it is never too much of a good thing.")
    if wrong or points is None:
        raise Invalid(Message("Please check what is marked below."), wrong)
    if (standing := _latest(session, kind, board_id)) is not None and _says(standing, points, daily_cap):
        return standing
    weight = PointWeight(
        kind=kind, board_id=board_id, points=points, daily_cap=daily_cap, set_by_id=by.id, set_at=now
    )  # fmt: skip
    session.add(weight)
    session.flush()
    details = {"kind": kind, "board": board_id, "points": points, "daily_cap": daily_cap}
    session.add(LogEntry(act=Act.KEEP_RANKS, about=f"point_weight:{weight.id}", by_id=by.id, at=now, details=details))
    session.flush()
    return weight


def _latest(session: Session, kind: str, board_id: int | None) -> PointWeight | None:
    of_place = select(PointWeight).where(PointWeight.kind == kind, PointWeight.board_id.is_not_distinct_from(board_id))
    return session.scalars(of_place.order_by(PointWeight.set_at.desc(), PointWeight.id.desc()).limit(1)).first()


def _says(weight: PointWeight, points: int, daily_cap: int | None) -> bool:
    return (weight.points, weight.daily_cap) == (points, daily_cap)
