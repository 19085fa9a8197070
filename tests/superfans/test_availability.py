"""Who is likely to answer soon."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from forum.superfans.availability import Presence, availability, count_hours, hours_factor, recency_factor, usual_hours

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LUNCHES = tuple(50.0 * (hour == 13) for hour in range(24))


def test_of_whom_nothing_is_known_is_as_available_as_anybody() -> None:
    assert availability(Presence(), NOON, UTC) == 1.0


def test_usual_hours_count_in_the_next_four_hours() -> None:
    assert hours_factor(LUNCHES, 10) > 3
    assert hours_factor(LUNCHES, 13) > 3
    assert hours_factor(LUNCHES, 9) < 0.4
    assert hours_factor(LUNCHES, 14) < 0.4


def test_the_night_joins_the_days() -> None:
    early = tuple(50.0 * (hour == 1) for hour in range(24))
    assert hours_factor(early, 22) > 3


def test_one_post_says_little_of_usual_hours() -> None:
    once = tuple(1.0 * (hour == 13) for hour in range(24))
    assert 1 < hours_factor(once, 12) < 1.3
    assert 0.9 < hours_factor(once, 3) < 1


def test_hours_are_of_the_zone_that_is_asked_in() -> None:
    taipei = ZoneInfo("Asia/Taipei")
    counted = count_hours([NOON, NOON + timedelta(days=1)], taipei)
    assert counted[20] == 2
    presence = Presence(hours=tuple(25 * one for one in counted))
    assert availability(presence, NOON, taipei) > 1 > availability(presence, NOON, UTC)


def test_absence_halves_the_hope_every_thirty_days() -> None:
    assert recency_factor(NOON - timedelta(days=30), NOON) == pytest.approx(0.5)
    assert recency_factor(NOON, NOON - timedelta(days=1)) == 1.0


def test_whoever_is_asked_already_is_less_free() -> None:
    free, busy = Presence(), Presence(open_requests=2)
    assert availability(busy, NOON, UTC) == pytest.approx(availability(free, NOON, UTC) / 3)


def test_nobody_is_asked_more_often_a_day_than_they_want() -> None:
    assert availability(Presence(asked_lately=2, most_a_day=3), NOON, UTC) > 0
    assert availability(Presence(asked_lately=3, most_a_day=3), NOON, UTC) == 0
    assert availability(Presence(most_a_day=0), NOON, UTC) == 0


def test_nobody_is_asked_while_away_and_everybody_is_after() -> None:
    assert availability(Presence(away_until=NOON + timedelta(hours=1)), NOON, UTC) == 0
    assert availability(Presence(away_until=NOON), NOON, UTC) == 1


def test_usual_hours_are_stretches_and_go_around_midnight() -> None:
    hours = [0.0] * 24
    for hour in (9, 10, 11, 23, 0, 1):
        hours[hour] = 5
    assert usual_hours(hours) == [(9, 12), (23, 2)]


def test_of_little_or_of_round_the_clock_no_hours_are_told() -> None:
    assert usual_hours([1.0] * 11 + [0.0] * 13) == []
    assert usual_hours([5.0] * 24) == []
    assert usual_hours([]) == []
