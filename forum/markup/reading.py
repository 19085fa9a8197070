"""What a reader sees of finished HTML: its plain text, and whom and what it names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from urllib.parse import unquote

from forum.markup.port import Rendered

_BLOCKS = frozenset("p h3 h4 h5 h6 pre blockquote ul ol table hr".split())  # noqa: SIM905 - words read as words
_LINES = frozenset({"li", "tr", "br"})
_CELLS = frozenset({"td", "th"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.mentions: list[str] = []
        self.tags: list[str] = []
        self._breaks = 0  # newlines owed before the next word
        self._space = ""
        self._in_pre = False
        self._lists = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._part(tag)
        if tag == "pre":
            self._in_pre = True
        elif tag in ("ul", "ol"):
            self._lists += 1
        elif tag == "a":
            self._name(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            self._lists -= 1
        elif tag == "pre":
            self._in_pre = False
            self._end_pre()
        if tag != "br":
            self._part(tag)

    def handle_data(self, data: str) -> None:
        text = data if self._in_pre else _in_line(data)
        if not self._in_pre and (self._breaks or self._space or not self.pieces):
            text = text.lstrip(" ")
        if not text:
            return
        if self.pieces:
            self.pieces.append("\n" * self._breaks or self._space)
        self.pieces.append(text)
        self._breaks, self._space = 0, ""

    def _end_pre(self) -> None:
        """The last line's end is code's, not the reader's; the pieces since are words of one `pre`."""
        while self.pieces and not (stripped := self.pieces[-1].rstrip("\n")):
            self.pieces.pop()
        if self.pieces:
            self.pieces[-1] = stripped

    def _part(self, tag: str) -> None:
        if tag in _BLOCKS:  # within a list a line is enough, but for its end
            self._breaks = max(self._breaks, 1 if self._lists else 2)
        elif tag == "br":
            self._breaks = min(self._breaks + 1, 2)
        elif tag in _LINES:
            self._breaks = max(self._breaks, 1)
        elif tag in _CELLS:
            self._space = " "

    def _name(self, attrs: dict[str, str | None]) -> None:
        kind, href = attrs.get("class"), attrs.get("href") or ""
        if kind == "mention":
            self.mentions.append(unquote(href.removeprefix("/people/")))
        elif kind == "tag":
            self.tags.append(unquote(href.removeprefix("/tags/")))


def _in_line(data: str) -> str:
    """Line ends between tags are the serialiser's; a writer's own are `br`."""
    return "" if "\n" in data and not data.strip() else re.sub(r"[ \t\n]+", " ", data)


def read(html: str) -> Rendered:
    """The finished post of safe HTML: nothing is parsed from its source a second time."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    plain = "\n".join(line.rstrip(" ") for line in "".join(reader.pieces).split("\n")).strip()
    return Rendered(html=html, plain=plain, mentions=_once(reader.mentions), tags=_once(reader.tags))


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
