"""Who may be burning out: they answer much more than they used to, and hear much less thanks for it.

Thanks are counted by the day they were given, so that last month's answers, which had less time to be thanked, do not
look worse for that alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from forum.superfans.formula import Values

BUSY = 10  # answers in 30 days; below this nobody is overloaded
MORE_LOAD = Decimal("1.5")
LESS_THANKS = Decimal("0.7")


@dataclass(frozen=True)
class BurningOut:
    """The last 30 days against a usual 30 of the 60 days before. Thanks are kudos received for each answer."""

    answers: int
    usual_answers: Decimal
    thanks: Decimal
    usual_thanks: Decimal


def burning_out(values: Values) -> BurningOut | None:
    """None for who is not, and for who did not answer before, so that there is nothing to compare with."""
    answers, kudos = (int(values[name] or 0) for name in ("answers_30d", "kudos_received_30d"))
    before, kudos_before = (int(values[f"{name}_90d"] or 0) - now for name, now in (("answers", answers), ("kudos_received", kudos)))  # fmt: skip
    if before <= 0 or answers < BUSY:
        return None
    found = BurningOut(answers, Decimal(before) / 2, Decimal(kudos) / answers, Decimal(kudos_before) / before)
    more = found.answers >= MORE_LOAD * found.usual_answers
    less = found.usual_thanks > 0 and found.thanks <= LESS_THANKS * found.usual_thanks
    return found if more and less else None
