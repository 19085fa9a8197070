"""The port of markup: Markdown in, safe HTML and plain text out. Rendering happens once, when a post is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

LONGEST_POST = 20_000  # characters; actions refuse more before anything is parsed


@dataclass(frozen=True)
class Rendered:
    html: str  # safe to show as it is
    plain: str  # what a reader sees, without markup, paragraphs parted by a blank line; for search and excerpts
    mentions: tuple[str, ...]  # account names after @, as written, in order, each once
    tags: tuple[str, ...]  # words after #, lower case, in order, each once


class Markup(Protocol):
    def render(self, text: str) -> Rendered:
        """Markdown to safe HTML; never raises on any text up to LONGEST_POST and its cost is bounded."""
        ...

    def from_network(self, text: str) -> Rendered:
        """A network's plain text (no Markdown in it is meant): links and line breaks live, all else escaped."""
        ...

    def excerpt(self, plain: str, length: int) -> str:
        """At most `length` characters of plain text, cut between words (CJK: between characters), with an ellipsis if cut."""
        ...
