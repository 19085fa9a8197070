"""The range holds the truth as often as it says, in a community of which all is known; `bench/calibration.py` has 500 seeds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ledger.calibrating import ALL, EVERY_KIND, Calibration, calibrate
from tests.ledger.community import World, draw, look

SEEDS = range(1_000, 1_080)  # others than the bench's


@pytest.fixture(scope="module")
def found() -> dict[str, Calibration]:
    return {one.kind: one for one in calibrate(World(), SEEDS)}


def test_the_range_covers_the_truth_and_the_headline_seldom_exceeds_it(found: dict[str, Calibration]) -> None:
    """Bounds as of the 500 seeds, less what chance does to 80."""
    assert found[ALL].coverage >= 0.90
    assert found[ALL].low_above <= 0.06
    for kind in EVERY_KIND:
        assert found[kind].coverage >= 0.87


def test_the_range_is_no_wider_than_it_need_be(found: dict[str, Calibration]) -> None:
    """A range from none to all would cover, too."""
    assert 0.3 < found[ALL].width < 0.7
    assert found[ALL].low_share > 0.7 and abs(found[ALL].bias) < 0.05
    assert found[ALL].coverage < 1


def test_with_the_rates_own_ranges_alone_askers_and_mentions_are_not_covered() -> None:
    narrow = {one.kind: one for one in calibrate(World(), SEEDS, among=EVERY_KIND)}
    assert narrow["direct"].coverage < 0.90 and narrow["social"].coverage < 0.85


def test_silence_that_is_not_by_chance_shows_and_the_sensitivity_holds_it() -> None:
    biased = replace(World(), yes_answers_more=1.5)
    taken = {one.kind: one for one in calibrate(biased, SEEDS[:40])}["indirect"]
    assert taken.bias > 0.3 and taken.coverage < 0.8
    meant_no = {one.kind: one for one in calibrate(biased, SEEDS[:40], silent_meant_no=True)}["indirect"]
    assert meant_no.low_above == 0


def test_a_seed_is_a_community() -> None:
    first, again, other = draw(World(), 1), draw(World(), 1), draw(World(), 2)
    assert first == again != other
    assert look(first).total() == look(again).total()
