"""A small tree of somebody's HTML, forgiving as browsers are; what cannot be seen on a page is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

DEEPEST = 40  # elements within each other; what stands deeper is read as if it stood there
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())  # noqa: SIM905 - words
_UNSEEN = frozenset("script style template head title iframe object noscript".split())  # noqa: SIM905 - words
BLOCKS = frozenset(
    "address article aside blockquote dd details div dl dt figure footer h1 h2 h3 h4 h5 h6 header hr li main ol p pre "  # noqa: SIM905 - words
    "section summary table tbody td tfoot th thead tr ul".split()
)
# What ends by itself where its like begins: browsers close it too.
_CLOSED_BY = {
    "p": BLOCKS - {"td", "th", "tr"},
    "li": frozenset({"li"}),
    "tr": frozenset({"tr"}),
    "td": frozenset({"td", "th", "tr"}),
}
_CLOSED_BY["th"] = _CLOSED_BY["td"]


@dataclass
class Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def text(self) -> str:
        """All text within, as it is written."""
        return "".join(self._texts())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag == "br":
                yield "\n"
            else:
                yield from child._texts()

    def of(self, *tags: str) -> Iterator[Element]:
        """The elements directly within that have one of these tags."""
        return (child for child in self.children if isinstance(child, Element) and child.tag in tags)


def tree_of(html: str) -> Element:
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("div")
        self._open = [self.root]
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        if self._unseen:
            return
        while self._open[-1].tag in _CLOSED_BY and tag in _CLOSED_BY[self._open[-1].tag]:
            self._open.pop()
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID and len(self._open) < DEEPEST:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
            return
        for at in range(len(self._open) - 1, 0, -1):
            if self._open[at].tag == tag:
                del self._open[at:]
                return

    def handle_data(self, data: str) -> None:
        if not self._unseen and data:
            self._open[-1].children.append(data)
