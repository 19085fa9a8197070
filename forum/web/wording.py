"""Words put together as the reader's language does it."""

from collections.abc import Iterable

from babel import Locale
from babel.lists import format_list
from flask_babel import get_locale


def listed(words: Iterable[str]) -> str:
    """Return "Bluesky, Mastodon, and X" or "Bluesky、Mastodon和X"."""
    return str(format_list(list(words), locale=get_locale() or Locale("en")))
