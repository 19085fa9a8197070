"""Formulas over metrics, for ranks and badges: `solutions_90d >= 5 && kudos_received / answers > 0.8`.

docs/ranks.md describes the language; metrics.py says what may be named. Nothing is evaluated but what the grammar knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from forum.kernel.messages import Message
from forum.superfans.formula_checking import DEEPEST, number, truth
from forum.superfans.formula_error import FormulaError
from forum.superfans.formula_gaps import Gap, gap_of
from forum.superfans.formula_grammar import read
from forum.superfans.formula_parts import Every, NumberPart, Part, TruthPart, Values

__all__ = ["DEEPEST", "LONGEST", "Formula", "FormulaError", "Gap", "Values", "parse"]

LONGEST = 1000  # characters


@dataclass(frozen=True)
class Formula:
    """A checked formula. `text` is as it was written; `metrics` are the names it asks for, windows and all.

    `values` hold every one of `metrics`; None is "no data".
    """

    text: str
    metrics: frozenset[str]
    outcome: Part

    def __str__(self) -> str:
        return self.text

    def holds(self, values: Values) -> bool:
        """Whether the condition is true of a member with these `values`. Unknown is not true. TypeError for a number."""
        if not isinstance(self.outcome, TruthPart):
            raise TypeError("this formula is a number")
        return self.outcome.value(values) is True

    def value(self, values: Values) -> Decimal | None:
        """The number, to 28 digits; None where there is no data or a division by zero. TypeError for a condition."""
        if not isinstance(self.outcome, NumberPart):
            raise TypeError("this formula is a condition")
        found = self.outcome.value(values)
        return None if found is None else Decimal(found.numerator) / Decimal(found.denominator)

    def gaps(self, values: Values) -> Sequence[Gap]:
        """What is missing, in the order of the text.

        Only of conditions that all have to be met and that compare one metric with a fixed number, or name a yes-or-no
        metric: of others nobody can say by how much they fail. So it may be empty though the formula does not hold.
        """
        return [gap for part in _demands(self.outcome) if (gap := gap_of(part, values)) is not None]


def parse(text: str, wants: Literal["truth", "number"] = "truth") -> Formula:
    """Raises FormulaError with a sentence and the place, and nothing else whatever the text."""
    if len(text) > LONGEST:
        message = Message(
            "A formula has at most %(most)s characters; this has %(has)s.", {"most": LONGEST, "has": len(text)}
        )
        raise FormulaError(message, LONGEST, len(text) - LONGEST)
    if not text.strip():
        raise FormulaError(Message("Nothing is written yet."), 0, 0)
    outcome = truth(read(text)) if wants == "truth" else number(read(text))
    return Formula(text, frozenset(outcome.metrics()), outcome)


def _demands(part: Part) -> Iterator[TruthPart]:
    """The conditions that all have to be met."""
    if isinstance(part, Every):
        for inner in part.parts:
            yield from _demands(inner)
    elif isinstance(part, TruthPart):
        yield part
