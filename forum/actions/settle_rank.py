"""Give a member the rank that their figures earn: up at once, down after a time of grace and a kind word before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.actions.settle_rights import settle_rights
from forum.actions.tell import About, tell
from forum.notices.events import RANK_FALLEN, RANK_FALLING, RANK_NEAR, RANK_RISEN
from forum.people.account import Account
from forum.superfans.formula import Values
from forum.superfans.ladder import Held, Step, ladder, near, weigh
from forum.superfans.rank import Rank, RankChange


@dataclass(frozen=True)
class Ladder:
    """The ranks that can be held, the highest first; `positions` knows the retired ones as well."""

    steps: Sequence[Step]
    positions: Mapping[int, int]

    def is_above(self, one: int | None, other: int | None) -> bool:
        """No rank is below every rank."""
        return self._height(one) > self._height(other)

    def _height(self, rank_id: int | None) -> int:
        return -1 if rank_id is None else self.positions[rank_id]


def read_ladder(session: Session) -> Ladder:
    ranks = session.scalars(select(Rank)).all()
    return Ladder(ladder(ranks), {rank.id: rank.position for rank in ranks})


def settle_rank(
    session: Session, account: Account, values: Values | None, ladder: Ladder, now: datetime, *, quiet: bool = False
) -> None:
    """The caller holds the account's row. `values` None: somebody who holds no rank, since they left or joined the staff."""
    before = Held(account.rank_id, account.rank_falls_at)
    after = Held(None) if values is None else weigh(ladder.steps, values, before, now)
    account.rank_id, account.rank_falls_at = after.rank_id, after.falls_at
    if after.rank_id != before.rank_id:
        session.add(RankChange(account_id=account.id, from_id=before.rank_id, to_id=after.rank_id, at=now))
        session.flush()
    settle_rights(session, account, now)
    if not quiet and values is not None:
        _tell(session, account.id, before, after, ladder, now)
        _tell_of_the_next(session, account.id, values, after, ladder, now)


def _tell(session: Session, account_id: int, before: Held, after: Held, ladder: Ladder, now: datetime) -> None:
    if after.rank_id != before.rank_id:
        newest = session.scalar(select(func.max(RankChange.id)).where(RankChange.account_id == account_id))
        event = RANK_RISEN if ladder.is_above(after.rank_id, before.rank_id) else RANK_FALLEN
        details: dict[str, object] = {"rank": after.rank_id, "from": before.rank_id}
        tell(session, account_id, event, About(f"rank_change:{newest}", details=details), now)
    elif after.falls_at is not None and before.falls_at is None:
        details = {"rank": after.rank_id, "until": after.falls_at.isoformat()}
        key = f"rank_falling:{after.rank_id}:{after.falls_at:%Y-%m-%d}"
        tell(session, account_id, RANK_FALLING, About(key, details=details), now)


def _tell_of_the_next(
    session: Session, account_id: int, values: Values, held: Held, ladder: Ladder, now: datetime
) -> None:
    """Once for a rank in a month."""
    found = near(ladder.steps, values, held)
    if found is not None:
        details = {"rank": found.rank_id, "metric": found.metric, "missing": found.missing}
        tell(session, account_id, RANK_NEAR, About(f"rank_near:{found.rank_id}:{now:%Y-%m}", details=details), now)
