"""Frozen dataclasses as what JSON can hold, and back: how a report is kept when its month is closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

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


def from_plain(wanted: Any, plain: Any) -> Any:
    """What `as_plain` made of a value of the type `wanted`."""
    outer, inner = get_origin(wanted), get_args(wanted)
    if outer in {Union, UnionType}:
        [only] = [one for one in inner if one is not NoneType]
        return None if plain is None else from_plain(only, plain)
    if wanted in {str, int, bool, float}:
        return wanted(plain)
    if outer is not None and issubclass(outer, Mapping):
        return {key: from_plain(inner[1], one) for key, one in plain.items()}
    if outer is not None:
        return [from_plain(inner[0], one) for one in plain]
    if wanted is Period:
        return Period(int(plain[:4]), int(plain[5:]))
    if wanted is date:
        return date.fromisoformat(plain)
    if is_dataclass(wanted):
        kinds = get_type_hints(wanted)
        return wanted(**{name: from_plain(kinds[name], one) for name, one in plain.items()})  # type: ignore[operator]  # is_dataclass leaves open whether it is the class
    return wanted(plain)
