"""Who is about to become a superfan: little is missing to a rank that carries rights, or they grow fast."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from forum.superfans.formula import Formula, Gap, Values
from forum.superfans.formula_parts import Comparison
from forum.superfans.ladder import ladder
from forum.superfans.rank import Rank

NEARLY = Decimal("0.75")  # of what is asked is done
MOST_GAPS = 2
MANY, GROWTH = 5, 2  # solutions in 90 days, and how many times those of the 90 days before


@dataclass(frozen=True)
class Becoming:
    """`gaps` are what is missing to the rank; without any, they solved `solutions` after `earlier` in 90 days each."""

    gaps: Sequence[Gap]
    solutions: int
    earlier: int


def goal_of(ranks: Iterable[Rank]) -> Formula | None:
    """The formula of the lowest rank that carries rights; None where there is none that can be read."""
    steps = [step for step in ladder(rank for rank in ranks if rank.rights) if step.formula is not None]
    return steps[-1].formula if steps else None


def becoming(goal: Formula | None, values: Values) -> Becoming | None:
    """None for who is not near the goal and does not grow."""
    solutions, earlier = (int(values[name] or 0) for name in ("solutions_90d", "earlier_solutions"))
    gaps = _gaps(goal, values)
    if gaps or (solutions >= MANY and solutions >= GROWTH * earlier):
        return Becoming(gaps, solutions, earlier)
    return None


def _gaps(goal: Formula | None, values: Values) -> Sequence[Gap]:
    """Empty unless a little more is all that it takes."""
    if goal is None or goal.holds(values):
        return ()
    gaps = goal.gaps(values)
    if not 0 < len(gaps) <= MOST_GAPS or not all(_is_small(gap) for gap in gaps):
        return ()
    met = goal.holds({**values, **{gap.metric: gap.wants for gap in gaps}})
    return gaps if met else ()  # something else is missing too, of which nobody can say how much


def _is_small(gap: Gap) -> bool:
    return gap.comparison == Comparison.AT_LEAST and gap.has is not None and gap.has >= NEARLY * gap.wants
