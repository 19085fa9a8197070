"""Words that an admin wrote in several languages: the titles of ranks and badges, the programme's terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

ENGLISH = "en"


def in_language(texts: Mapping[str, str], language: str | None) -> str:
    """The words in `language`, written as the settings write it (zh_Hans) or with a hyphen; else in English, else any."""
    wanted = (language or ENGLISH).replace("-", "_")
    return texts.get(wanted) or texts.get(ENGLISH) or next((words for words in texts.values() if words), "")


def cleaned(texts: Mapping[str, str], languages: Sequence[str]) -> dict[str, str]:
    """Only known languages, each on one line, none empty."""
    lines = {language: " ".join(texts.get(language, "").split()) for language in languages}
    return {language: words for language, words in lines.items() if words}
