"""Serial votes: a run of kudos from one to another in a short time; an evening's thanks are none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from forum.superfans.serial_votes import BOUNDS, Given, find_series

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)


def thanks(*minutes: float, giver: int = 1, receiver: int = 2, thread: int | None = None) -> list[Given]:
    return [Given(n, giver, receiver, thread or n, NOON + timedelta(minutes=at)) for n, at in enumerate(minutes, 1)]


def test_six_threads_within_an_hour_are_serial() -> None:
    (series,) = find_series(thanks(0, 5, 10, 20, 40, 60))
    assert (series.giver, series.receiver, series.threads) == (1, 2, 6)
    assert (series.first_at, series.last_at) == (NOON, NOON + timedelta(hours=1))


def test_five_are_not_nor_six_in_a_little_more_than_an_hour() -> None:
    assert find_series(thanks(0, 5, 10, 20, 40)) == []
    assert find_series(thanks(0, 5, 10, 20, 40, 61)) == []


def test_twelve_over_a_day_are_serial_and_eleven_are_not() -> None:
    assert len(find_series(thanks(*(n * 120 for n in range(12))))) == 1
    assert find_series(thanks(*(n * 120 for n in range(11)))) == []


def test_many_kudos_in_one_thread_are_a_conversation() -> None:
    assert find_series(thanks(*range(20), thread=7)) == []


def test_kudos_to_different_people_are_no_series() -> None:
    spread = [one for receiver in range(2, 8) for one in thanks(receiver, receiver=receiver)]
    assert find_series(spread) == []


def test_a_series_takes_in_its_whole_run_and_leaves_out_what_stands_apart() -> None:
    (series,) = find_series(thanks(0, *range(5000, 5015), 9999))
    assert [one.id for one in series.kudos] == list(range(2, 17))


def test_two_runs_are_two_series() -> None:
    assert len(find_series(thanks(*range(6), *range(5000, 5006)))) == 2


@given(st.lists(st.floats(0, 4000), max_size=40))
def test_a_series_is_found_exactly_where_some_stretch_reaches_a_bound(minutes: list[float]) -> None:
    kudos = thanks(*minutes)
    times = sorted(one.at for one in kudos)
    reached = any(
        sum(start <= at <= start + bound.within for at in times) >= bound.threads for bound in BOUNDS for start in times
    )
    series = find_series(kudos)
    assert bool(series) == reached
    ids = [one.id for each in series for one in each.kudos]
    assert len(ids) == len(set(ids))
