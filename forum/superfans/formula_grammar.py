"""The grammar of formulas, and a sentence for each way of breaking it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from lark import Lark, Token, UnexpectedCharacters, UnexpectedToken

from forum.kernel.messages import Message
from forum.superfans.formula_checking import Checking
from forum.superfans.formula_error import FormulaError
from forum.superfans.formula_parts import Part

# `!` binds more loosely than a comparison, for `!a < b` could mean nothing else.
GRAMMAR = r"""
?start: either
?either: every (_OR every)*
?every: denied (_AND denied)*
?denied: NOT denied | compared
?compared: sum (COMPARISON sum)*
?sum: product | product ((PLUS | MINUS) product)+          -> reckoned
?product: negative | negative ((TIMES | OVER) negative)+   -> reckoned
?negative: MINUS negative | atom
?atom: NUMBER -> literal | NAME -> metric | OPENING either CLOSING -> group

_OR.2: /\|\||or\b/i
_AND.2: /&&|and\b/i
NOT.1: /!|not\b/i
COMPARISON.2: /<=|>=|==|!=|<|>/
PLUS: "+"
MINUS: "-"
TIMES: "*"
OVER: "/"
OPENING: "("
CLOSING: ")"
NUMBER: /[0-9]+(\.[0-9]+)?|\.[0-9]+/
NAME: /[^\W\d]\w*/
%ignore /\s+/
"""

_WRITE_INSTEAD: Mapping[str, str] = {
    "=": "==", "&": "&&", "|": "||", "≥": ">=", "≤": "<=", "≠": "!=", "×": "*", "·": "*", "÷": "/",
    "−": "-", "–": "-", "（": "(", "）": ")", "＜": "<", "＞": ">", "！": "!", "＝": "==",
}  # fmt: skip


def read(text: str) -> Part:
    """The checked parts of `text`. Raises FormulaError."""
    try:
        return _parser().parse(text)  # type: ignore[return-value]  # the transformer makes parts of its trees
    except UnexpectedCharacters as error:
        assert error.pos_in_stream is not None
        raise _unknown_character(text, error.pos_in_stream) from None
    except UnexpectedToken as error:
        raise _out_of_place(text, error) from None


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer="basic", transformer=Checking())


def _unknown_character(text: str, at: int) -> FormulaError:
    found = text[at]
    if found in _WRITE_INSTEAD:
        message = Message("Write %(right)s instead of %(found)s.", {"right": _WRITE_INSTEAD[found], "found": found})
    elif found in ",，":
        message = Message("A comma has no meaning here. Write a half as 0.5 and a thousand as 1000.")
    else:
        message = Message("%(found)s has no meaning in a formula.", {"found": _shown(found)})
    return FormulaError(message, at, 1)


def _out_of_place(text: str, error: UnexpectedToken) -> FormulaError:
    token = error.token
    wants_operand = "NAME" in error.expected
    if token.type == "$END":
        return _broken_off(text, wants_operand)
    at = token.start_pos
    assert at is not None
    if wants_operand:
        message = Message("A metric or a number is wanted here, not %(found)s.", {"found": _word(token)})
    elif token.type == "CLOSING":
        message = Message("This bracket was never opened.")
    else:
        message = Message("An operator is missing before %(found)s, such as && or >=.", {"found": _word(token)})
    return FormulaError(message, at, len(token.value))


def _broken_off(text: str, wants_operand: bool) -> FormulaError:
    if wants_operand:
        return FormulaError(Message("A metric or a number is missing at the end."), len(text.rstrip()), 0)
    return FormulaError(Message("This bracket is never closed."), _unclosed(text), 1)


def _unclosed(text: str) -> int:
    """The last bracket that is opened and never closed; brackets mean nothing else in this language."""
    opened: list[int] = []
    for at, character in enumerate(text):
        if character == "(":
            opened.append(at)
        elif character == ")":
            opened.pop()
    return opened[-1]


def _word(token: Token) -> str:
    word = str(token.value)
    return word if len(word) <= 60 else word[:60] + "…"


def _shown(character: str) -> str:
    return character if character.isprintable() else f"U+{ord(character):04X}"
