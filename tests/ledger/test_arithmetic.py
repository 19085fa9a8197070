"""The arithmetic of the report, against worked figures and by its own laws."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.ledger.cost import ContactCost
from forum.ledger.estimate import Sum, bounds
from forum.ledger.period import Period, periods
from forum.ledger.pricing import Prices
from forum.ledger.proportion import Proportion, wilson

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(("asked", "low", "high"), [(400, 1_374.5, 4_559.9), (2_000, 1_914.9, 3_298.2)])
def test_wilson_gives_the_worked_figures_of_the_method(asked: int, low: float, high: float) -> None:
    share = 0.43 * 0.65 * 0.09
    assert share == pytest.approx(0.025155)
    found = wilson(share * asked, asked)
    assert (found.low * 100_000, found.high * 100_000) == (pytest.approx(low, abs=0.05), pytest.approx(high, abs=0.05))


@given(st.integers(1, 5_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_wilson_holds_the_share_and_stays_between_none_and_all(pair: tuple[int, int]) -> None:
    yes, of = pair
    found = wilson(yes, of)
    assert 0 <= found.low <= yes / of <= found.high <= 1
    assert found.low < found.high


def test_nobody_asked_is_no_rate_and_not_a_rate_of_zero() -> None:
    assert Proportion(0, 0).rate is None and Proportion(0, 0).interval is None
    assert Proportion(0, 5).rate == 0
    assert Proportion(2, 3).rate == Decimal("0.6667")


def test_one_rate_has_wilsons_range_and_what_is_known_has_none() -> None:
    rates = {"direct:2026-11": Proportion(6, 10)}
    total = Sum()
    total.add(Decimal(4), None)
    assert bounds(total, rates) == bounds(total, {}) and bounds(total, rates).low == bounds(total, rates).high == 4
    total.add(Decimal(20), "direct:2026-11")
    found, single = bounds(total, rates), wilson(6, 10)
    assert (found.low, found.high) == (pytest.approx(4 + 20 * single.low), pytest.approx(4 + 20 * single.high))


def test_a_rate_that_nobody_knows_counts_as_zero() -> None:
    total = Sum()
    total.add(Decimal(20), "social:x:2026-11")
    assert bounds(total, {}).high == 0


def test_several_rates_are_drawn_together_and_the_same_each_time() -> None:
    rates = {"direct:2026-10": Proportion(30, 60), "direct:2026-11": Proportion(30, 60)}
    total = Sum()
    for name in rates:
        total.add(Decimal(100), name)
    found = bounds(total, rates)
    assert found == bounds(total, dict(reversed(rates.items())))
    parts = wilson(30, 60)
    assert 2 * 100 * parts.low < found.low < 100 < found.high < 2 * 100 * parts.high  # bounds do not add
    # By hand: two independent shares of sd sqrt(.25/61) each, so 100 +- 1.96 * 100 * sqrt(2) * sd.
    assert (found.low, found.high) == (pytest.approx(82.3, abs=0.6), pytest.approx(117.7, abs=0.6))


def test_what_is_taken_back_turns_the_range_round() -> None:
    total = Sum()
    total.add(Decimal(-10), "direct:2026-10")
    found = bounds(total, {"direct:2026-10": Proportion(5, 10)})
    assert found.low < -5 < found.high < 0


def test_a_month_is_cut_in_the_companys_zone() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert Period(2026, 10).begins(berlin) == datetime(2026, 9, 30, 22, tzinfo=UTC)
    assert Period(2026, 10).ends(berlin) == datetime(2026, 10, 31, 23, tzinfo=UTC)  # the clocks went back meanwhile
    assert Period(2026, 1).moved(-1) == Period(2025, 12) and Period(2026, 2).last == date(2026, 2, 28)
    assert [period.name for period in periods(Period(2025, 11), Period(2026, 2))] == [
        "2025-11", "2025-12", "2026-01", "2026-02",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["", "2026", "2026-13", "2026-00", "26-01", "2026-1", "２０２６-01", "0001-01", "x"])
def test_what_is_no_month_is_none(name: str) -> None:
    assert Period.named(name) is None


def cost(channel: str, amount: str, day: date, number: int) -> ContactCost:
    return ContactCost(
        id=number, channel=channel, amount=Decimal(amount), currency="EUR", valid_from=day, source="s", entered_by_id=1,
        entered_at=NOON + timedelta(minutes=number),
    )  # fmt: skip


def test_a_cost_holds_from_its_day_and_the_row_entered_last_holds() -> None:
    prices = Prices([
        cost("phone", "8.00", date(2026, 1, 1), 1),
        cost("phone", "9.00", date(2026, 6, 1), 2),
        cost("phone", "8.50", date(2026, 1, 1), 3),
    ])  # fmt: skip
    assert prices.on("phone", date(2025, 12, 31)) is None
    assert prices.on("phone", date(2026, 5, 31)) == Decimal("8.50")
    assert prices.on("phone", date(2026, 6, 1)) == Decimal("9.00")
    assert prices.on("chat", date(2026, 6, 1)) is None


def test_who_names_no_channel_costs_the_cheapest_until_a_hundred_name_theirs() -> None:
    day = date(2026, 6, 1)
    prices = Prices([cost("phone", "8.00", day, 1), cost("chat", "4.00", day, 2)])
    assert prices.unnamed(day, {"phone": 99}) == Decimal("4.00")
    assert prices.unnamed(day, {"phone": 75, "chat": 25}) == Decimal("7.00")
    assert prices.unnamed(day, {"phone": 50, "store": 50}) == Decimal("4.00")  # nobody entered what a store costs
    assert prices.unnamed(day - timedelta(days=1), {}) is None
