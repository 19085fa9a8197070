"""What if the rates, the survey, the costs were others: the report's figures counted again. Nothing of it is ever written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from forum.ledger.claim import Kind
from forum.ledger.estimate import ENOUGH
from forum.ledger.period import Period
from forum.ledger.proportion import Interval, Proportion
from forum.ledger.returns import MonthlyReturn, Returns, net_range, returns, roi_range
from forum.ledger.scenario import Amount, Figures, Scenario, figures, savings_by_month
from forum.ledger.sensitivity import scaled


@dataclass(frozen=True)
class Overrides:
    """What is changed; None and an empty mapping leave the report's own."""

    rates: Mapping[str, Proportion] = field(default_factory=dict)  # by "indirect", "direct", "social:bluesky" ...
    survey_share: Decimal | None = None  # of reader-weeks asked, 0 to 1
    costs: Mapping[str, Decimal] = field(default_factory=dict)  # of one contact, by channel
    programme: Decimal | None = None  # its cost in each month
    yearly_rate: Decimal = Decimal(0)


@dataclass(frozen=True)
class WhatIf:
    figures: Figures
    returns: Returns | None  # None where no contact has a cost
    net_range: tuple[Decimal, Decimal] | None
    roi_range: tuple[Decimal, Decimal] | None
    answers: int  # of readers, as expected with such a survey share and today's willingness
    not_enough: Sequence[str]  # rates that would count none for want of answers
    width: float  # of the range of contacts


def what_if(scenario: Scenario, changed: Overrides, *, survey_share: Decimal | None = None) -> WhatIf:
    """`survey_share` is the share that was asked in the report's months; unknown, another share changes no answers."""
    factor = _factor(changed.survey_share, survey_share)
    rates = {name: _rate(name, known, changed.rates, factor) for name, known in scenario.rates.items()}
    rates |= _rates_from_nothing(scenario, changed.rates)
    few = sorted(name for name, rate in rates.items() if _kind(name) == Kind.INDIRECT and rate.of < ENOUGH)
    counted = replace(
        scenario,
        rates={name: rate for name, rate in rates.items() if name not in few},
        amounts=[_priced(amount, changed.costs) for amount in scenario.amounts],
        programme=_programme(scenario, changed.programme),
    )
    found = figures(counted)
    gained = _returns(counted, changed.yearly_rate) if found.money is not None else None
    return WhatIf(
        figures=found,
        returns=gained,
        net_range=_ranged(found.money_range, gained),
        roi_range=roi_range(found.money_range, gained.cost) if found.money_range and gained else None,
        answers=sum(rate.of for name, rate in rates.items() if _kind(name) == Kind.INDIRECT),
        not_enough=few,
        width=found.contacts_range.high - found.contacts_range.low,
    )


def _factor(wanted: Decimal | None, was: Decimal | None) -> Decimal | None:
    return wanted / was if wanted is not None and was else None


def _rate(name: str, known: Proportion, changed: Mapping[str, Proportion], factor: Decimal | None) -> Proportion:
    given = _given(name, changed)
    if given is not None:
        return given
    return scaled(known, factor) if factor is not None and _kind(name) == Kind.INDIRECT else known


def _rates_from_nothing(scenario: Scenario, changed: Mapping[str, Proportion]) -> Mapping[str, Proportion]:
    """A rate that the report does not know may be supposed."""
    unknown = {amount.rate for amount in scenario.amounts if amount.rate and amount.rate not in scenario.rates}
    return {name: given for name in unknown if (given := _given(name, changed)) is not None}


def _given(name: str, changed: Mapping[str, Proportion]) -> Proportion | None:
    """By all of the name but its month."""
    return changed.get(name.rpartition(":")[0])


def _priced(amount: Amount, costs: Mapping[str, Decimal]) -> Amount:
    return replace(amount, costs={**amount.costs, **costs}) if costs else amount


def _programme(scenario: Scenario, each: Decimal | None) -> Mapping[Period, Decimal]:
    if each is None:
        return scenario.programme
    return dict.fromkeys(savings_by_month(scenario), each)


def _returns(scenario: Scenario, yearly_rate: Decimal) -> Returns:
    months = [
        MonthlyReturn(period, savings, scenario.programme.get(period, Decimal(0)))
        for period, savings in savings_by_month(scenario).items()
    ]
    return returns(months, yearly_rate)


def _ranged(money: Interval | None, gained: Returns | None) -> tuple[Decimal, Decimal] | None:
    return net_range(money, gained.cost) if money is not None and gained is not None else None


def _kind(name: str) -> str:
    return name.partition(":")[0]
