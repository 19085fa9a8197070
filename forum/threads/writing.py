"""What a title, a text, a reason and a tag must be before they are kept. Raises Invalid with a sentence per field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from forum.kernel.errors import Invalid
from forum.kernel.messages import Message
from forum.markup.port import LONGEST_POST

LONGEST_TITLE = 150
LONGEST_COMMENT = 600
LONGEST_SUMMARY = 1000
MOST_TAGS = 5
LONGEST_TAG = 40
NOTHING_WRITTEN = Message("Nothing is written yet.")


def clean_title(title: str) -> str:
    """One line without control characters; between 5 (CJK: 2) and 150 characters."""
    title = " ".join(_without_controls(title).split())
    shortest = 2 if any(ord(character) > 0x2E7F for character in title) else 5
    if len(title) < shortest:
        raise Invalid(_CHECK, {"title": Message("Say in a few words what it is about.")})
    if len(title) > LONGEST_TITLE:
        raise Invalid(_CHECK, {"title": Message("At most %(most)s characters, please.", {"most": LONGEST_TITLE})})
    return title


def clean_text(
    text: str, field: str = "text", longest: int = LONGEST_POST, *, missing: Message = NOTHING_WRITTEN
) -> str:
    """The text as it was written, with one kind of line end and no NUL, which no database keeps.

    `missing` is what is said where nothing is written.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    text = text.encode("utf-8", "replace").decode()
    if not text.strip():
        raise Invalid(_CHECK, {field: missing})
    if len(text) > longest:
        raise Invalid(
            _CHECK,
            {
                field: Message(
                    "At most %(most)s characters, please; this has %(has)s.", {"most": longest, "has": len(text)}
                )
            },
        )
    return text


def clean_reason(reason: str, longest: int, missing: Message) -> str:
    """One line that whom it concerns will read."""
    return clean_text(" ".join(reason.replace("\x00", "").split()), "reason", longest, missing=missing)


def clean_summary(summary: str) -> str | None:
    """The answer in short, or None where nothing is written."""
    return clean_text(summary, "summary", LONGEST_SUMMARY).strip() if summary.strip() else None


def clean_tags(tags: Iterable[str]) -> list[str]:
    """Lower-case tags, each once, in order; words are joined by hyphens."""
    kept: list[str] = []
    for tag in tags:
        name = re.sub(r"[\s_]+", "-", unicodedata.normalize("NFKC", tag).strip().lstrip("#").lower()).strip("-.")
        if not name or name in kept:
            continue
        if len(name) > LONGEST_TAG or not re.fullmatch(r"[\w.+-]+", name):
            raise Invalid(_CHECK, {"tags": Message("%(tag)s cannot be a tag.", {"tag": tag})})
        kept.append(name)
    if len(kept) > MOST_TAGS:
        raise Invalid(_CHECK, {"tags": Message("At most %(most)s tags, please.", {"most": MOST_TAGS})})
    return kept


_CHECK = Message("Please check what is marked below.")


def _without_controls(text: str) -> str:
    return "".join(
        " " if unicodedata.category(character) == "Cc" else character
        for character in text.encode("utf-8", "replace").decode()
    )
