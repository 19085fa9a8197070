"""What would change the figure most: the report counted again with one thing changed at a time, the largest swing first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from forum.ledger.claim import Kind
from forum.ledger.proportion import Interval, Proportion
from forum.ledger.scenario import Amount, Figures, Scenario, figures, share_of

TENTH = Decimal("0.1")
FEWER_AND_MORE = (Decimal("0.5"), Decimal(2))


class Change(StrEnum):
    RATE = "rate"  # a surveyed rate at the ends of its own Wilson range; `subject` is its name
    SILENT_READERS = "silent_readers"  # if every reader who was asked and said nothing meant no
    SILENT_ASKERS = "silent_askers"
    STRICT = "strict"  # of the direct ones those alone that contact data could check
    COST = "cost"  # a channel's cost a tenth less and a tenth more; `subject` is the channel
    ANSWERS = "answers"  # half and twice as many answers in the survey, of the same kind: moves the low bound, not the likely value


@dataclass(frozen=True)
class Swing:
    """The figure at both ends of a change. One that has one end only has the report itself as its other."""

    change: Change
    subject: str
    less: Figures
    more: Figures

    @property
    def contacts(self) -> Decimal:
        """How far the likely number of contacts moves; for answers, how far its low bound does."""
        if self.change == Change.ANSWERS:
            return _distance(self.less.contacts_range, self.more.contacts_range)
        return abs(self.more.contacts - self.less.contacts)

    @property
    def money(self) -> Decimal | None:
        if self.less.money_range is None or self.more.money_range is None:
            return None
        if self.change == Change.ANSWERS:
            return _distance(self.less.money_range, self.more.money_range)
        return abs((self.more.money or Decimal(0)) - (self.less.money or Decimal(0)))


def sensitivity(scenario: Scenario) -> Sequence[Swing]:
    """By money where a cost is entered, else by contacts; what changes nothing is left out."""
    base = figures(scenario)
    found = [
        *_rates(scenario, base), *_silent(scenario, base), *_strict(scenario, base), *_costs(scenario), *_answers(scenario),
    ]  # fmt: skip
    moving = [swing for swing in found if swing.contacts or swing.money]
    return sorted(moving, key=lambda one: (-(one.money or Decimal(0)), -one.contacts, one.change, one.subject))


def _rates(scenario: Scenario, base: Figures) -> Iterator[Swing]:
    """The rate's share is moved to either end; the ranges stay those of the report."""
    for name in _used(scenario):
        ends = scenario.rates[name].interval
        if ends is not None:
            less, more = (_at(scenario, base, name, end) for end in (ends.low, ends.high))
            yield Swing(Change.RATE, name, less, more)


def _silent(scenario: Scenario, base: Figures) -> Iterator[Swing]:
    for change, kind in ((Change.SILENT_READERS, Kind.INDIRECT), (Change.SILENT_ASKERS, Kind.DIRECT)):
        names = [name for name in _used(scenario) if _kind(name) == kind and scenario.silent.get(name)]
        if names:
            rates = {**scenario.rates, **{name: _silent_meant_no(scenario, name) for name in names}}
            yield Swing(change, "", figures(replace(scenario, rates=rates)), base)


def _silent_meant_no(scenario: Scenario, name: str) -> Proportion:
    """A silent reader is one of those whom the rate stands for; a silent asker is all that their rate is put on."""
    known = scenario.rates[name]
    return Proportion(known.yes if _kind(name) == Kind.INDIRECT else 0, known.of + scenario.silent[name])


def _strict(scenario: Scenario, base: Figures) -> Iterator[Swing]:
    checked = [one for one in scenario.amounts if one.kind != Kind.DIRECT or one.grade == "checked"]
    if len(checked) < len(scenario.amounts):
        yield Swing(Change.STRICT, "", figures(replace(scenario, amounts=checked)), base)


def _costs(scenario: Scenario) -> Iterator[Swing]:
    for channel in sorted({channel for amount in scenario.amounts for channel in amount.costs}):
        ends = [_with_cost(scenario, channel, 1 - TENTH), _with_cost(scenario, channel, 1 + TENTH)]
        less, more = (figures(replace(scenario, amounts=amounts)) for amounts in ends)
        yield Swing(Change.COST, channel, less, more)


def _with_cost(scenario: Scenario, channel: str, factor: Decimal) -> Sequence[Amount]:
    return [
        replace(amount, costs={**amount.costs, channel: amount.costs[channel] * factor})
        if channel in amount.costs
        else amount
        for amount in scenario.amounts
    ]


def _answers(scenario: Scenario) -> Iterator[Swing]:
    """Of the survey alone, since its share is what can be set."""
    if any(_kind(name) == Kind.INDIRECT for name in _used(scenario)):
        less, more = (figures(replace(scenario, rates=_scaled(scenario.rates, factor))) for factor in FEWER_AND_MORE)
        yield Swing(Change.ANSWERS, "", less, more)


def _scaled(rates: Mapping[str, Proportion], factor: Decimal) -> Mapping[str, Proportion]:
    return {name: scaled(rate, factor) if _kind(name) == Kind.INDIRECT else rate for name, rate in rates.items()}


def scaled(known: Proportion, factor: Decimal) -> Proportion:
    """As many answers more, with the same share of yes as whole answers allow."""
    of = round(known.of * factor)
    return Proportion(min(of, round(known.yes * factor)), of)


def _at(scenario: Scenario, base: Figures, name: str, share: float) -> Figures:
    """The likely values with this one rate moved; the ranges stay those of the report."""
    hanging = [amount for amount in scenario.amounts if amount.rate == name]
    step = Decimal(str(round(share, 6))) - (share_of(hanging[0], scenario) if hanging else Decimal(0))
    contacts = base.contacts + sum(amount.quantity for amount in hanging) * step
    if base.money is None:
        return replace(base, contacts=contacts)
    money = base.money + sum((amount.quantity * (amount.price or Decimal(0)) for amount in hanging), Decimal(0)) * step
    return replace(base, contacts=contacts, money=money.quantize(Decimal("0.01")))


def _used(scenario: Scenario) -> Sequence[str]:
    names = {amount.rate for amount in scenario.amounts if amount.rate is not None and amount.quantity}
    return sorted(name for name in names if name in scenario.rates and scenario.rates[name].of)


def _kind(name: str) -> str:
    return name.partition(":")[0]


def _distance(one: Interval, other: Interval) -> Decimal:
    return Decimal(str(round(abs(one.low - other.low), 2)))
