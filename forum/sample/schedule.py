"""When people write: more on weekdays and in the evening, more lately than months ago, never after now."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

SPAN_DAYS = 150
FRESH_MINUTES = (8, 23, 47, 88, 150, 235, 340)  # how long ago the newest threads were started

_HOURS = (2, 1, 1, 1, 1, 1, 2, 4, 6, 7, 7, 6, 6, 6, 6, 6, 6, 7, 8, 10, 11, 10, 7, 4)
_WEEKDAYS = (12, 11, 11, 10, 9, 8, 10)  # Monday first


def moments(rng: Random, now: datetime, count: int) -> list[datetime]:
    """So many starts of threads, oldest first; the last few lie in the hours before now."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    days = [midnight - timedelta(days=age) for age in range(1, SPAN_DAYS)]
    weights = [_WEEKDAYS[day.weekday()] * (2.2 - 1.6 * age / SPAN_DAYS) for age, day in enumerate(days)]
    chosen = rng.choices(days, weights, k=count - len(FRESH_MINUTES))
    hours = rng.choices(range(24), _HOURS, k=len(chosen))
    past = [
        day + timedelta(hours=hour, minutes=rng.randrange(60), seconds=rng.randrange(60))
        for day, hour in zip(chosen, hours, strict=True)
    ]
    fresh = [now - timedelta(minutes=ago, seconds=rng.randrange(50)) for ago in FRESH_MINUTES]
    return sorted([*past, *fresh])


def later(rng: Random, at: datetime, minutes: float) -> datetime:
    """A while after `at`, around so many minutes, sometimes much longer; people sleep at night."""
    then = at + timedelta(seconds=60 + 60 * minutes * rng.lognormvariate(0, 0.9))
    if then.hour < 6 and rng.random() < 0.8:
        then += timedelta(hours=6 - then.hour + 2 * rng.random())
    return then.replace(microsecond=0)


def spread(rng: Random, now: datetime, count: int, days: int) -> list[datetime]:
    """Moments of the last so many days, oldest first."""
    return sorted(now - timedelta(minutes=rng.uniform(20, days * 24 * 60)) for _ in range(count))
