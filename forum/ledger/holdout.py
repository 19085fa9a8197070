"""What showing similar questions saves by itself: who goes on to ask among those who saw them and those held out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import sqrt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.ledger.estimate import ENOUGH
from forum.ledger.proportion import NOBODY_ASKED, Interval, Proportion
from forum.ledger.report_view import Arm, SuggestionTrial


@dataclass(frozen=True)
class HoldoutResult:
    """Of each arm, how many went on and asked. `saved` is the held-out rate less that of the shown: above 0 it helps."""

    shown: Proportion
    held_out: Proportion

    @property
    def enough(self) -> bool:
        return min(self.shown.of, self.held_out.of) >= ENOUGH

    @property
    def saved(self) -> float | None:
        if not self.shown.of or not self.held_out.of:
            return None
        return self.held_out.yes / self.held_out.of - self.shown.yes / self.shown.of

    @property
    def saved_range(self) -> Interval | None:
        return newcombe(self.held_out, self.shown)

    @property
    def questions_not_asked(self) -> Decimal | None:
        """Of those who were shown similar questions, how many would have asked without. Not contacts: never added to them."""
        saved = self.saved
        return None if saved is None else Decimal(str(round(saved * self.shown.of, 1)))


def read_holdout(session: Session, first: datetime, until: datetime) -> HoldoutResult:
    """The trials begun from `first` to before `until`; those of days on which nobody could be held out are left out."""
    rows = session.execute(
        select(SuggestionTrial.arm, func.count(SuggestionTrial.asked_at), func.count())
        .where(SuggestionTrial.begun_at >= first, SuggestionTrial.begun_at < until, SuggestionTrial.share > 0)
        .group_by(SuggestionTrial.arm)
    )
    found = {arm: Proportion(asked, of) for arm, asked, of in rows}
    return HoldoutResult(found.get(Arm.SHOWN, NOBODY_ASKED), found.get(Arm.HELD_OUT, NOBODY_ASKED))


def newcombe(one: Proportion, other: Proportion) -> Interval | None:
    """The 95 % interval of a difference of two proportions from their Wilson intervals (Newcombe 1998, method 10)."""
    first, second = one.interval, other.interval
    if first is None or second is None:
        return None
    a, b = one.yes / one.of, other.yes / other.of
    below = sqrt((a - first.low) ** 2 + (second.high - b) ** 2)
    above = sqrt((first.high - a) ** 2 + (b - second.low) ** 2)
    return Interval(a - b - below, a - b + above)
