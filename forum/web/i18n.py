"""The reader's language: the account's, else the choice kept in this browser, else the browser's own."""

from __future__ import annotations

from flask import Flask, request
from flask import session as cookie
from flask_babel import gettext

from forum.kernel.messages import Message
from forum.web.context import parts, viewer

NAMES = {"en": "English", "zh_Hans": "简体中文", "zh_Hant": "繁體中文"}
_SPOKEN = {
    "zh": "zh_Hans", "zh-cn": "zh_Hans", "zh-sg": "zh_Hans", "zh-hans": "zh_Hans", "zh-my": "zh_Hans",
    "zh-tw": "zh_Hant", "zh-hk": "zh_Hant", "zh-mo": "zh_Hant", "zh-hant": "zh_Hant", "en": "en",
}  # fmt: skip


def init_app(app: Flask) -> None:
    app.jinja_env.filters["say"] = say


def choose_locale() -> str:
    """One of the languages that this installation offers, as Babel writes it."""
    offered = parts().settings.languages
    account = viewer()
    for chosen in (account.language if account else None, cookie.get("language")):
        if chosen in offered:
            return str(chosen)
    for spoken, _quality in request.accept_languages:
        found = locale_of(spoken)
        if found in offered:
            return str(found)
    return offered[0]


def locale_of(spoken: str) -> str | None:
    """The locale that serves a browser's language tag, such as zh-Hant-TW; None where none does."""
    words = spoken.lower().replace("_", "-").split("-")
    for length in range(len(words), 0, -1):
        if (found := _SPOKEN.get("-".join(words[:length]))) is not None:
            return found
    return None


def say(message: Message | str) -> str:
    """A rule's message in the reader's language; a plain string is a sentence kept by its English text."""
    if isinstance(message, str):
        return str(gettext(message))
    params = {name: say(value) if isinstance(value, Message) else value for name, value in message.params.items()}
    return str(gettext(message.text, **params))
