"""docs/ranks.md: its table of metrics is the code's, and every formula that it shows is one."""

from __future__ import annotations

import re

import pytest

from forum.superfans.formula import DEEPEST, LONGEST, FormulaError, parse
from forum.superfans.metric import WINDOWS
from forum.superfans.metrics import METRICS, catalogue
from tests.docs.pages import ROOT, text_of

PAGE = text_of(ROOT / "docs" / "ranks.md")


def rows_of(head: str) -> list[list[str]]:
    """The cells of the table under the line `head`."""
    table = re.search(rf"^{re.escape(head)}\n\|[-|]+\n((?:\|.*\n)+)", PAGE, re.M)
    assert table is not None, head
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in table.group(1).splitlines()]


def test_the_table_of_metrics_is_the_catalogue() -> None:
    declared = [
        [f"`{one.name}`", ", ".join(map(str, one.windows)), str(one.unit), str(one.description)]
        for group in catalogue()
        for one in group.metrics
    ]
    assert rows_of("| metric | windows | unit | what it counts |") == declared


def test_the_catalogue_leaves_no_metric_out_and_shows_none_twice() -> None:
    shown = [one for group in catalogue() for one in group.metrics]
    assert sorted(one.name for one in shown) == sorted({one.name for one in METRICS})
    assert len(METRICS) >= 30


def test_every_example_is_a_formula() -> None:
    examples = [row[1].strip("`").replace("\\|", "|") for row in rows_of("| a rank or badge for | formula |")]
    assert len(examples) > 5
    for text in examples:
        repeatable = text == "solutions / 10"
        assert parse(text, wants="number" if repeatable else "truth").metrics, text
    assert parse(re.findall(r"^    (.*&&.*)$", PAGE, re.M)[0]).metrics


def test_the_limits_are_those_of_the_parser() -> None:
    assert f"at most {LONGEST:,} characters, and at most {DEEPEST} brackets" in PAGE
    assert f"windows are {WINDOWS[0]}, {WINDOWS[1]}, {WINDOWS[2]} and {WINDOWS[3]} days" in PAGE


@pytest.mark.parametrize("text", ["0.1 + 0.2 == 0.3", "1 / 3 * 3 == 1"])
def test_what_it_says_of_numbers_is_so(text: str) -> None:
    assert f"`{text}`" in PAGE
    assert parse(text).holds({})


def test_what_it_says_to_write_instead_is_right() -> None:
    with pytest.raises(FormulaError):
        parse("1 < answers < 5")
    assert "`1 < answers < 5` write `1 < answers && answers < 5`" in PAGE
    assert parse("1 < answers && answers < 5").holds({"answers": 3})
