"""What earns points. A new cause is one declaration here; what it is worth can be changed by an admin, per board."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from forum.kernel.messages import Message
from forum.people.account import Account


class Trust(StrEnum):
    """How far the giver of kudos was known when they were given; it is kept with the kudos, so it never changes later."""

    NEWCOMER = "newcomer"  # a member for less than two weeks who has solved nothing yet
    MEMBER = "member"
    TRUSTED = "trusted"  # a superfan, or staff


# Half, once or one and a half times what kudos are worth; the published rule of docs/points.md.
HALVES: Mapping[Trust, int] = {Trust.NEWCOMER: 1, Trust.MEMBER: 2, Trust.TRUSTED: 3}


@dataclass(frozen=True)
class Cause:
    """`points` and `daily_cap` hold until an admin sets others. A cap of None leaves the cause out of it."""

    kind: str
    title: Message
    points: int
    daily_cap: int | None = None
    counts_solution: bool = False
    counts_kudos: bool = False


ACCEPTED = Cause("acceptance", Message("Answer accepted"), 10, counts_solution=True)
ACCEPTED_MENTION = Cause("accepted_mention", Message("Answer to a mention accepted"), 5)
FIRST_TO_SOLVE = Cause("first_to_solve", Message("Solved by the first reply"), 3)
KUDOS = Cause("kudos", Message("Kudos on an answer"), 2, daily_cap=60, counts_kudos=True)
SAME_PROBLEM = Cause("same_problem", Message("Thanked by somebody with the same problem"), 2, daily_cap=20)
IMPORTED_KUDOS = Cause("imported_kudos", Message("Imported kudos on an answer"), 2, daily_cap=60, counts_kudos=True)

CAUSES: Mapping[str, Cause] = {
    cause.kind: cause for cause in (ACCEPTED, ACCEPTED_MENTION, FIRST_TO_SOLVE, KUDOS, SAME_PROBLEM, IMPORTED_KUDOS)
}

NEWCOMER_FOR = timedelta(days=14)


def trust_of(giver: Account, now: datetime) -> Trust:
    """How far the giver of kudos is known now."""
    if giver.is_staff or giver.superfan_since is not None:
        return Trust.TRUSTED
    if giver.solutions == 0 and now - giver.created_at < NEWCOMER_FOR:
        return Trust.NEWCOMER
    return Trust.MEMBER


def worth(points: int, trust: Trust) -> int:
    """What kudos that are worth `points` are worth from such a giver, in whole points, halves rounded up."""
    return (points * HALVES[trust] + 1) // 2
