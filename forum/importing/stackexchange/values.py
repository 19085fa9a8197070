"""The values of a row's attributes. Whatever cannot be one raises BadValueError, and the row is counted and left out."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from forum.importing.stackexchange.rows import Row

LARGEST_ID = 2**53
FIRST_YEAR, LAST_YEAR = 1970, 2199  # what is older or later is a mistake, and days beside it could not be reckoned


class BadValueError(ValueError):
    """An attribute is missing or is not what it has to be."""


def number(row: Row, name: str) -> int:
    value = row.get(name, "")
    if not re.fullmatch(r"-?[0-9]{1,16}", value, re.ASCII) or abs(int(value)) > LARGEST_ID:
        raise BadValueError(name)
    return int(value)


def optional_number(row: Row, name: str) -> int | None:
    return number(row, name) if name in row else None


def moment(row: Row, name: str) -> str:
    """ISO, UTC, always with microseconds, so that text sorts as time; dumps name no zone and mean UTC."""
    try:
        read = datetime.fromisoformat(row.get(name, ""))
        aware = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadValueError(name) from None
    if not FIRST_YEAR <= aware.year <= LAST_YEAR:
        raise BadValueError(name)
    return aware.isoformat(timespec="microseconds")


def optional_moment(row: Row, name: str) -> str | None:
    return moment(row, name) if name in row else None


def tag_names(written: str) -> list[str]:
    """`<a><b>` in older dumps, `|a|b|` in newer ones."""
    return [name for name in re.split(r"[<>|]+", written) if name.strip()]
