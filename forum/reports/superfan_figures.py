"""What the staff page says of a member in figures, read from their kept measure, and where they stand in the programme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum

from forum.people.account import Account
from forum.people.permissions import Act
from forum.superfans.burning_out import BurningOut, burning_out
from forum.superfans.formula import Values
from forum.superfans.grant import SuperfanGrant
from forum.superfans.measured import read_values
from forum.superfans.rank import MemberMeasure


class Standing(StrEnum):
    """Where a member stands in the programme."""

    TRUSTED = "trusted"  # staff gave them a place, and their probation is over
    PROBATION = "probation"
    UNDECIDED = "undecided"  # probation is over, but something was declined in it: a person decides
    PAUSED = "paused"
    RANK = "rank"  # by their rank alone
    NONE = "none"


@dataclass(frozen=True)
class Place:
    standing: Standing
    sends_at_once: bool
    since: datetime | None = None
    until: datetime | None = None  # of probation
    why: str = ""  # of a pause


@dataclass(frozen=True)
class Figures:
    """None: no data. `share` is of all accepted answers of the last 90 days; days are the company's."""

    solutions: int
    earlier_solutions: int  # of the 90 days before
    share: Decimal | None
    response_minutes: Decimal | None
    kudos_per_answer: Decimal | None
    networks: int
    last_answer: date | None
    burning_out: BurningOut | None

    @property
    def trend(self) -> int:
        return self.solutions - self.earlier_solutions


def place_of(account: Account, grant: SuperfanGrant | None, now: datetime) -> Place:
    """`grant` is the standing one."""
    at_once = Act.SEND_WITHOUT_APPROVAL.value in account.rights
    if grant is None:
        standing = Standing.NONE if account.superfan_since is None else Standing.RANK
        return Place(standing, at_once, account.superfan_since)
    if grant.paused_at is not None:
        return Place(Standing.PAUSED, at_once, grant.paused_at, why=grant.paused_why)
    if grant.probation_until is None or grant.promoted_at is not None:
        return Place(Standing.TRUSTED, at_once, grant.promoted_at or grant.given_at)
    standing = Standing.PROBATION if grant.probation_until > now else Standing.UNDECIDED
    return Place(standing, at_once, grant.given_at, until=grant.probation_until)


def figures_of(measure: MemberMeasure | None, total: int, zone: tzinfo) -> Figures | None:
    """`total` is how many answers were accepted in 90 days. None for who was never measured."""
    if measure is None:
        return None
    values = read_values(measure.values)
    solutions = int(values["solutions_90d"] or 0)
    return Figures(
        solutions=solutions,
        earlier_solutions=int(values["earlier_solutions"] or 0),
        share=min(Decimal(solutions) / total, Decimal(1)) if total else None,
        response_minutes=_decimal(values, "median_first_response_minutes_90d"),
        kudos_per_answer=_decimal(values, "kudos_per_answer_90d"),
        networks=int(values["networks_90d"] or 0),
        last_answer=_last_answer(values, measure.measured_at, zone),
        burning_out=burning_out(values),
    )


def _last_answer(values: Values, measured_at: datetime, zone: tzinfo) -> date | None:
    days = values["days_since_last_answer"]
    return None if days is None else measured_at.astimezone(zone).date() - timedelta(days=int(days))


def _decimal(values: Mapping[str, Decimal | int | None], name: str) -> Decimal | None:
    value = values[name]
    return None if value is None else Decimal(value)
