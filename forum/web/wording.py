"""Words put together as the reader's language does it."""

from collections.abc import Iterable, Mapping

from babel import Locale
from babel.lists import format_list
from flask_babel import get_locale

from forum.superfans.titles import in_language


def listed(words: Iterable[str]) -> str:
    """Return "Bluesky, Mastodon, and X" or "Bluesky、Mastodon和X"."""
    return str(format_list(list(words), locale=get_locale() or Locale("en")))


def titled(titles: Mapping[str, str]) -> str:
    """A title that an admin wrote in several languages, in the reader's."""
    return in_language(titles, str(get_locale()))
