"""ROI, payback and present value, against figures worked by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from forum.ledger.period import Period
from forum.ledger.proportion import Interval
from forum.ledger.returns import (
    MonthlyReturn,
    net_range,
    payback,
    present_value,
    programme_cost,
    returns,
    roi,
    roi_range,
)

EIGHT_PER_CENT = Decimal("0.08")


def months(*figures: tuple[str, str]) -> list[MonthlyReturn]:
    return [
        MonthlyReturn(Period(2026, 1).moved(number), Decimal(savings), Decimal(cost))
        for number, (savings, cost) in enumerate(figures)
    ]


def test_three_months_by_hand() -> None:
    # Nets: -3,000, +1,000, +2,500; together 500 on a cost of 7,000. 1.08 ^ (1/12) = 1.006434030...
    # -3000/1.00643403 + 1000/1.01290946 + 2500/1.01942655 = -2980.8213 + 987.2551 + 2452.3591 = 458.79
    found = returns(months(("1000", "4000"), ("3000", "2000"), ("3500", "1000")), EIGHT_PER_CENT)
    assert (found.savings, found.cost, found.net) == (Decimal("7500.00"), Decimal("7000.00"), Decimal("500.00"))
    assert found.roi == Decimal("0.0714")
    assert found.payback == Period(2026, 3)
    assert found.present_value == Decimal("458.79")


def test_a_year_at_no_rate_is_the_plain_sum_and_after_twelve_months_a_whole_years_rate_is_taken() -> None:
    nets = [Decimal(0)] * 11 + [Decimal("1080")]
    assert present_value(nets, Decimal(0)) == Decimal("1080.00")
    assert present_value(nets, EIGHT_PER_CENT) == Decimal("1000.00")
    assert present_value([], EIGHT_PER_CENT) == 0


def test_a_rate_at_which_nothing_is_left_is_refused() -> None:
    with pytest.raises(ValueError, match="above -1"):
        present_value([Decimal(1)], Decimal(-1))


def test_without_a_cost_there_is_no_roi_and_no_payback() -> None:
    assert roi(Decimal(100), Decimal(0)) is None
    assert roi_range(Interval(1, 2), Decimal(0)) is None
    found = returns(months(("100", "0")), EIGHT_PER_CENT)
    assert (found.roi, found.payback, found.net) == (None, None, Decimal("100.00"))


@pytest.mark.parametrize(
    ("figures", "month"),
    [
        ((("100", "100"),), Period(2026, 1)),  # to the cent is paid back
        ((("99.99", "100"),), None),
        ((("0", "300"), ("100", "0"), ("200", "0")), Period(2026, 3)),
        ((("50", "0"), ("0", "40")), Period(2026, 2)),  # what was saved before the first cost counts
        ((("0", "0"), ("0", "10")), None),
        ((), None),
    ],
)
def test_payback_is_the_first_month_at_whose_end_all_nets_reach_zero(
    figures: tuple[tuple[str, str], ...], month: Period | None
) -> None:
    assert payback(months(*figures)) == month


def test_a_loss_is_below_zero() -> None:
    assert roi(Decimal("250"), Decimal("1000")) == Decimal("-0.7500")


def test_the_ranges_of_net_and_roi_are_those_of_the_savings_moved_by_the_cost() -> None:
    savings = Interval(1_374.456, 4_559.944)
    assert net_range(savings, Decimal("2000")) == (Decimal("-625.54"), Decimal("2559.94"))
    assert roi_range(savings, Decimal("2000")) == (Decimal("-0.3128"), Decimal("1.2800"))


def test_thirds_of_a_cent_are_paid_back_with_the_net_that_is_shown() -> None:
    """Each month alone is rounded down; together they are the cent that was missing."""
    found = returns(months(("33.324", "33.34"), ("33.333", "33.33"), ("33.343", "33.33")), Decimal(0))
    assert (found.net, found.payback) == (0, Period(2026, 3))


def test_a_months_parts_add_to_the_cent() -> None:
    assert programme_cost({"platform": Decimal("99.95"), "rewards": Decimal("0.05")}) == Decimal("100.00")
    assert programme_cost({}) == 0
