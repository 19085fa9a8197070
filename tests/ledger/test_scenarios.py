"""The report counted again with one thing changed: what moves it most, and what if. Figures are worked by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from forum.ledger.period import Period
from forum.ledger.proportion import Proportion, wilson
from forum.ledger.scenario import Amount, Scenario, figures, savings_by_month
from forum.ledger.sensitivity import Change, Swing, sensitivity
from forum.ledger.what_if import Overrides, what_if

OCTOBER, DECEMBER = Period(2026, 10), Period(2026, 12)
COSTS = {"phone": Decimal("8.00"), "chat": Decimal("4.00"), "network": Decimal("3.00")}
PHONE, MIX = {"phone": Decimal(1)}, {"phone": Decimal("0.25"), "chat": Decimal("0.75")}

OCTOBERS = Scenario(
    amounts=[
        Amount("direct", "checked", OCTOBER, 40, None, COSTS, PHONE),  # 40 x 8 = 320
        Amount("direct", "stated", OCTOBER, 10, None, COSTS, PHONE),  # 80
        Amount("direct", "stated", OCTOBER, 60, "direct:2026-10", COSTS, MIX),  # 60 x .5 = 30 contacts, 60 x 2.50 = 150
        Amount("social", "stated", OCTOBER, 100, "social:bluesky:2026-10", COSTS, {"network": Decimal(1)}),  # 15; 45
        Amount("indirect", "surveyed", OCTOBER, 8_000, "indirect:2026-10", COSTS),  # .05 x 8,000 = 400; x 3.00 = 1,200
    ],
    rates={
        "direct:2026-10": Proportion(50, 100),
        "social:bluesky:2026-10": Proportion(15, 100),
        "indirect:2026-10": Proportion(30, 600),
    },
    silent={"direct:2026-10": 60, "indirect:2026-10": 400},
    programme={OCTOBER: Decimal("1500.00")},
)


def of(change: Change, subject: str = "") -> Swing:
    [found] = [swing for swing in sensitivity(OCTOBERS) if (swing.change, swing.subject) == (change, subject)]
    return found


def test_a_scenario_is_counted_as_the_report_counts() -> None:
    found = figures(OCTOBERS)
    assert found.contacts == 40 + 10 + 30 + 15 + 400
    assert found.money == Decimal("1795.00")  # 320 + 80 + 150 + 45 + 1,200
    assert found.contacts_range.low < 495 < found.contacts_range.high
    assert found.money_range is not None and found.money_range.low < 1795 < found.money_range.high


def test_without_costs_there_is_no_money_and_without_answers_no_contact() -> None:
    bare = replace(OCTOBERS, amounts=[replace(one, costs={}) for one in OCTOBERS.amounts], rates={})
    found = figures(bare)
    assert (found.contacts, found.money, found.money_range) == (50, None, None)
    assert {swing.change for swing in sensitivity(bare)} == {Change.STRICT}


def test_a_rate_at_the_ends_of_its_own_range() -> None:
    swing, ends = of(Change.RATE, "indirect:2026-10"), wilson(30, 600)
    assert float(swing.less.contacts) == pytest.approx(95 + 8_000 * ends.low, abs=0.01)
    assert float(swing.more.contacts) == pytest.approx(95 + 8_000 * ends.high, abs=0.01)
    assert swing.money is not None and float(swing.money) == pytest.approx(3 * 8_000 * (ends.high - ends.low), abs=0.05)


def test_if_everyone_silent_meant_no() -> None:
    assert of(Change.SILENT_READERS).less.contacts == 95 + 8_000 * Decimal("0.03")  # 30 of 600 + 400
    assert of(Change.SILENT_ASKERS).less.contacts == 495 - 30


def test_the_strict_setting_counts_checked_askers_alone() -> None:
    assert of(Change.STRICT).less.contacts == 495 - 10 - 30
    assert of(Change.STRICT).less.money == Decimal("1565.00")


def test_a_channels_cost_a_tenth_less_and_more() -> None:
    # Phone: 50 named, and a quarter of the sixty: 60 x .5 x (2.00 +- .20 + 3.00).
    phone = of(Change.COST, "phone")
    assert (phone.less.money, phone.more.money) == (Decimal("1749.00"), Decimal("1841.00"))
    assert phone.contacts == 0
    # The network's is the cheapest, which readers take, too.
    network = of(Change.COST, "network")
    assert network.less.money == Decimal("550") + 100 * Decimal("0.405") + 8_000 * Decimal("0.135")
    assert network.more.money == Decimal("550") + 100 * Decimal("0.495") + 8_000 * Decimal("0.165")


def test_more_answers_raise_the_low_bound_and_leave_the_likely_value() -> None:
    swing = of(Change.ANSWERS)
    assert swing.less.contacts == swing.more.contacts == 495
    assert swing.less.contacts_range.low < figures(OCTOBERS).contacts_range.low < swing.more.contacts_range.low
    assert swing.contacts > 0 and swing.money is not None and swing.money > 0


def test_the_largest_swing_comes_first_and_what_changes_nothing_is_left_out() -> None:
    swings = [swing.money for swing in sensitivity(OCTOBERS)]
    assert swings == sorted(swings, reverse=True) and 0 not in swings
    assert sensitivity(OCTOBERS)[0].subject == "indirect:2026-10"
    assert not [swing for swing in sensitivity(OCTOBERS) if swing.subject == "chat" and not swing.money]


def test_nothing_changed_is_the_report_and_its_return() -> None:
    found = what_if(OCTOBERS, Overrides())
    assert found.figures == figures(OCTOBERS)
    assert found.answers == 600 and found.not_enough == []
    assert found.returns is not None
    assert (found.returns.net, found.returns.roi) == (Decimal("295.00"), Decimal("0.1967"))
    assert found.net_range is not None and found.net_range[0] < 295 < found.net_range[1]


def test_other_answers_costs_and_programme() -> None:
    changed = Overrides(
        rates={"indirect": Proportion(60, 600), "social:bluesky": Proportion(0, 50), "direct": Proportion(100, 100)},
        costs={"phone": Decimal("10")},
        programme=Decimal("500"),
    )
    found = what_if(OCTOBERS, changed)
    assert found.figures.contacts == 50 + 60 + 0 + 800
    assert found.figures.money == Decimal("3230.00")  # 50 x 10 + 60 x 5.50 + 800 x 3
    assert found.returns is not None and found.returns.net == Decimal("2730.00")
    assert figures(OCTOBERS).contacts == 495  # nothing of it stays


def test_a_larger_survey_narrows_the_range_and_a_small_one_is_not_enough() -> None:
    today = what_if(OCTOBERS, Overrides(), survey_share=Decimal("0.10"))
    larger = what_if(OCTOBERS, Overrides(survey_share=Decimal("0.40")), survey_share=Decimal("0.10"))
    assert larger.answers == 2_400 and larger.figures.contacts == 495
    assert larger.width < 0.6 * today.width
    small = what_if(OCTOBERS, Overrides(survey_share=Decimal("0.01")), survey_share=Decimal("0.10"))
    assert (small.answers, small.not_enough, small.figures.contacts) == (60, ["indirect:2026-10"], 95)


def test_a_rate_that_nobody_knows_may_be_supposed() -> None:
    unknown = replace(OCTOBERS, rates={"direct:2026-10": Proportion(50, 100)})
    assert what_if(unknown, Overrides()).figures.contacts == 80
    supposed = Overrides(rates={"social:bluesky": Proportion(20, 100), "indirect": Proportion(10, 1_000)})
    assert what_if(unknown, supposed).figures.contacts == 80 + 20 + 80


def test_a_month_without_rows_is_a_month_of_nothing() -> None:
    later = replace(OCTOBERS, programme={OCTOBER: Decimal(1), DECEMBER: Decimal(1)})
    assert list(savings_by_month(later).values()) == [Decimal("1795.00"), 0, 0]
    found = what_if(later, Overrides(yearly_rate=Decimal("0.10")))
    # 1,794 / 1.1^(1/12) - 1 / 1.1^(3/12)
    assert found.returns is not None and found.returns.present_value == Decimal("1778.83")
