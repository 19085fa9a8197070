"""What the documents are and what stands in them: links, code, commands, quoted messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]

_FENCE = re.compile(r"^ *```.*?^ *```$", re.M | re.S)
_INDENTED = re.compile(r"(?:(?<=\n\n)|\A)(?: {4,}.*(?:\n|\Z))+")
_INLINE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_COMMAND = re.compile(r"flask --app wsgi ([a-z-]+)(?: ([a-z-]+))?")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.M)


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def prose_of(page: Path) -> str:
    """Without fences, where `[...](...)` may be somebody's code."""
    return _FENCE.sub("", text_of(page))


def links_of(page: Path) -> list[str]:
    return _LINK.findall(_INLINE.sub("", prose_of(page)))


def code_of(page: Path) -> Iterator[str]:
    """What stands in back quotes, a piece each, and what stands in blocks."""
    yield from _INLINE.findall(prose_of(page))
    yield from _FENCE.findall(text_of(page))
    yield from _INDENTED.findall(prose_of(page))


def commands_of(page: Path) -> set[tuple[str, ...]]:
    """Groups and commands of `flask --app wsgi`."""
    return {tuple(filter(None, found)) for found in _COMMAND.findall(text_of(page))}


def anchors_of(page: Path) -> set[str]:
    """The names under which its headings can be linked, as code hosts make them."""
    headings = _HEADING.findall(prose_of(page))
    return {re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-") for heading in headings}


def messages_of(page: Path) -> list[str]:
    """What the tables headed "it says" quote from the product: the first cell of each row."""
    quoted: list[str] = []
    for table in re.findall(r"^\| it says \|.*\n\|[-|]+\n((?:\|.*\n)+)", text_of(page), re.M):
        quoted += [row.split("|")[1].strip().strip("`") for row in table.splitlines()]
    return quoted
