"""A month's parameters as JSON keeps them with a closed period, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from forum.ledger.period import Period
from forum.ledger.pricing import Price, Prices
from forum.ledger.proportion import Proportion
from forum.reports.deflection_shape import ProgrammeLine, SurveyMonth
from forum.reports.deflection_valuing import MonthParameters, Stratum
from forum.reports.plain import as_plain

Plain = dict[str, Any]


def freeze_month(month: MonthParameters, currency: str) -> Plain:
    return {
        "currency": currency,
        "survey": as_plain(month.survey),
        "direct": _pair(month.direct),
        "staff": {network: _pair(known) for network, known in month.staff.items()},
        "named": {kind: dict(named) for kind, named in month.named.items()},
        "own": [[*stratum, *_pair(known)] for stratum, known in sorted(month.own.items())],
        "prices": [as_plain(price) for price in month.prices.known],
        "programme": [as_plain(line) for line in month.programme],
    }


def thaw_month(plain: Mapping[str, Any], currency: str | None) -> MonthParameters:
    """Amounts in another currency than the one that the reader sees are left out: they do not add."""
    own: dict[Stratum, Proportion] = {
        (kind, dimension, key): Proportion(yes, of) for kind, dimension, key, yes, of in plain["own"]
    }
    same = plain["currency"] == currency
    return MonthParameters(
        survey=SurveyMonth(**{**plain["survey"], "period": _period(plain["survey"]["period"])}),
        direct=Proportion(*plain["direct"]),
        staff={network: Proportion(*pair) for network, pair in plain["staff"].items()},
        named=plain["named"],
        own=own,
        prices=Prices([_price(one) for one in plain["prices"]] if same else ()),
        programme=[_programme(one) for one in plain["programme"]] if same else (),
        frozen=True,
        other_currency=currency is not None and not same,
    )


def _pair(known: Proportion) -> list[int]:
    return [known.yes, known.of]


def _period(name: str) -> Period:
    found = Period.named(name)
    if found is None:
        raise ValueError(f"{name} names no month")
    return found


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _price(plain: Mapping[str, Any]) -> Price:
    return Price(
        channel=plain["channel"],
        valid_from=date.fromisoformat(plain["valid_from"]),
        amount=_amount(plain["amount"]),
        entered=Decimal(plain["entered"]),
        currency=plain["currency"],
        rate=_amount(plain["rate"]),
        source=plain["source"],
    )


def _programme(plain: Mapping[str, Any]) -> ProgrammeLine:
    return ProgrammeLine(
        period=_period(plain["period"]),
        part=plain["part"],
        amount=_amount(plain["amount"]),
        entered=Decimal(plain["entered"]),
        currency=plain["currency"],
    )
