"""Whether somebody is likely to answer soon: their usual hours, when they were last here, what they are asked already, vacation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

HOURS = 24
SOON = 4  # hours: an answer within them is soon
DOUBT = 24.0  # posts: with fewer than so many, hours are taken for even rather than for known
FADES = timedelta(days=30)  # whoever has not been here for so long is half as likely to come
MOST_A_DAY = 3


@dataclass(frozen=True)
class Presence:
    """`hours` counts what they wrote in each hour of the day, in the zone that `availability` is asked in."""

    hours: Sequence[float] = ()
    last_here: datetime | None = None  # None: not known
    open_requests: int = 0
    asked_lately: int = 0  # within the last 24 hours
    most_a_day: int = MOST_A_DAY
    away_until: datetime | None = None


def availability(presence: Presence, now: datetime, zone: tzinfo) -> float:
    """0: must not be asked now; else about 1 for somebody who comes now as often as at any other time."""
    if may_not_be_asked(presence, now):
        return 0.0
    load = 1.0 / (1 + presence.open_requests)
    return hours_factor(presence.hours, now.astimezone(zone).hour) * recency_factor(presence.last_here, now) * load


def may_not_be_asked(presence: Presence, now: datetime) -> bool:
    """Away, or asked as often today as they want to be."""
    away = presence.away_until is not None and presence.away_until > now
    return away or presence.asked_lately >= presence.most_a_day


def hours_factor(hours: Sequence[float], hour: int) -> float:
    """How much likelier than at any time they write within the next SOON hours; 1 where little is known of them."""
    written = sum(hours)
    soon = sum(hours[(hour + later) % HOURS] for later in range(SOON)) if hours else 0.0
    even = SOON / HOURS
    return (soon + DOUBT * even) / (written + DOUBT) / even


def usual_hours(hours: Sequence[float]) -> list[tuple[int, int]]:
    """The stretches of the day, as first hour and the hour after the last, in which they write more than evenly; around midnight too.

    Nothing where too little is known.
    """
    written = sum(hours)
    if written < DOUBT / 2:
        return []
    often = [hours[hour] > written / HOURS for hour in range(HOURS)]
    if all(often):
        return []
    starts = [hour for hour in range(HOURS) if often[hour] and not often[hour - 1]]
    return [(start, _end(often, start)) for start in starts]


def _end(often: Sequence[bool], start: int) -> int:
    end = start
    while often[end % HOURS]:
        end += 1
    return end % HOURS


def recency_factor(last_here: datetime | None, now: datetime) -> float:
    """Halves with every FADES of absence."""
    if last_here is None:
        return 1.0
    return float(0.5 ** (max(now - last_here, timedelta(0)) / FADES))


def count_hours(times: Iterable[datetime], zone: tzinfo) -> tuple[float, ...]:
    """How often each hour of the day stands in `times`, in `zone`."""
    counts = [0.0] * HOURS
    for time in times:
        counts[time.astimezone(zone).hour] += 1
    return tuple(counts)
