"""Burning out, and about to become a superfan: told by figures, with an edge on either side of each rule."""

from __future__ import annotations

from decimal import Decimal

import pytest

from forum.superfans.about_to_become import becoming, goal_of
from forum.superfans.burning_out import burning_out
from forum.superfans.measured import read_values
from forum.superfans.rank import Rank
from tests.scene import NOON


def values(**figures: object) -> dict[str, Decimal | int | None]:
    kept = {name: str(value) for name, value in figures.items()}
    return {name: value if value is not None else 0 for name, value in read_values(kept).items()}


def busy(answers: int = 30, kudos: int = 12, answers_90d: int = 70, kudos_90d: int = 60) -> object:
    return burning_out(
        values(answers_30d=answers, kudos_received_30d=kudos, answers_90d=answers_90d, kudos_received_90d=kudos_90d)
    )


def test_who_answers_more_and_is_thanked_less_may_burn_out() -> None:
    """30 answers where 20 are usual, 0.4 kudos for each where 1.2 are."""
    found = busy()
    assert (found.answers, found.usual_answers) == (30, 20)  # type: ignore[attr-defined]
    assert (found.thanks, found.usual_thanks) == (Decimal("0.4"), Decimal("1.2"))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "figures",
    [
        {"answers": 29, "answers_90d": 69},  # half more than usual is not reached
        {"kudos": 26, "kudos_90d": 74},  # 0.87 for each where 1.2 are usual: more than seven tenths
        {"answers": 9, "kudos": 1, "answers_90d": 11, "kudos_90d": 20},  # nine answers are no load
        {"answers_90d": 30},  # never answered before: nothing to compare with
        {"kudos": 0, "kudos_90d": 0},  # never thanked at all: nothing went down
    ],
)
def test_who_is_not(figures: dict[str, int]) -> None:
    assert busy(**figures) is None


def test_the_edges_count() -> None:
    assert busy(answers=10, kudos=0, answers_90d=20, kudos_90d=10) is not None
    assert busy(kudos=42, answers_90d=70, kudos_90d=122) is not None  # 1.4 of 2.0: seven tenths, and not more
    assert busy(kudos=43, answers_90d=70, kudos_90d=123) is None


RANKS = [
    Rank(id=1, name="helper", position=1, formula="solutions >= 3", rights=[], titles={}, grace_days=14, made_at=NOON),
    Rank(id=2, name="superfan", position=2, formula="solutions >= 20 && solutions_90d >= 4 && days_member >= 60", rights=["edit_tags"], titles={}, grace_days=14, made_at=NOON),
]  # fmt: skip
GOAL = goal_of(RANKS)


def test_little_is_missing_to_the_first_rank_with_rights() -> None:
    found = becoming(GOAL, values(solutions=18, solutions_90d=4, days_member=100, earlier_solutions=4))
    assert found is not None
    assert [(gap.metric, gap.has, gap.wants) for gap in found.gaps] == [("solutions", 18, 20)]


@pytest.mark.parametrize(
    "figures",
    [
        {
            "solutions": 14,
            "solutions_90d": 4,
            "days_member": 100,
            "earlier_solutions": 4,
        },  # seven tenths are not nearly
        {"solutions": 15, "solutions_90d": 3, "days_member": 45, "earlier_solutions": 4},  # three things are missing
        {"solutions": 2, "solutions_90d": 2, "days_member": 100, "earlier_solutions": 4},  # near a rank without rights
    ],
)
def test_who_is_not_near(figures: dict[str, int]) -> None:
    assert becoming(GOAL, values(**figures)) is None


def test_who_solves_twice_as_much_as_before_grows() -> None:
    found = becoming(goal_of([]), values(solutions_90d=6, earlier_solutions=3))
    assert found is not None and (found.gaps, found.solutions, found.earlier) == ((), 6, 3)
    assert becoming(goal_of([]), values(solutions_90d=6, earlier_solutions=4)) is None
    assert becoming(goal_of([]), values(solutions_90d=4, earlier_solutions=0)) is None
    assert becoming(goal_of([]), values(solutions_90d=5, earlier_solutions=0)) is not None


def test_a_measure_is_read_as_it_was_kept() -> None:
    read = read_values({"solutions": "7", "kudos_per_answer_90d": "1.2500", "acceptance_rate": None})
    assert read["solutions"] == 7 and isinstance(read["solutions"], int)
    assert read["kudos_per_answer_90d"] == Decimal("1.25")
    assert read["acceptance_rate"] is None and read["points"] is None
