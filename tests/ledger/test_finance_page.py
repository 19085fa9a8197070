"""docs/finance.md tells a worked month: every figure of it is counted again here, by the product's own arithmetic."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from forum.ledger.period import Period
from forum.ledger.pricing import mix_of
from forum.ledger.proportion import Proportion
from forum.ledger.returns import net, net_range, roi, roi_range
from forum.ledger.scenario import Amount, Scenario, figures, money_of, share_of
from forum.ledger.sensitivity import Change, sensitivity

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "finance.md").read_text(encoding="utf-8")
WORKED = PAGE[PAGE.index("## A worked month") : PAGE.index("## How sure")]
OCTOBER = Period(2026, 10)
COSTS = {"phone": Decimal("8.00"), "chat": Decimal("5.00"), "network": Decimal("4.00")}
SILENT, STAFF, READERS = "direct:2026-10", "social:bluesky:2026-10", "indirect:2026-10"
ROWS = {
    "direct, said yes, phone": Amount("direct", "stated", OCTOBER, 80, None, COSTS, {"phone": Decimal(1)}),
    "direct, said yes, chat": Amount("direct", "stated", OCTOBER, 40, None, COSTS, {"chat": Decimal(1)}),
    "direct, said nothing": Amount("direct", "stated", OCTOBER, 180, SILENT, COSTS, mix_of({"phone": 80, "chat": 40})),
    "social, Bluesky": Amount("social", "stated", OCTOBER, 150, STAFF, COSTS, {"network": Decimal(1)}),
    "indirect": Amount("indirect", "surveyed", OCTOBER, 20_000, READERS, COSTS, mix_of({"phone": 24})),
}
MONTH = Scenario(
    list(ROWS.values()),
    {SILENT: Proportion(120, 200), STAFF: Proportion(45, 300), READERS: Proportion(24, 800)},
    {SILENT: 180, READERS: 1_200},
)
COST = Decimal("2900.00")


@pytest.mark.parametrize("label", list(ROWS))
def test_each_row_of_the_worked_month_is_as_the_product_counts_it(label: str) -> None:
    row = ROWS[label]
    share, money = share_of(row, MONTH), money_of(row, MONTH)
    rate = "1" if row.rate is None else f"{share:.4f}"
    cells = [
        label,
        f"{row.quantity:,}",
        rate,
        f"{row.quantity * share:,.1f}",
        f"{money / row.quantity:.2f}",
        f"{money:,.2f}",
    ]
    assert f"| {' | '.join(cells)} |" in WORKED


def test_its_total_its_range_and_its_return_are_the_products() -> None:
    found = figures(MONTH)
    assert found.money is not None and found.money_range is not None
    assert f"| **likely** | | | **{found.contacts:,.1f}** | | **{found.money:,.2f}** |" in WORKED
    low, high = found.contacts_range.low, found.contacts_range.high
    least, most = found.money_range.low, found.money_range.high
    assert f"{low:,.1f} to {high:,.1f} contacts, and {least:,.2f} to {most:,.2f} in money" in WORKED
    assert f"at least {low:,.1f} contacts, at least {least:,.2f}." in WORKED
    worst = net_range(found.money_range, COST)[0], roi_range(found.money_range, COST)
    assert worst[1] is not None
    assert (
        f"Net {net(found.money, COST):,}, at least {worst[0]}; ROI {roi(found.money, COST)}, at least {worst[1][0]}."
        in WORKED
    )


@pytest.mark.parametrize(
    ("change", "subject"),
    [
        (Change.RATE, READERS), (Change.STRICT, ""), (Change.SILENT_READERS, ""), (Change.SILENT_ASKERS, ""),
        (Change.COST, "phone"),
    ],
)  # fmt: skip
def test_what_would_change_it_most_moves_it_so_far(change: Change, subject: str) -> None:
    [swing] = [one for one in sensitivity(MONTH) if (one.change, one.subject) == (change, subject)]
    assert f"{swing.money:,.2f}" in WORKED


def test_the_printed_calibration_keeps_what_is_promised() -> None:
    plain = re.search(r"^\| one month, the plain case \| ([\d.]+) % \| ([\d.]+) % \|", PAGE, re.M)
    assert plain is not None
    assert float(plain[1]) >= 92 and float(plain[2]) <= 4
