"""How long ago, and how long it took, in the reader's language and short, as lists and posts show it."""

from datetime import UTC, datetime, timedelta

from babel import Locale
from babel.dates import format_timedelta
from flask_babel import format_date, get_locale

AGO_UNTIL = timedelta(days=7)
LEAST = timedelta(minutes=1)


def ago(when: datetime, now: datetime | None = None) -> str:
    """Return "8 min ago" for the last seven days and the day itself before that.

    static/js/elements/relative-time.js follows the same rule, so that a page does not change its words when the script starts.
    """
    passed = (now or datetime.now(UTC)) - when
    if abs(passed) >= AGO_UNTIL:
        return str(format_date(when, "medium"))
    passed = passed if passed < -LEAST else max(passed, LEAST)
    return _plain(
        format_timedelta(
            -passed, granularity="minute", threshold=1, add_direction=True, format="short", locale=_reader_locale()
        )
    )


def how_long(seconds: float) -> str:
    """Return "42 min" for a duration in seconds, rounded to its largest unit and never below a minute."""
    length = max(timedelta(seconds=seconds), LEAST)
    return str(format_timedelta(length, granularity="minute", threshold=1, format="short", locale=_reader_locale()))


def since(when: datetime, now: datetime | None = None) -> str:
    """Return how long it has been since `when`, as "2 hr" without a direction: how long somebody waits."""
    return how_long(((now or datetime.now(UTC)) - when).total_seconds())


def _reader_locale() -> Locale:
    return get_locale() or Locale("en")


def _plain(text: str) -> str:
    """CLDR's English short forms carry full stops ("8 min. ago"), which read as ends of sentences in a list."""
    return text.replace(". ", " ")


def is_today(when: datetime) -> bool:
    """Return whether `when` falls on the reader's present day."""
    return bool(format_date(when, "short") == format_date(datetime.now(UTC), "short"))
