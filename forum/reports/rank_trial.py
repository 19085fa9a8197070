"""What a formula would change, tried on what members were last measured at, before it is saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from math import floor
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from forum.people.account import Account
from forum.people.permissions import Act
from forum.people.roles import Role
from forum.superfans.badge import BadgeAward
from forum.superfans.formula import Formula, Values
from forum.superfans.grant import SuperfanGrant
from forum.superfans.ladder import Held, Step, ladder, weigh
from forum.superfans.rank import MemberMeasure, Rank

NAMES = 12
LOTS = 500
NEW = -1  # the draft of a rank that is not there yet


@dataclass(frozen=True)
class Named:
    name: str
    display_name: str


@dataclass(frozen=True)
class RankTrial:
    """Against what the ranks say today. `falling` would lose their rank when its grace has run out. Names are the first few.

    `gaining` and `losing` would get a right at once, or lose one, whether they move or not: what staff gave them stays.
    """

    measured: int
    holding: int  # members who would meet the formula and nothing higher
    rising: int
    falling: int
    who_rise: Sequence[Named]
    who_fall: Sequence[Named]
    gaining: int
    losing: int
    who_gain: Sequence[Named]
    who_lose: Sequence[Named]


@dataclass(frozen=True)
class BadgeTrial:
    """`earning` would get it, or more of it, and have not yet."""

    measured: int
    meeting: int
    earning: int
    who: Sequence[Named]


@dataclass(frozen=True)
class RankDraft:
    """A rank as it stands in the form. `rank_id` None: a new one. `above`: the rank directly below it."""

    rank_id: int | None
    formula: Formula
    grace_days: int
    above: int | None
    rights: Sequence[str] = ()


def try_rank(session: Session, draft: RankDraft, now: datetime) -> RankTrial:
    """Two queries; the second reads every member's measures of the metrics that ranks name, in lots."""
    ranks = session.scalars(select(Rank).where(Rank.retired_at.is_(None)).order_by(Rank.position, Rank.id)).all()
    today, after = ladder(ranks), _with_draft(ranks, draft)
    heights = {step.rank_id: step.position for step in after}
    wanted = {name for step in (*today, *after) if step.formula for name in step.formula.metrics}
    given = {rank.id: frozenset(rank.rights) for rank in ranks}
    given_then = {**given, draft.rank_id or NEW: frozenset(draft.rights)}
    rising, falling, gaining, losing, holding, measured = _Some(), _Some(), _Some(), _Some(), 0, 0
    for row, values in _measured(session, wanted):
        measured += 1
        held = Held(row.rank_id, row.rank_falls_at)
        old, new = weigh(today, values, held, now), weigh(after, values, held, now)
        before, then = _height(heights, old), _height(heights, new)
        holding += new.rank_id == (draft.rank_id or NEW) and new.falls_at is None
        if then > before:
            rising.add(row)
        elif then < before or (new.falls_at is not None and old.falls_at is None):
            falling.add(row)
        had, has = _rights(given, old, row), _rights(given_then, new, row)
        if has - had:
            gaining.add(row)
        if had - has:
            losing.add(row)
    return RankTrial(
        measured, holding, rising.number, falling.number, rising.named, falling.named,
        gaining.number, losing.number, gaining.named, losing.named,
    )  # fmt: skip


def try_badge(session: Session, badge_id: int | None, formula: Formula, *, repeats: bool) -> BadgeTrial:
    """Two queries."""
    counted = select(BadgeAward.account_id, func.count().label("times")).where(BadgeAward.badge_id == (badge_id or 0))
    had = {row.account_id: row.times for row in session.execute(counted.group_by(BadgeAward.account_id))}
    earning, meeting, measured = _Some(), 0, 0
    for row, values in _measured(session, formula.metrics):
        measured += 1
        times = _times(formula, values) if repeats else int(formula.holds(values))
        meeting += times > 0
        if times > had.get(row.id, 0):
            earning.add(row)
    return BadgeTrial(measured, meeting, earning.number, earning.named)


def _height(heights: Mapping[int, int], held: Held) -> int:
    return 0 if held.rank_id is None else heights.get(held.rank_id, 0)


def _rights(given: Mapping[int, frozenset[str]], held: Held, row: Any) -> frozenset[str]:
    """As they are settled: with what staff gave; while that is paused none, and on probation no word to networks at once."""
    if row.paused_at is not None:
        return frozenset()
    rights = given.get(held.rank_id or 0, frozenset()) | frozenset(row.granted or ())
    on_probation = row.probation_until is not None and row.promoted_at is None
    return rights - {Act.SEND_WITHOUT_APPROVAL} if on_probation else rights


class _Some:
    """How many, and the names of the first."""

    def __init__(self) -> None:
        self.number = 0
        self.named: list[Named] = []

    def add(self, row: Any) -> None:
        self.number += 1
        if len(self.named) < NAMES:
            self.named.append(Named(row.name, row.display_name))


def _times(formula: Formula, values: Values) -> int:
    number = formula.value(values)
    return 0 if number is None else max(floor(number), 0)


def _with_draft(ranks: Sequence[Rank], draft: RankDraft) -> Sequence[Step]:
    """The ladder with the draft in its place."""
    others = [rank for rank in ranks if rank.id != draft.rank_id]
    below = next((number for number, one in enumerate(others, start=1) if one.id == draft.above), 0)
    own = Step(draft.rank_id or NEW, 0, timedelta(days=draft.grace_days), draft.formula)
    standing = {step.rank_id: step for step in ladder(others)}
    steps = [standing[rank.id] for rank in others]
    ordered = [*steps[:below], own, *steps[below:]]
    numbered = [Step(one.rank_id, place, one.grace, one.formula) for place, one in enumerate(ordered, start=1)]
    return numbered[::-1]


_WHO = (
    Account.id, Account.name, Account.display_name, Account.rank_id, Account.rank_falls_at,
    SuperfanGrant.rights.label("granted"), SuperfanGrant.paused_at, SuperfanGrant.probation_until, SuperfanGrant.promoted_at,
)  # fmt: skip


def _measured(session: Session, metrics: Iterable[str]) -> Iterator[tuple[Any, Mapping[str, Decimal | None]]]:
    """Members with a measure, those with most solutions first, and of it the metrics that are asked for."""
    names = sorted(metrics)
    columns = [MemberMeasure.values[name].as_string().label(f"m{number}") for number, name in enumerate(names)]
    found = (
        select(*_WHO, *columns)
        .join(MemberMeasure, MemberMeasure.account_id == Account.id)
        .outerjoin(SuperfanGrant, and_(SuperfanGrant.account_id == Account.id, SuperfanGrant.ended_at.is_(None)))
        .where(Account.role == Role.CUSTOMER, Account.closed_at.is_(None))
        .order_by(Account.solutions.desc(), Account.id)
    )
    for row in session.execute(found.execution_options(yield_per=LOTS)):
        texts = row[len(_WHO) :]
        yield row, {name: None if text is None else Decimal(text) for name, text in zip(names, texts, strict=True)}
