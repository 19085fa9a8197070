"""A member's kept measure as numbers again."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from forum.superfans.formula import Values
from forum.superfans.metrics import NAMED


def read_values(kept: Mapping[str, str | None]) -> Values:
    """By every name of NAMED: whole metrics as int, others as Decimal; None where there is no data or none was kept."""
    return {name: _number(name, kept.get(name)) for name in NAMED}


def _number(name: str, text: str | None) -> Decimal | int | None:
    if text is None:
        return None
    return int(Decimal(text)) if NAMED[name].unit.is_whole else Decimal(text)
