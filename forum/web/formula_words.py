"""A formula as people read it: metrics by their titles, signs by words. Nothing is left out and nothing is put in order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from flask_babel import gettext as _

from forum.superfans.formula import FormulaError, parse
from forum.superfans.metrics import NAMED
from forum.web.i18n import say

_TOKEN = re.compile(r"[A-Za-z_][A-Za-z_0-9]*|&&|\|\||[<>=!]=|!|\*|/|-")
_AND, _OR = re.compile(r"&&|\band\b"), re.compile(r"\|\||\bor\b|!(?!=)|\bnot\b")
_WINDOW = re.compile(r"_(\d+)d\Z")
_SIGNS = {">=": "≥", "<=": "≤", "==": "=", "!=": "≠", "*": "×", "/": "÷", "-": "−"}


@dataclass(frozen=True)
class Marked:
    """A formula with the place that is wrong. `wrong` may be empty: something is missing there."""

    before: str
    wrong: str
    after: str
    character: int  # counted from 1, as people do


def formula_words(text: str) -> str:
    """`solutions_90d >= 5` becomes "Solutions in 90 days ≥ 5"; what we do not know stays as it is."""
    return (
        " ".join(_TOKEN.sub(lambda found: f" {_word(found.group())} ", text).split())
        .replace("( ", "(")
        .replace(" )", ")")
    )


def formula_demands(text: str) -> list[str]:
    """The same, each condition by itself, where all of them have to be met; else the whole as one."""
    one_of_them = "(" in text or _OR.search(text)
    return [formula_words(part) for part in ([text] if one_of_them else _AND.split(text))]


def metric_words(name: str) -> str:
    """The title of a metric in the reader's language, with its window."""
    metric, window = NAMED.get(name), _WINDOW.search(name)
    if metric is None:
        return name
    if window is None:
        return say(metric.title)
    return str(_("%(metric)s in %(days)s days", metric=say(metric.title), days=window.group(1)))


def mistake_in(text: str, wants: Literal["truth", "number"] = "truth") -> Marked | None:
    """The first place that is wrong; None where nothing is."""
    try:
        parse(text, wants)
    except FormulaError as error:
        end = error.at + error.length
        return Marked(text[: error.at], text[error.at : end], text[end:], error.at + 1)
    return None


def _word(token: str) -> str:
    if token in {"&&", "and"}:
        return str(_("and"))
    if token in {"||", "or"}:
        return str(_("or"))
    if token in {"!", "not"}:
        return str(_("not"))
    return _SIGNS.get(token) or metric_words(token)
