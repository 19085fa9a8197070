"""The formula language: what it means, what it refuses and where, what is missing."""

from __future__ import annotations

import string
from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from forum.superfans.formula import LONGEST, FormulaError, parse
from forum.superfans.metrics import NAMED

REGULAR = "solutions_90d >= 5 && kudos_received / answers > 0.8 && days_member >= 30"
HAS: Mapping[str, Decimal | int | None] = {
    "solutions": 12,
    "solutions_90d": 5,
    "kudos_received": 9,
    "answers": 10,
    "days_member": 30,
    "acceptance_rate": Decimal("0.1"),
    "median_first_response_minutes": None,
    "days_since_last_answer": None,
    "points": 0,
    "is_email_confirmed": 1,
}


def holds(text: str, **changed: Decimal | int | None) -> bool:
    return parse(text).holds({**HAS, **changed})


def test_the_formula_of_a_rank_holds_exactly_from_its_limits_on() -> None:
    assert holds(REGULAR)
    assert not holds(REGULAR, solutions_90d=4)
    assert not holds(REGULAR, kudos_received=8)
    assert not holds(REGULAR, days_member=29)


def test_a_formula_says_which_metrics_it_needs_and_how_it_was_written() -> None:
    formula = parse(f"  {REGULAR} \r\n")
    assert formula.metrics == {"solutions_90d", "kudos_received", "answers", "days_member"}
    assert str(formula) == f"  {REGULAR} \r\n"
    assert len({formula, parse(str(formula)), parse(REGULAR)}) == 2, "it may be a key"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 + 3 * 4 == 14", True),
        ("(2 + 3) * 4 == 20", True),
        ("10 - 4 - 3 == 3", True),
        ("12 / 2 / 3 == 2", True),
        ("-2 * -3 == 6", True),
        ("2 - -2 == 4", True),
        (".5 + 0.25 == 0.75", True),
        ("0.1 + 0.2 == 0.3", True),
        ("1 / 3 * 3 == 1", True),
        ("acceptance_rate * 3 == 0.3", True),
        ("answers != 10", False),
        ("answers < 10", False),
        ("answers <= 10", True),
        ("answers > 10", False),
        ("answers >= 10", True),
        ("1 > 2 && 1 > 2 || 1 < 2", True),
        ("1 < 2 || 1 > 2 && 1 > 2", True),
        ("(1 < 2 || 1 > 2) && 1 > 2", False),
        ("!1 > 2", True),
        ("not 1 > 2 and 1 < 2", True),
        ("NOT (1 > 2 OR 2 < 1) AND 1 < 2", True),
        ("is_email_confirmed && !(answers < 3)", True),
    ],
)
def test_it_reckons_as_one_expects(text: str, expected: bool) -> None:
    assert holds(text) is expected


@pytest.mark.parametrize(
    "text",
    [
        "median_first_response_minutes < 60",
        "median_first_response_minutes >= 60",
        "median_first_response_minutes == median_first_response_minutes",
        "median_first_response_minutes != 5",
        "!(median_first_response_minutes < 60)",
        "median_first_response_minutes * 0 == 0",
        "1 + -median_first_response_minutes < 60",
        "answers / points > 1",
        "!(answers / points > 1)",
        "points / points == 1",
        "days_since_last_answer < 5 || median_first_response_minutes < 5",
        "1 < 2 && days_since_last_answer < 5",
        "!(1 < 2 && days_since_last_answer < 5)",
    ],
)
def test_what_is_unknown_counts_as_not_true_and_so_does_its_opposite(text: str) -> None:
    assert not holds(text)


@pytest.mark.parametrize(
    "text",
    ["days_since_last_answer < 5 || 1 < 2", "!(days_since_last_answer < 5 && 1 > 2)", "1 < 2 || answers / 0 > 1"],
)
def test_the_unknown_does_not_hide_what_is_known(text: str) -> None:
    assert holds(text)


