"""Words put together as the reader's language does it."""

from collections.abc import Iterable, Mapping

from babel import Locale
from babel.lists import format_list
from flask_babel import get_locale

from forum.exports.naming import language_name
from forum.kernel.messages import Message
from forum.superfans.titles import in_language
from forum.web.i18n import say


def listed(words: Iterable[str]) -> str:
    """Return "Bluesky, Mastodon, and X" or "Bluesky、Mastodon和X"."""
    return str(format_list(list(words), locale=get_locale() or Locale("en")))


def language_word(tag: str) -> str:
    """What the reader calls the language of a tag (BCP 47)."""
    name = language_name(tag, Locale.parse(str(get_locale())))
    return say(name) if isinstance(name, Message) else name


def titled(titles: Mapping[str, str]) -> str:
    """A title that an admin wrote in several languages, in the reader's."""
    return in_language(titles, str(get_locale()))
