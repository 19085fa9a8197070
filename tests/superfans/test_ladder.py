"""Which rank a member holds: up at once, down after a time of grace; and when the next one is near."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from forum.superfans.ladder import Held, Near, Step, ladder, near, reached, weigh
from forum.superfans.rank import Rank

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
WEEK = timedelta(days=7)


def rank(number: int, formula: str, **facts: object) -> Rank:
    return Rank(id=number, position=number, formula=formula, grace_days=7, **facts)


@pytest.fixture
def steps() -> list[Step]:
    ranks = [
        rank(1, "answers >= 1"),
        rank(2, "solutions >= 5"),
        rank(3, "solutions >= 10 && kudos_received / answers > 0.5"),
        rank(4, "solutions >= 1", retired_at=NOW),
    ]
    return list(ladder(ranks))


def values(answers: int = 0, solutions: int = 0, kudos: int = 0) -> dict[str, int]:
    return {"answers": answers, "solutions": solutions, "kudos_received": kudos}


def test_the_highest_rank_whose_formula_holds_is_reached_and_a_retired_one_never(steps: list[Step]) -> None:
    assert reached(steps, values()) is None
    found = [reached(steps, values(answers=20, solutions=number, kudos=11)) for number in (0, 1, 5, 9, 10)]
    assert [step.rank_id if step else None for step in found] == [1, 1, 2, 2, 3]


def test_a_member_rises_at_once_and_over_several_ranks(steps: list[Step]) -> None:
    assert weigh(steps, values(20, 12, 11), Held(None), NOW) == Held(3)
    assert weigh(steps, values(20, 12, 11), Held(1), NOW) == Held(3)


def test_a_member_falls_only_when_the_grace_has_run_out(steps: list[Step]) -> None:
    falling = weigh(steps, values(20, 4), Held(2), NOW)
    assert falling == Held(2, NOW + WEEK)
    assert weigh(steps, values(20, 4), falling, NOW + timedelta(days=6, hours=23)) == falling
    assert weigh(steps, values(20, 4), falling, NOW + WEEK) == Held(1)
    assert weigh(steps, values(), falling, NOW + WEEK) == Held(None)


def test_whoever_recovers_within_the_grace_keeps_the_rank_and_the_next_grace_is_whole(steps: list[Step]) -> None:
    assert weigh(steps, values(20, 5), Held(2, NOW + WEEK), NOW) == Held(2)
    assert weigh(steps, values(20, 12, 11), Held(2, NOW + WEEK), NOW) == Held(3)


def test_without_grace_the_fall_is_at_once() -> None:
    steps = ladder([Rank(id=1, position=1, formula="answers >= 1", grace_days=0)])
    assert weigh(steps, values(), Held(1), NOW) == Held(None)


def test_a_rank_that_was_retired_is_held_no_longer(steps: list[Step]) -> None:
    assert weigh(steps, values(20, 5), Held(4), NOW) == Held(2)
    assert weigh(steps, values(), Held(4), NOW) == Held(None)


def test_a_formula_that_can_be_read_no_longer_takes_nothing_away_and_gives_nothing() -> None:
    steps = ladder([rank(1, "answers >= 1"), rank(2, "no_such_metric > 1")])
    assert weigh(steps, values(answers=1), Held(2), NOW) == Held(2)
    assert weigh(steps, values(answers=1), Held(1), NOW) == Held(1)


@pytest.mark.parametrize(("solutions", "missing"), [(1, None), (2, None), (3, 2), (4, 1), (5, None)])
def test_the_next_rank_is_near_when_little_is_missing_and_half_is_done(
    steps: list[Step], solutions: int, missing: int | None
) -> None:
    found = near(steps, values(20, solutions), Held(1))
    assert found == (None if missing is None else Near(2, "solutions", missing))


def test_a_rank_is_not_near_while_something_is_missing_that_nobody_can_count(steps: list[Step]) -> None:
    assert near(steps, values(answers=20, solutions=9, kudos=1), Held(2)) is None
    assert near(steps, values(answers=20, solutions=9, kudos=11), Held(2)) == Near(3, "solutions", 1)


def test_nothing_is_near_above_the_highest_rank_and_days_are_nothing_that_one_can_do(steps: list[Step]) -> None:
    assert near(steps, values(20, 12, 11), Held(3)) is None
    waiting = ladder([rank(1, "days_member >= 7")])
    assert near(waiting, {"days_member": 6}, Held(None)) is None
