"""Money: a Decimal and its currency. Never a float."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

CENT = Decimal("0.01")
# What one row is worth is kept this fine: a contact of 4.00 at a rate of 0.0011 is no cent, and 100,000 of them are 440.
FINEST = Decimal("0.00000001")


@dataclass(frozen=True)
class Money:
    amount: Decimal
    currency: str  # ISO 4217

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add")
        return Money(self.amount + other.amount, self.currency)

    def rounded(self) -> Money:
        """To the cent, half to even."""
        return Money(self.amount.quantize(CENT, ROUND_HALF_EVEN), self.currency)


def is_currency(code: str) -> bool:
    """Whether `code` looks like one of ISO 4217."""
    return re.fullmatch(r"[A-Z]{3}", code, re.ASCII) is not None
