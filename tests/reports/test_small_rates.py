"""A rate so small that one reader is worth less than a cent: many of them are worth what price times rate says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from forum.ledger.period import Period
from forum.ledger.pricing import Price, Prices
from forum.ledger.proportion import Proportion
from forum.ledger.scenario import Amount, Scenario, figures
from forum.reports.deflection_shape import SurveyMonth
from forum.reports.deflection_valuing import Cell, MonthParameters, Worth, figure, value

OCTOBER, READERS = Period(2026, 10), 100_000


def a_worth(yes: int, of: int, price: str, own: Proportion | None = None) -> Worth:
    month = MonthParameters(
        survey=SurveyMonth(OCTOBER, drawn=of, answered=of, joint=yes, enough=True),
        own={("indirect", "board", "wifi"): own} if own else {},
        prices=Prices([Price("phone", OCTOBER.first, Decimal(price), Decimal(price), "EUR", None, "Contract")]),
    )
    return Worth({OCTOBER: month}, sees_money=True, has_costs=True)


def readers(day: int, quantity: int) -> Cell:
    return Cell(
        "indirect", "surveyed", OCTOBER, date(2026, 10, day), "wifi", "here", "en", "", "", quantity, quantity
    )  # fmt: skip


@pytest.mark.parametrize(
    ("yes", "of", "price", "money"),
    [(63, 2_500, "8.00", 20_160), (62, 20_000, "4.00", 1_240), (22, 20_000, "4.00", 440)],
)
def test_a_small_rate_loses_nothing_to_the_cent(yes: int, of: int, price: str, money: int) -> None:
    worth = a_worth(yes, of, price)
    rows = value([readers(1, READERS // 4), readers(2, READERS - READERS // 4)], worth)
    found, lines = figure(rows, worth), [figure([row], worth) for row in rows]
    assert found.money == sum((line.money or 0 for line in lines), Decimal(0)) == money
    assert found.likely == Decimal(READERS * yes) / of
    amount = Amount("indirect", "surveyed", OCTOBER, READERS, "indirect:2026-10", {"phone": Decimal(price)})
    assert figures(Scenario([amount], {"indirect:2026-10": Proportion(yes, of)})).money == money


def test_what_is_less_than_a_cent_lies_inside_its_bounds_which_are_in_cents() -> None:
    worth = a_worth(22, 20_000, "4.00")
    found = figure(value([readers(1, 1)], worth), worth)
    assert found.money == Decimal("0.0044")
    assert found.money_low == 0 and found.money_high == Decimal("0.01")


def test_a_part_without_a_hundred_answers_of_its_own_has_a_chance_of_its_own() -> None:
    """Hardly any of those who were asked read on this board, so its fifty readers are another sample."""
    everywhere = Proportion(100, 1_000)
    for answers, wider in ((99, True), (100, False)):
        own = Proportion(answers // 10, answers)
        worth = a_worth(everywhere.yes, everywhere.of, "4.00", own)
        rows = value([readers(1, 50)], worth)
        whole = a_worth(everywhere.yes, everywhere.of, "4.00") if wider else a_worth(own.yes, own.of, "4.00")
        of_all = figure(value([readers(1, 50)], whole), whole)
        of_the_part = figure(rows, worth, {"indirect:2026-10": own})
        assert of_the_part.money == of_all.money
        assert (of_the_part.high > of_all.high) is wider
        assert of_the_part.low < of_all.low if wider else of_the_part.low == of_all.low
