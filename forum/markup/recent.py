"""Markup that remembers what it rendered last, for an import that looks at a text before it is written."""

from __future__ import annotations

from functools import lru_cache

from forum.markup.port import Markup, Rendered

REMEMBERED = 1_000  # texts


class RecentMarkup:
    """Implements `forum.markup.port.Markup` by another one; the same text always gives the same page."""

    def __init__(self, markup: Markup) -> None:
        self._markup = markup
        self._rendered = lru_cache(maxsize=REMEMBERED)(markup.render)

    def render(self, text: str) -> Rendered:
        return self._rendered(text)

    def from_network(self, text: str) -> Rendered:
        return self._markup.from_network(text)

    def excerpt(self, plain: str, length: int) -> str:
        return self._markup.excerpt(plain, length)
