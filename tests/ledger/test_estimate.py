"""Ranges: Wilson's for one rate, drawn ones for totals, against worked figures, against SciPy's own, and by their laws."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from hashlib import sha256

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.special import betaincinv

from forum.ledger.estimate import DRAWS, Sum, bounds, rate_draws
from forum.ledger.proportion import Interval, Proportion, wilson

PAIRS = st.integers(1, 5_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


def reads(count: int, *names: str) -> Sum:
    total = Sum()
    for name in names:
        total.add(Decimal(count), name)
    return total


@pytest.mark.parametrize(("asked", "low", "high"), [(400, 1_374.5, 4_559.9), (2_000, 1_914.9, 3_298.2)])
def test_wilson_gives_the_worked_figures_of_the_method(asked: int, low: float, high: float) -> None:
    share = 0.43 * 0.65 * 0.09
    assert share == pytest.approx(0.025155) and share * 100_000 == pytest.approx(2_515.5)
    found = wilson(share * asked, asked)
    assert (found.low * 100_000, found.high * 100_000) == (pytest.approx(low, abs=0.05), pytest.approx(high, abs=0.05))


@given(PAIRS)
def test_wilson_is_scipys_and_holds_the_share(pair: tuple[int, int]) -> None:
    yes, of = pair
    found = wilson(yes, of)
    assert 0 <= found.low <= yes / of <= found.high <= 1
    assert found.low < found.high
    theirs = stats.binomtest(yes, of).proportion_ci(method="wilson")
    assert (found.low, found.high) == (pytest.approx(theirs.low, abs=1e-12), pytest.approx(theirs.high, abs=1e-12))


def test_nobody_asked_is_no_rate_and_not_a_rate_of_zero() -> None:
    assert Proportion(0, 0).rate is None and Proportion(0, 0).interval is None
    assert Proportion(0, 5).rate == 0
    assert Proportion(2, 3).rate == Decimal("0.666667")


def test_readers_of_one_month_have_wilsons_range_and_what_is_known_has_none() -> None:
    rates = {"indirect:2026-11": Proportion(6, 10)}
    total = Sum(Decimal(4))
    assert bounds(total, rates) == Interval(4, 4)
    total.add(Decimal(20), "indirect:2026-11")
    found, single = bounds(total, rates), wilson(6, 10)
    assert (found.low, found.high) == (pytest.approx(4 + 20 * single.low), pytest.approx(4 + 20 * single.high))


def test_a_rate_that_nobody_knows_counts_as_zero() -> None:
    assert bounds(reads(20, "social:x:2026-11"), {}) == Interval(0, 0)
    assert bounds(reads(20, "social:x:2026-11"), {"social:x:2026-11": Proportion(0, 0)}) == Interval(0, 0)


@pytest.mark.parametrize(("yes", "of"), [(0, 150), (10, 400), (30, 60), (60, 60), (400, 20_000)])
def test_a_rates_draws_are_jeffreys_posterior(yes: int, of: int) -> None:
    drawn = rate_draws("direct:2026-10", yes, of)
    posterior = stats.beta(yes + 0.5, of - yes + 0.5)
    assert len(drawn) == DRAWS
    for tail in (0.025, 0.25, 0.5, 0.75, 0.975):
        # A quantile of 10,000 draws lies between those four standard errors of its rank aside.
        off = 4 * (tail * (1 - tail) / DRAWS) ** 0.5
        assert posterior.ppf(max(tail - off, 0)) <= numpy.quantile(drawn, tail) <= posterior.ppf(min(tail + off, 1))
    assert stats.kstest(drawn, posterior.cdf).pvalue > 0.001


@settings(max_examples=40, deadline=None)
@given(PAIRS)
def test_draws_are_scipys_quantiles_of_the_recorded_uniforms(pair: tuple[int, int]) -> None:
    """As an auditor would do it: betaincinv of RandomState's uniforms."""
    yes, of = pair
    start = int.from_bytes(sha256(b"1927:a rate").digest()[:4], "big")
    theirs = betaincinv(yes + 0.5, of - yes + 0.5, numpy.random.RandomState(start).random_sample(DRAWS))
    numpy.testing.assert_allclose(rate_draws("a rate", yes, of), theirs, rtol=1e-8, atol=1e-12)


def test_the_recorded_seed_gives_the_recorded_numbers() -> None:
    """Frozen: with these an auditor repeats a report on a later numpy or SciPy. Change none of them."""
    drawn = rate_draws("indirect:2026-10", 25, 1_000)
    assert [float(one) for one in drawn[:3]] == pytest.approx(FIRST_DRAWS, rel=1e-9)
    rates = {"indirect:2026-09": Proportion(25, 1_000), "indirect:2026-10": Proportion(30, 900)}
    found = bounds(reads(10_000, *rates), rates)
    assert (round(found.low, 2), round(found.high, 2)) == TWO_MONTHS
    rates = {"direct:2026-10": Proportion(30, 60)}
    found = bounds(reads(100, *rates), rates)
    assert (round(found.low, 2), round(found.high, 2)) == SILENT_ASKERS


FIRST_DRAWS = [0.02376549601966633, 0.0168164014978256, 0.02634705927241692]
TWO_MONTHS = (448.36, 754.89)
SILENT_ASKERS = (34.26, 65.69)


