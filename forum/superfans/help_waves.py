"""When who is asked: a handful at once, others after an hour, staff once the target time has passed. Pure rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

WIDENED_AFTER = timedelta(hours=1)
TARGET = timedelta(hours=24)  # where the company has set none


class Step(StrEnum):
    MEMBERS = "members"
    STAFF = "staff"


@dataclass(frozen=True)
class Planned:
    step: Step
    at: datetime


def next_step(begun_at: datetime, waves: int, target: timedelta) -> Planned:
    """What comes after so many waves of members. A target within the hour leaves no time for a second wave."""
    staff = begun_at + target
    members_at = begun_at + waves * WIDENED_AFTER
    if waves == 0 or (waves == 1 and members_at < staff):
        return Planned(Step.MEMBERS, members_at)
    return Planned(Step.STAFF, staff)
