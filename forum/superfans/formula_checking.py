"""Makes the checked parts of a formula while it is parsed: metrics that exist, numbers where numbers are wanted, no chains.

The parser calls one method for each rule of the grammar, the innermost first, so nothing here calls itself.
"""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import get_close_matches
from fractions import Fraction

from lark import Token, Transformer, v_args

from forum.kernel.messages import Message
from forum.superfans.formula_error import FormulaError
from forum.superfans.formula_parts import (
    Compared,
    Comparison,
    Denied,
    Either,
    Every,
    Literal,
    Measured,
    Negative,
    NumberPart,
    Part,
    Reckoned,
    Stated,
    TruthPart,
)
from forum.superfans.metric import Metric, Unit
from forum.superfans.metrics import BY_NAME, NAMED

DEEPEST = 30  # parts in parts; more than anybody can read


@v_args(inline=True)
class Checking(Transformer[Token, Part]):
    """Each method raises FormulaError at the part that is wrong."""

    def literal(self, token: Token) -> Literal:
        return Literal(*_place(token), 1, Fraction(token.value))

    def metric(self, token: Token) -> Measured | Stated:
        found = NAMED.get(token.value)
        if found is None:
            raise _unknown(token)
        if found.unit == Unit.TRUTH:
            return Stated(*_place(token), 1, token.value)
        return Measured(*_place(token), 1, token.value, found.unit.is_whole)

    def group(self, opening: Token, part: Part, closing: Token) -> Part:
        return _not_too_deep(replace(part, at=_place(opening)[0], end=_place(closing)[1], depth=part.depth + 1))

    def negative(self, sign: Token, part: Part) -> Part:
        return _not_too_deep(Negative(_place(sign)[0], part.end, part.depth + 1, number(part)))

    def reckoned(self, first: Part, *rest: Token | Part) -> Part:
        steps = tuple(
            (str(sign), number(part))
            for sign, part in zip(rest[::2], rest[1::2], strict=True)
            if isinstance(part, Part)
        )
        return _not_too_deep(Reckoned(*_around(first, *(part for _sign, part in steps)), number(first), steps))

    def compared(self, left: Part, sign: Token, right: Part, *more: Token | Part) -> Part:
        if more:
            raise _chain(left, more)
        around = _around(left, right)
        return _not_too_deep(Compared(*around, number(left), Comparison(sign.value), number(right)))

    def denied(self, sign: Token, part: Part) -> Part:
        return _not_too_deep(Denied(_place(sign)[0], part.end, part.depth + 1, truth(part)))

    def every(self, *parts: Part) -> Part:
        return _not_too_deep(Every(*_around(*parts), tuple(truth(part) for part in parts)))

    def either(self, *parts: Part) -> Part:
        return _not_too_deep(Either(*_around(*parts), tuple(truth(part) for part in parts)))


def truth(part: Part) -> TruthPart:
    """`part` where a condition is wanted."""
    if isinstance(part, TruthPart):
        return part
    if isinstance(part, Measured):
        message = Message(
            "%(metric)s is a number. A condition is wanted here, such as %(metric)s >= 1.", {"metric": part.name}
        )
        raise _wrong(part, message)
    raise _wrong(part, Message("This is a number. A condition is wanted here: compare it with something."))


def number(part: Part) -> NumberPart:
    """`part` where a number is wanted."""
    if isinstance(part, NumberPart):
        return part
    if isinstance(part, Stated):
        message = Message(
            "%(metric)s is yes or no, not a number. Write it alone: %(metric)s, or !%(metric)s.", {"metric": part.name}
        )
        raise _wrong(part, message)
    raise _wrong(part, Message("This is a condition, true or false. A number is wanted here."))


def _chain(left: Part, more: tuple[Token | Part, ...]) -> FormulaError:
    end = max(part.end for part in more if isinstance(part, Part))
    message = Message("Only two things can be compared at a time. Write a < b && b < c instead of a < b < c.")
    return FormulaError(message, left.at, end - left.at)


def _unknown(token: Token) -> FormulaError:
    at, end = _place(token)
    name = token.value
    window = re.fullmatch(r"(.+)_(?:\d+d?|all)", name)
    known = BY_NAME.get(window.group(1)) if window else None
    if known is not None:
        return FormulaError(_wrong_window(name, known), at, end - at)
    near = get_close_matches(name[:60].lower(), NAMED, n=1)
    shown = name if len(name) <= 60 else name[:60] + "…"
    if near:
        message = Message("There is no metric %(name)s. Did you mean %(near)s?", {"name": shown, "near": near[0]})
    else:
        message = Message("There is no metric %(name)s.", {"name": shown})
    return FormulaError(message, at, end - at)


def _wrong_window(name: str, metric: Metric) -> Message:
    if not metric.windows:
        return Message("%(metric)s has no windows; write it without one.", {"metric": metric.name})
    return Message(
        "%(name)s has no such window. There are: %(names)s.", {"name": name, "names": ", ".join(metric.names)}
    )


def _wrong(part: Part, message: Message) -> FormulaError:
    return FormulaError(message, part.at, part.end - part.at)


def _not_too_deep(part: Part) -> Part:
    if part.depth > DEEPEST:
        raise _wrong(part, Message("Too many brackets and signs in each other: at most %(most)s.", {"most": DEEPEST}))
    return part


def _around(*parts: Part) -> tuple[int, int, int]:
    return parts[0].at, parts[-1].end, 1 + max(part.depth for part in parts)


def _place(token: Token) -> tuple[int, int]:
    assert token.start_pos is not None
    assert token.end_pos is not None
    return token.start_pos, token.end_pos
