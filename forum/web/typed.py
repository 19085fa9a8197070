"""What people typed, as values: numbers as the reader's language writes them, days, currencies. None for what cannot be read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from babel.numbers import NumberFormatError, is_currency, parse_decimal
from flask_babel import get_locale


def typed_number(text: str) -> Decimal | None:
    """Strictly: where commas part thousands, 8,01 is no number."""
    try:
        number = parse_decimal(text.strip(), locale=get_locale() or "en", strict=True)
    except NumberFormatError:
        return None
    return number if number.is_finite() and abs(number) < Decimal(10) ** 9 else None


def typed_percent(text: str) -> Decimal | None:
    """80, or 80 %, as 0.8."""
    number = typed_number(text.strip().removesuffix("%"))
    return None if number is None else number / 100


def typed_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def typed_currency(text: str) -> str:
    """Empty for what is no currency at all."""
    code = text.strip().upper()
    return code if is_currency(code) else ""
