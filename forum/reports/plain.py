"""Frozen dataclasses as what JSON can hold, and back: how a report is kept when its month is closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from forum.ledger.period import Period


def as_plain(value: Any) -> Any:
    """Amounts and days become text, which JSON keeps exactly; a month becomes its name."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, Period):
        return value.name
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if is_dataclass(value):
        return {one.name: as_plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): as_plain(one) for key, one in value.items()}
    if isinstance(value, Sequence | set | frozenset):
        return [as_plain(one) for one in value]
    raise TypeError(f"{type(value).__name__} has no plain form")
