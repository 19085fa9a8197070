"""The arithmetic of the report, against worked figures and by its own laws."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from forum.ledger.cost import ContactCost
from forum.ledger.period import Period, periods
from forum.ledger.pricing import prices_of

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


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
    prices = prices_of([
        cost("phone", "8.00", date(2026, 1, 1), 1),
        cost("phone", "9.00", date(2026, 6, 1), 2),
        cost("phone", "8.50", date(2026, 1, 1), 3),
    ], (), "EUR")  # fmt: skip
    assert prices.on("phone", date(2025, 12, 31)) is None
    assert prices.on("phone", date(2026, 5, 31)) == Decimal("8.50")
    assert prices.on("phone", date(2026, 6, 1)) == Decimal("9.00")
    assert prices.on("chat", date(2026, 6, 1)) is None


def test_who_names_no_channel_costs_the_cheapest_until_a_hundred_name_theirs() -> None:
    day = date(2026, 6, 1)
    prices = prices_of([cost("phone", "8.00", day, 1), cost("chat", "4.00", day, 2)], (), "EUR")
    assert prices.unnamed(day, {"phone": 99}) == Decimal("4.00")
    assert prices.unnamed(day, {"phone": 75, "chat": 25}) == Decimal("7.00")
    assert prices.unnamed(day, {"phone": 50, "store": 50}) == Decimal("4.00")  # nobody entered what a store costs
    assert prices.unnamed(day - timedelta(days=1), {}) is None
