"""A post's text for this forum: its own Markdown where that reads here as it read there, else its HTML turned into Markdown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from forum.importing.html_tree import Element, tree_of
from forum.importing.inline import LARGE
from forum.importing.markdown import markdown_of
from forum.importing.port import CONVERTED, WORDS_DIFFER
from forum.markup.port import LONGEST_POST, Rendered

Render = Callable[[str], Rendered]
# What makes a post's shape; emphasis may differ by a hair and nobody would miss anything.
_SHAPE = {"li": "li", "pre": "pre", "blockquote": "blockquote", "a": "a", "img": "a"} | {
    f"h{n}": "h" for n in range(1, 7)
}
_OWN_LINKS = frozenset({"mention", "tag"})


def chosen_text(html: str, markdown: str | None, render: Render) -> tuple[str, tuple[str, ...]]:
    """The text, and the notes of `forum.importing.port.NOTES` that hold for it."""
    page = tree_of(html)
    words, shape = list(_words(page)), _shape(page)
    if markdown and len(markdown) <= LONGEST_POST:
        shown = tree_of(render(markdown).html)
        if list(_words(shown)) == words and _alike(_shape(shown), shape):
            return markdown, ()
    converted = markdown_of(html)
    if len(converted) > LONGEST_POST:
        return converted, (CONVERTED,)
    same = list(_words(tree_of(render(converted).html))) == words
    return converted, (CONVERTED,) if same else (CONVERTED, WORDS_DIFFER)


def _alike(shown: Counter[str], was: Counter[str]) -> bool:
    """More links than there were are welcome: this forum makes one of `www.example.org` too."""
    return shown["a"] >= was["a"] and {**shown, "a": 0} == {**was, "a": 0}


def _words(page: Element) -> Iterator[str]:
    """What a reader reads, whatever the spaces; of an image what this forum shows for it."""
    return (word for piece in _read(page) for word in re.findall(r"\w+", piece.translate(LARGE)))


def _read(element: Element) -> Iterator[str]:
    run: list[str] = []
    for child in element.children:
        if isinstance(child, str):
            run.append(child)
        elif child.tag == "img":
            run.append(f" {child.attributes.get('alt') or child.attributes.get('src', '')} ")
        else:
            inner = "".join(_read(child))
            run.append(inner if child.tag not in _APART else f" {inner} ")
    yield "".join(run)


_APART = frozenset("br p li ul ol pre blockquote hr table tr td th div h1 h2 h3 h4 h5 h6".split())  # noqa: SIM905 - words


def _shape(page: Element) -> Counter[str]:
    """How many of each there are; an image within a link is one link here."""
    found = Counter[str]()
    waiting: list[tuple[Element, bool]] = [(page, False)]
    while waiting:
        element, in_link = waiting.pop()
        own = element.attributes.get("class") in _OWN_LINKS
        kind = _SHAPE.get(element.tag)
        is_link = kind == "a" and not own and (element.tag == "img" or "href" in element.attributes)
        if kind is not None and (kind != "a" or (is_link and not in_link)):
            found[kind] += 1
        waiting += [(child, in_link or is_link) for child in element.children if isinstance(child, Element)]
    return found