def test_another_seed_moves_a_range_a_little_and_the_same_one_not_at_all() -> None:
    rates = {"indirect:2026-09": Proportion(25, 1_000), "indirect:2026-10": Proportion(30, 900)}
    total = reads(10_000, *rates)
    first, other = bounds(total, rates), bounds(total, rates, seed=7)
    assert first == bounds(total, dict(reversed(rates.items()))) == bounds(total, rates, seed=1927)
    assert first != other
    assert (other.low, other.high) == (pytest.approx(first.low, rel=0.03), pytest.approx(first.high, rel=0.03))


def test_several_rates_are_drawn_together_and_bounds_do_not_add() -> None:
    rates = {"indirect:2026-10": Proportion(30, 60), "indirect:2026-11": Proportion(30, 60)}
    found, parts = bounds(reads(100, *rates), rates), wilson(30, 60)
    assert 2 * 100 * parts.low < found.low < 100 < found.high < 2 * 100 * parts.high
    # By hand: two independent shares of sd sqrt(.25/61) each, so 100 +- 1.96 * 100 * sqrt(2) * sd.
    assert (found.low, found.high) == (pytest.approx(82.3, abs=0.6), pytest.approx(117.7, abs=0.6))


def test_whom_nobody_asked_bring_their_own_chance() -> None:
    """Sixty askers answered, a hundred did not: that these differ from those by chance widens the range."""
    rates = {"direct:2026-10": Proportion(30, 60)}
    found = bounds(reads(100, *rates), rates)
    # By hand: variance of the share .25/61, of a hundred silent ones 100 * .25 more; so 50 +- 1.96 * sqrt(41 + 25).
    assert (found.low, found.high) == (pytest.approx(34.1, abs=0.8), pytest.approx(65.9, abs=0.8))
    among = bounds(reads(100, *rates), rates, among=("direct",))
    assert found.low < among.low < among.high < found.high


def test_a_hundred_of_two_hundred_answering_cover_the_rest_as_promised() -> None:
    """The rest's true count lies in its range as often as promised; with the rate's own range alone it would not."""
    chance = numpy.random.RandomState(3)
    held = alone = 0
    for _ in range(300):
        yes, rest = int(chance.binomial(100, 0.6)), int(chance.binomial(100, 0.6))
        rates = {"direct:2026-10": Proportion(yes, 100)}
        wide, narrow = bounds(reads(100, *rates), rates), bounds(reads(100, *rates), rates, among=("direct",))
        held += wide.low <= rest <= wide.high
        alone += narrow.low <= rest <= narrow.high
    assert held / 300 > 0.92
    assert alone / 300 < 0.9


def test_money_knows_of_how_many_units_it_is_made() -> None:
    """Ten contacts of 100 each are surer than one of 1,000."""
    rates = {"direct:2026-10": Proportion(500, 1_000)}
    ten, one = Sum(), Sum()
    ten.add(Decimal(1_000), "direct:2026-10", units=10)
    one.add(Decimal(1_000), "direct:2026-10", units=1)
    assert bounds(one, rates) == Interval(0, 1_000)  # one contact, or none
    assert 0 < bounds(ten, rates).low < bounds(ten, rates).high < 1_000


def test_what_is_taken_back_turns_the_range_round_and_leaves_no_chance_where_it_meets_its_original() -> None:
    rates = {"direct:2026-10": Proportion(5, 10)}
    found = bounds(reads(-10, *rates), rates)
    assert -10 <= found.low < -5 < found.high <= 0
    total = reads(10, *rates)
    total.add(Decimal(-10), "direct:2026-10")
    assert bounds(total, rates) == Interval(0, 0) and total.squares("direct:2026-10") == 0


def test_a_part_of_the_community_takes_its_own_answers_where_there_are_a_hundred() -> None:
    everywhere = {"indirect:2026-10": Proportion(30, 1_000)}
    total = reads(1_000, *everywhere)
    few, enough = {"indirect:2026-10": Proportion(9, 99)}, {"indirect:2026-10": Proportion(9, 100)}
    assert bounds(total, everywhere, own=few) == bounds(total, everywhere)
    assert bounds(total, everywhere, own=enough) == bounds(total, enough) != bounds(total, everywhere)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(-500, 500), PAIRS), min_size=1, max_size=4))
def test_a_range_stays_within_none_and_all(parts: list[tuple[int, tuple[int, int]]]) -> None:
    rates = {f"direct:2026-{number:02}": Proportion(*pair) for number, (_count, pair) in enumerate(parts, 1)}
    total = Sum()
    for name, (count, _pair) in zip(rates, parts, strict=True):
        total.add(Decimal(count), name)
    found = bounds(total, rates)
    assert (
        sum(min(0, count) for count, _ in parts) <= found.low <= found.high <= sum(max(0, count) for count, _ in parts)
    )


def test_a_process_without_a_range_loads_no_numpy_and_none_loads_scipys_statistics() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, timeout=60
    )  # fmt: skip
    assert done.stdout.split() == ["False", "True", "False"]


LOADED = """
import sys
from decimal import Decimal
from forum.ledger.estimate import Sum, bounds
from forum.ledger.proportion import Proportion
print("numpy" in sys.modules)
total = Sum(); total.add(Decimal(9), "direct:2026-10")
bounds(total, {"direct:2026-10": Proportion(4, 9)})
print("scipy.special" in sys.modules, "scipy.stats" in sys.modules)
"""
