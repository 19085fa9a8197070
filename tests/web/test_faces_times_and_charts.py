"""The small functions that templates call."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from forum.web.charts import HEIGHT, WIDTH, RangePoint, range_plot
from forum.web.faces import HUES, face_hue, face_initial
from forum.web.times import ago, how_long, since
from forum.web.wording import listed

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def reader() -> Flask:
    app = Flask("reader")
    Babel(app)
    return app


@pytest.mark.parametrize(
    ("name", "initial"),
    [("mira", "M"), ("林小雨", "林"), ("@bob", "B"), ("élan", "É"), ("7up", "7"), ("", "·"), ("…", "·"), ("ßen", "SS")],
)
def test_a_face_shows_the_first_letter(name: str, initial: str) -> None:
    assert face_initial(name) == initial


def test_a_name_keeps_its_hue_and_names_spread_over_all_hues() -> None:
    assert face_hue("Mira") == face_hue("mira") == 3
    assert {face_hue(f"member{number}") for number in range(200)} == set(range(HUES))


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=5), "1 min ago"),
        (timedelta(minutes=8), "8 min ago"),
        (timedelta(hours=3), "3 hr ago"),
        (timedelta(days=6), "6 days ago"),
        (timedelta(days=8), "Nov 13, 2026"),
    ],
)
def test_a_time_is_told_by_how_long_ago_for_a_week(reader: Flask, passed: timedelta, words: str) -> None:
    with reader.test_request_context():
        assert ago(NOW - passed, NOW) == words


def test_times_and_lists_speak_the_readers_language(reader: Flask) -> None:
    with reader.test_request_context(), force_locale("zh_Hans"):
        assert ago(NOW - timedelta(minutes=8), NOW) == "8分钟前"
        assert listed(["Bluesky", "X"]) == "Bluesky和X"


def test_a_duration_is_told_in_its_largest_unit(reader: Flask) -> None:
    with reader.test_request_context():
        assert [how_long(seconds) for seconds in (3, 2520, 7200)] == ["1 min", "42 min", "2 hr"]
        assert since(NOW - timedelta(hours=2), NOW) == "2 hr"


def test_the_plot_holds_every_point_on_a_scale_from_zero() -> None:
    plot = range_plot([RangePoint("Oct", 640, 780, 951), RangePoint("Nov", 618, 730, 871, open=True)])
    assert plot.ticks == [0, 250, 500, 750, 1000]
    assert plot.dots == [(WIDTH / 4, 72.0, False), (WIDTH * 3 / 4, 76.4, True)]
    assert plot.band == "250,9.8 750,25.8 750,76.4 250,72"


@pytest.mark.parametrize("highest", [0, 1, 3, 4, 5, 17, 100, 101, 4_790, 99_999])
def test_the_scale_is_round_and_reaches_the_highest(highest: int) -> None:
    ticks = range_plot([RangePoint("Nov", 0, 0, highest)]).ticks
    assert ticks[0] == 0
    assert highest <= ticks[-1] <= max(4, highest * 2.5)
    assert str(ticks[1]).rstrip("0") in {"1", "2", "5", "25"}


def test_an_empty_plot_can_be_drawn() -> None:
    assert range_plot([]).band == ""
    assert range_plot([RangePoint("Nov", 0, 0, 0)]).dots == [(WIDTH / 2, HEIGHT, False)]
