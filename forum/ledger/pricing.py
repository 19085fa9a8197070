"""What a contact that did not happen would have cost: the entered cost of its channel on its day, never a built-in one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from forum.ledger.cost import ContactCost

ENOUGH_FOR_A_MIX = 100  # answers that name a channel, in one month


@dataclass(frozen=True)
class Prices:
    """The costs in one currency. A later row replaces an earlier one from its day on; of one day, the one entered last."""

    costs: Sequence[ContactCost]

    def on(self, channel: str, day: date) -> Decimal | None:
        """None where nobody has entered a cost of this channel for that day."""
        valid = [cost for cost in self.costs if cost.channel == channel and cost.valid_from <= day]
        return max(valid, key=lambda cost: (cost.valid_from, cost.entered_at, cost.id)).amount if valid else None

    def unnamed(self, day: date, named: Mapping[str, int]) -> Decimal | None:
        """For a contact whose channel nobody named: the mix of those who did, or the cheapest while they are few.

        A channel of the mix without a cost carries none, so the mix then errs on the low side.
        """
        known = {cost.channel: price for cost in self.costs if (price := self.on(cost.channel, day)) is not None}
        if not known:
            return None
        answers = sum(named.values())
        if answers < ENOUGH_FOR_A_MIX:
            return min(known.values())
        return sum((known.get(channel, Decimal(0)) * count for channel, count in named.items()), Decimal(0)) / answers
