"""The difference of two arms with Newcombe's interval, against his published examples."""

from __future__ import annotations

from decimal import Decimal

import pytest

from forum.ledger.holdout import HoldoutResult, newcombe
from forum.ledger.proportion import NOBODY_ASKED, Proportion


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [  # Newcombe 1998 (Statistics in Medicine 17, 873-890), table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_newcombes_own_examples(one: tuple[int, int], other: tuple[int, int], low: float, high: float) -> None:
    found = newcombe(Proportion(*one), Proportion(*other))
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_what_the_suggestion_saves_is_the_held_out_rate_less_that_of_the_shown() -> None:
    found = HoldoutResult(shown=Proportion(300, 1_000), held_out=Proportion(45, 100))
    assert found.saved == pytest.approx(0.15) and found.questions_not_asked == Decimal("150.0")
    assert found.saved_range is not None
    assert 0 < found.saved_range.low < 0.15 < found.saved_range.high
    assert found.enough


def test_with_an_empty_arm_nothing_can_be_said() -> None:
    found = HoldoutResult(shown=Proportion(3, 10), held_out=NOBODY_ASKED)
    assert (found.saved, found.saved_range, found.questions_not_asked, found.enough) == (None, None, None, False)
