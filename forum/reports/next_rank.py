"""How far a member is from the next rank, or from keeping the one that they may lose, from what is kept of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.people.account import Account
from forum.people.roles import Role
from forum.superfans.formula import Gap
from forum.superfans.ladder import Held, ladder, next_step
from forum.superfans.measured import read_values
from forum.superfans.rank import MemberMeasure, Rank


@dataclass(frozen=True)
class NextRank:
    """`rank` is the held one where the member may lose it. `gaps` may be empty: of some formulas nobody can say by how much they fail."""

    rank: Rank
    gaps: Sequence[Gap]


def next_rank(session: Session, account: Account, ranks: Sequence[Rank]) -> NextRank | None:
    """One query. None for staff, before the first measuring, on the highest rank, and where nothing is missing any more."""
    if account.role != Role.CUSTOMER:
        return None
    steps = ladder(ranks)
    step = next_step(steps, Held(account.rank_id))
    if account.rank_falls_at is not None:
        step = next((one for one in steps if one.rank_id == account.rank_id), step)
    kept = session.scalar(select(MemberMeasure.values).where(MemberMeasure.account_id == account.id))
    if kept is None or step is None or step.formula is None:
        return None
    values = read_values(kept)
    if step.formula.holds(values):
        return None
    rank = next(one for one in ranks if one.id == step.rank_id)
    return NextRank(rank, step.formula.gaps(values))