def test_a_float_is_refused_rather_than_reckoned_with() -> None:
    with pytest.raises(TypeError):
        parse("answers >= 1").holds({"answers": 0.1})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("text", "marked", "says"),
    [
        ("1 < answers < 3", "1 < answers < 3", "Only two things can be compared at a time."),
        ("points > 1 && 1 < answers <= 3", "1 < answers <= 3", "Only two things can be compared"),
        ("solutions", "solutions", "solutions is a number. A condition is wanted here, such as solutions >= 1."),
        ("points > 1 && 7", "7", "This is a number. A condition is wanted here"),
        ("!answers && points > 1", "answers", "answers is a number."),
        ("answers + (points > 1) > 3", "(points > 1)", "This is a condition, true or false. A number is wanted here."),
        ("-(points > 1) < 3", "(points > 1)", "This is a condition, true or false."),
        ("is_email_confirmed == 1", "is_email_confirmed", "is_email_confirmed is yes or no, not a number."),
        ("answrs > 1", "answrs", "There is no metric answrs. Did you mean answers?"),
        ("points > 1 && Solutions > 1", "Solutions", "There is no metric Solutions. Did you mean solutions?"),
        ("zzz > 1", "zzz", "There is no metric zzz."),
        ("解决 > 1", "解决", "There is no metric 解决."),
        ("solutions_45d > 1", "solutions_45d", "solutions_45d has no such window. There are: solutions, solutions_7d"),
        ("solutions_all > 1", "solutions_all", "solutions_all has no such window."),
        ("days_member_30d > 1", "days_member_30d", "days_member has no windows; write it without one."),
        ("answers = 3", "=", "Write == instead of =."),
        ("answers ≥ 3", "≥", "Write >= instead of ≥."),
        ("answers > 1 & points > 1", "&", "Write && instead of &."),
        ("answers > 1,000", ",", "A comma has no meaning here."),
        ("answers > 10%", "%", "% has no meaning in a formula."),
        ("answers > \ud800", "\ud800", "U+D800 has no meaning in a formula."),
        ("answers >= && points > 1", "&&", "A metric or a number is wanted here, not &&."),
        ("answers 3", "3", "An operator is missing before 3"),
        ("answers > 1 points > 2", "points", "An operator is missing before points"),
        ("max(answers) > 1", "(", "An operator is missing before ("),
        ("__import__", "__import__", "There is no metric __import__."),
        ("answers > '3", "'", "' has no meaning in a formula."),
        ("()", ")", "A metric or a number is wanted here, not )."),
        ("(answers > 1) || (points > 1", "(points"[:1], "This bracket is never closed."),
        ("answers > 1)", ")", "This bracket was never opened."),
    ],
)
def test_what_is_wrong_is_said_at_its_place(text: str, marked: str, says: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text)
    error = caught.value
    assert text[error.at : error.at + error.length] == marked
    assert error.at == text.rindex(marked)
    assert says in str(error)
    assert error.status == 422


@pytest.mark.parametrize("text", ["answers >", "answers > 1 &&  ", "(", "!", "answers > 1 or"])
def test_what_is_missing_at_the_end_is_marked_behind_it(text: str) -> None:
    with pytest.raises(FormulaError, match="missing at the end") as caught:
        parse(text)
    assert (caught.value.at, caught.value.length) == (len(text.rstrip()), 0)


@pytest.mark.parametrize("text", ["", "   ", "\r\n"])
def test_an_empty_formula_is_refused(text: str) -> None:
    with pytest.raises(FormulaError, match="Nothing is written yet"):
        parse(text)


def test_a_formula_may_have_a_thousand_characters_and_none_more() -> None:
    longest = "answers > 1".ljust(LONGEST)
    assert parse(longest).metrics == {"answers"}
    with pytest.raises(FormulaError, match="at most 1000 characters; this has 1001") as caught:
        parse(longest + " ")
    assert (caught.value.at, caught.value.length) == (1000, 1)


@pytest.mark.parametrize("deep", ["!" * 980 + "answers>1", "-" * 980 + "1 > 0", "(" * 490 + "1>0" + ")" * 490])
def test_what_is_too_deep_is_refused(deep: str) -> None:
    with pytest.raises(FormulaError, match="Too many brackets and signs in each other: at most 30"):
        parse(deep)


def test_a_long_sum_is_not_deep() -> None:
    assert holds("1+" * 490 + "1 == 491")
    assert holds("1<2&&" * 190 + "1<2")


def test_the_largest_number_that_fits_is_reckoned_with() -> None:
    assert holds(f"{'9' * 480} / {'9' * 480} == 1")


@given(some.text(max_size=LONGEST + 20))
def test_any_text_is_a_formula_or_an_error_with_a_place(text: str) -> None:
    assert_parsed_or_refused(text)


PIECES = [*"()!<>=+-*/&|.,0179 \n_", "&&", "||", "and", "or", "not", "1.5", "==", "!=", ">=", *sorted(NAMED)[::7]]


