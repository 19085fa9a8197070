"""Messages in a language, for workers, which have no reader's request to ask."""

from __future__ import annotations

from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path

from babel.support import Translations

from forum.kernel.messages import Message

FOLDER = Path(__file__).resolve().parents[1] / "web" / "translations"
_LOCALES = {"zh": "zh_Hans", "zh-hans": "zh_Hans", "zh-cn": "zh_Hans", "zh-hant": "zh_Hant", "zh-tw": "zh_Hant"}


def say(message: Message, language: str | None) -> str:
    """The message in `language` (BCP 47), in English where there is no translation."""
    params = {
        name: say(value, language) if isinstance(value, Message) else value for name, value in message.params.items()
    }
    text = _catalogue((language or "en").lower().replace("_", "-")).gettext(message.text)
    return text % params if params else text


@lru_cache(maxsize=16)
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(str(FOLDER), [_LOCALES.get(language, language)])
