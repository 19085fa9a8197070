"""Which rank a member holds, from what the metrics say of them: up at once, down only after a time of grace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from forum.superfans.formula import Formula, FormulaError, Gap, Values, parse
from forum.superfans.formula_parts import Comparison
from forum.superfans.metric import Unit
from forum.superfans.metrics import NAMED
from forum.superfans.rank import Rank

NEAR = 3  # so few more of anything are worth a word


@dataclass(frozen=True)
class Step:
    """A rank with its formula read. `formula` None: it names a metric that is no more; who holds the rank keeps it."""

    rank_id: int
    position: int
    grace: timedelta
    formula: Formula | None


@dataclass(frozen=True)
class Held:
    """The rank that a member holds, and until when they keep it though its formula holds no longer."""

    rank_id: int | None
    falls_at: datetime | None = None


@dataclass(frozen=True)
class Near:
    """One thing is missing to the next rank, and not much of it."""

    rank_id: int
    metric: str
    missing: int


def ladder(ranks: Iterable[Rank]) -> Sequence[Step]:
    """Those that are not retired, the highest first."""
    standing = (rank for rank in ranks if rank.retired_at is None)
    steps = [Step(one.id, one.position, timedelta(days=one.grace_days), read(one.formula)) for one in standing]
    return sorted(steps, key=lambda step: (-step.position, step.rank_id))


def read(text: str) -> Formula | None:
    """A kept formula; None if it can be read no longer, since metrics may go with a later version."""
    try:
        return parse(text)
    except FormulaError:
        return None


def reached(steps: Sequence[Step], values: Values) -> Step | None:
    """The highest step whose formula holds."""
    return next((step for step in steps if step.formula is not None and step.formula.holds(values)), None)


def weigh(steps: Sequence[Step], values: Values, held: Held, now: datetime) -> Held:
    """What the member holds from now on. A retired rank is held no longer; a lower one is given when the grace has run out."""
    best = reached(steps, values)
    standing = next((step for step in steps if step.rank_id == held.rank_id), None)
    if standing is None or (best is not None and best.position >= standing.position):
        return Held(best.rank_id if best else None)
    if standing.formula is None:
        return Held(standing.rank_id)
    falls_at = held.falls_at or now + standing.grace
    if falls_at > now:
        return Held(standing.rank_id, falls_at)
    return Held(best.rank_id if best else None)


def next_step(steps: Sequence[Step], held: Held) -> Step | None:
    """The lowest rank above the one that is held."""
    standing = next((step for step in steps if step.rank_id == held.rank_id), None)
    above = [step for step in steps if standing is None or step.position > standing.position]
    return above[-1] if above else None


def near(steps: Sequence[Step], values: Values, held: Held) -> Near | None:
    """The next rank, if a little more of one thing that a member can do is all that it takes, and most of it is done."""
    step = next_step(steps, held)
    if step is None or step.formula is None or step.formula.holds(values):
        return None
    gaps = step.formula.gaps(values)
    if len(gaps) != 1 or not _is_small(gaps[0]):
        return None
    gap = gaps[0]
    if not step.formula.holds({**values, gap.metric: gap.wants}):
        return None  # something else is missing too, of which nobody can say how much
    return Near(step.rank_id, gap.metric, int(gap.missing or 0))


def _is_small(gap: Gap) -> bool:
    if gap.comparison != Comparison.AT_LEAST or NAMED[gap.metric].unit != Unit.COUNT or gap.missing is None:
        return False
    return 0 < gap.missing <= NEAR and gap.missing * 2 <= gap.wants
