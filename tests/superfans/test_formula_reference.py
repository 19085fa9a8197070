"""The evaluation beside two others that were written for this test alone.

One walks a tree that never was text, with truth as 0, a half (unknown) and 1; so `&&` is the least and `||` the
greatest. The other is Python's own, for what is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from hypothesis import assume, given
from hypothesis import strategies as some

from forum.superfans.formula import LONGEST, parse
from forum.superfans.metrics import NAMED

NAMES = ["solutions", "answers_30d", "kudos_received", "acceptance_rate", "days_member"]
YES_OR_NO = "is_email_confirmed"
HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Tree:
    """`sign` is an operator, "name", "number" or "truth"; `text` of the last three."""

    sign: str
    of: tuple[Tree, ...] = ()
    text: str = ""


Values: TypeAlias = dict[str, Decimal | int | None]

numbers = some.one_of(
    some.sampled_from(NAMES).map(lambda name: Tree("name", text=name)),
    some.integers(0, 12).map(lambda number: Tree("number", text=str(number))),
    some.sampled_from(["0.1", "0.25", ".5", "3.3"]).map(lambda number: Tree("number", text=number)),
)
sums = some.recursive(
    numbers,
    lambda inner: some.one_of(
        some.tuples(some.sampled_from("+-*/"), some.tuples(inner, inner)).map(lambda both: Tree(*both)),
        inner.map(lambda one: Tree("negative", (one,))),
    ),
    max_leaves=5,
)
comparisons = some.tuples(some.sampled_from(["<", "<=", ">", ">=", "==", "!="]), some.tuples(sums, sums)).map(
    lambda both: Tree(*both)
)
conditions = some.recursive(
    comparisons | some.just(Tree("truth", text=YES_OR_NO)),
    lambda inner: some.one_of(
        some.tuples(some.sampled_from(["&&", "||"]), some.tuples(inner, inner)).map(lambda both: Tree(*both)),
        inner.map(lambda one: Tree("!", (one,))),
    ),
    max_leaves=6,
)
amounts = some.one_of(
    some.none(), some.integers(0, 12), some.sampled_from([Decimal("0.1"), Decimal("0.5"), Decimal(3)])
)
known = some.fixed_dictionaries({**dict.fromkeys(NAMES, amounts), YES_OR_NO: some.sampled_from([0, 1, None])})
whole = some.fixed_dictionaries({**dict.fromkeys(NAMES, some.integers(0, 12)), YES_OR_NO: some.sampled_from([0, 1])})

BINDING = {
    "||": 1,
    "&&": 2,
    "!": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "==": 4,
    "!=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "negative": 7,
}


def written(tree: Tree, bracketed: bool) -> str:
    """With every bracket that could stand, or with those alone that are needed."""
    if not tree.of:
        return tree.text
    own = BINDING[tree.sign]
    if len(tree.of) == 1:
        text = f"{'-' if tree.sign == 'negative' else '!'}{within(tree.of[0], own, bracketed)}"
    else:
        left, right = tree.of
        text = f"{within(left, own, bracketed)} {tree.sign} {within(right, own + 1, bracketed)}"
    return f"({text})" if bracketed else text


def within(tree: Tree, binding: int, bracketed: bool) -> str:
    text = written(tree, bracketed)
    return f"({text})" if not bracketed and BINDING.get(tree.sign, 8) < binding else text


def amount(tree: Tree, values: Values) -> Fraction:
    """Raises ZeroDivisionError and LookupError for what is unknown."""
    if tree.sign == "number":
        return Fraction(tree.text)
    if tree.sign == "name":
        if (value := values[tree.text]) is None:
            raise LookupError
        return Fraction(value)
    inner = [amount(one, values) for one in tree.of]
    match tree.sign:
        case "+":
            return inner[0] + inner[1]
        case "-":
            return inner[0] - inner[1]
        case "*":
            return inner[0] * inner[1]
        case "/":
            return inner[0] / inner[1]
    return -inner[0]


def truth(tree: Tree, values: Values) -> Fraction:
    match tree.sign:
        case "truth":
            value = values[YES_OR_NO]
            return HALF if value is None else Fraction(value)
        case "&&":
            return min(truth(one, values) for one in tree.of)
        case "||":
            return max(truth(one, values) for one in tree.of)
        case "!":
            return 1 - truth(tree.of[0], values)
    try:
        left, right = (amount(one, values) for one in tree.of)
    except (ZeroDivisionError, LookupError):
        return HALF
    below, same = left < right, left == right
    said = {"<": below, "<=": below or same, ">": not below and not same, ">=": not below, "==": same, "!=": not same}
    return Fraction(said[tree.sign])


@given(conditions, known, some.booleans())
def test_the_value_is_that_of_a_reference_evaluator(tree: Tree, values: Values, bracketed: bool) -> None:
    text = written(tree, bracketed)
    assume(len(text) <= LONGEST)
    assert parse(text).holds(values) is (truth(tree, values) == 1)


@given(conditions, known)
def test_brackets_that_change_nothing_change_nothing(tree: Tree, values: Values) -> None:
    bare, full = written(tree, False), written(tree, True)
    assume(len(full) <= LONGEST)
    assert parse(bare).holds(values) is parse(full).holds(values)
    assert parse(bare).metrics == parse(full).metrics == set(re.findall(r"[a-z_]\w*", bare))


@given(conditions, whole, some.booleans())
def test_words_and_signs_bind_as_they_do_in_python(tree: Tree, values: Values, bracketed: bool) -> None:
    text = written(tree, bracketed)
    assume(len(text) <= LONGEST)
    words = re.sub(r"!(?!=)", " not ", text.replace("&&", " and ").replace("||", " or "))
    exact = re.sub(r"(?<![\w.])(\d*\.?\d+)(?!\w)", r"Fraction('\1')", words)
    try:
        expected = eval(exact, {"Fraction": Fraction, **{name: Fraction(value) for name, value in values.items()}})
    except ZeroDivisionError:
        assume(False)
    assert parse(text).holds(values) is bool(expected)
    assert parse(words).holds(values) is bool(expected)


def test_the_names_used_here_are_metrics() -> None:
    assert {*NAMES, YES_OR_NO} <= NAMED.keys()