@given(some.lists(some.sampled_from(PIECES), max_size=60).map("".join))
def test_any_jumble_of_its_own_words_is_a_formula_or_an_error(text: str) -> None:
    assert_parsed_or_refused(text)


@given(some.text(string.ascii_letters + string.digits + "_éß解٣", min_size=1, max_size=LONGEST))
def test_any_name_is_answered(text: str) -> None:
    assert_parsed_or_refused(text)


def assert_parsed_or_refused(text: str) -> None:
    try:
        formula = parse(text)
    except FormulaError as error:
        assert str(error)
        assert 0 <= error.at <= error.at + error.length <= len(text)
    else:
        assert str(formula) == text
        assert formula.holds(dict.fromkeys(formula.metrics)) in {True, False}
        formula.gaps(dict.fromkeys(formula.metrics, 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("solutions / 5", Decimal("2.4")),
        ("1 / 3 * 3", Decimal(1)),
        ("-(answers - 12) * 2", Decimal(4)),
        ("answers / points", None),
        ("median_first_response_minutes + 1", None),
    ],
)
def test_a_formula_may_be_a_number(text: str, expected: Decimal | None) -> None:
    formula = parse(text, wants="number")
    assert formula.value(HAS) == expected
    assert formula.gaps(HAS) == []
    with pytest.raises(TypeError):
        formula.holds(HAS)


def test_a_condition_is_no_number() -> None:
    with pytest.raises(FormulaError, match="A number is wanted here"):
        parse("answers > 1", wants="number")
    with pytest.raises(TypeError):
        parse("answers > 1").value(HAS)


def gaps(text: str, **changed: Decimal | int | None) -> list[tuple[str, Decimal | int | None]]:
    return [(str(gap), gap.missing) for gap in parse(text).gaps({**HAS, **changed})]


def test_a_member_is_told_what_is_missing() -> None:
    assert gaps(REGULAR, solutions_90d=2, days_member=29) == [
        ("solutions_90d: 2 of 5", 3),
        ("days_member: 29 of 30", 1),
    ]


def test_nothing_is_missing_where_the_formula_holds() -> None:
    assert gaps(REGULAR) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("answers > 12", ("answers: 10 of 13", 3)),
        ("12 < answers", ("answers: 10 of 13", 3)),
        ("answers >= 2 * 8 - 1", ("answers: 10 of 15", 5)),
        ("answers >= 10.5", ("answers: 10 of 11", 1)),
        ("answers < 8", ("answers: 10 of 7", 3)),
        ("8.5 >= answers", ("answers: 10 of 8", 2)),
        ("answers == 14", ("answers: 10 of 14", 4)),
        ("answers != 10", ("answers: 10 of 10", None)),
        ("acceptance_rate > 0.8", ("acceptance_rate: 0.1 of 0.8", Decimal("0.7"))),
        ("acceptance_rate >= 1/3", ("acceptance_rate: 0.1 of 0.3333", Decimal("0.2333"))),
        ("median_first_response_minutes < 60", ("median_first_response_minutes: no data of 60", None)),
        ("(1 < 2 && (answers > 10))", ("answers: 10 of 11", 1)),
    ],
)
def test_a_gap_names_the_nearest_value_that_would_do(text: str, expected: tuple[str, object]) -> None:
    assert gaps(text) == [expected]


def test_a_yes_or_no_that_is_missing_is_a_gap() -> None:
    assert gaps("is_email_confirmed", is_email_confirmed=0) == [("is_email_confirmed: 0 of 1", 1)]


@pytest.mark.parametrize(
    "text",
    [
        "answers > 12 || points > 3",
        "!(answers < 12)",
        "answers > points + 20",
        "answers / points > 1",
        "kudos_received / answers > 0.9",
        "answers > 1 / 0",
        "!is_email_confirmed",
    ],
)
def test_of_other_conditions_nobody_says_how_far_they_are(text: str) -> None:
    assert not holds(text)
    assert gaps(text) == []


@given(some.integers(0, 40), some.integers(-5, 45), some.sampled_from(["<", "<=", ">", ">=", "=="]))
def test_who_fills_the_gap_meets_the_demand(has: int, limit: int, sign: str) -> None:
    formula = parse(f"answers {sign} {limit}")
    found = formula.gaps({"answers": has})
    assert bool(found) is not formula.holds({"answers": has})
    for gap in found:
        assert formula.holds({"answers": gap.wants})
        step = 1 if gap.wants > has else -1
        assert not any(formula.holds({"answers": value}) for value in range(has, int(gap.wants), step))
