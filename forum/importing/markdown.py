"""HTML turned back into the Markdown that this forum reads: what it said, its links, lists, quotations and code are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from forum.importing.html_tree import BLOCKS, Element, tree_of
from forum.importing.inline import inline

_INDENT = "    "  # under a list item, as the parser wants it
_BEGINS_SOMETHING = re.compile(r"([#>]|[-+](?=\s|$)|[-=]{2,}$|~{3,}|\d+(?=[.)](?:\s|$)))")


def markdown_of(html: str) -> str:
    return "\n\n".join(_blocks(tree_of(html).children))


def _blocks(children: Iterable[Element | str]) -> Iterator[str]:
    """Text and what stands in a line are gathered to paragraphs between what stands alone."""
    line: list[Element | str] = []
    for child in chain(children, [None]):
        if child is not None and not _stands_alone(child):
            line.append(child)
            continue
        if paragraph := _paragraph(line):
            yield paragraph
        line = []
        if isinstance(child, Element):
            yield from _block(child)


def _stands_alone(child: Element | str) -> bool:
    """A block, or something that ought to stand in a line and has a block within."""
    if isinstance(child, str):
        return False
    return child.tag in BLOCKS or any(map(_stands_alone, child.children))


def _block(element: Element) -> Iterator[str]:
    tag = element.tag
    if tag == "pre":
        yield _code(element)
    elif tag in ("ul", "ol"):
        yield from _list(element)
    elif tag == "blockquote":
        yield from _quotation(element)
    elif tag == "hr":
        yield "---"
    elif tag == "table":
        yield from _table(element)
    elif len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
        if words := inline(element.children).replace("\n", " "):
            yield f"{'#' * int(tag[1])} {words}"
    else:
        yield from _blocks(element.children)


def _paragraph(children: list[Element | str]) -> str:
    lines = inline(children).split("\n")
    return "\n".join(
        _BEGINS_SOMETHING.sub(_escaped, line, count=1) if _BEGINS_SOMETHING.match(line) else line for line in lines
    )


def _escaped(found: re.Match[str]) -> str:
    """`#` becomes `\\#`, and `1.` becomes `1\\.`, so that nothing begins a heading, a list or a quotation."""
    begins = found.group(1)
    return f"{begins}\\" if begins[0].isdigit() else f"\\{begins}"


def _code(element: Element) -> str:
    code = element.text().strip("\n")
    longest = max((len(run) for run in re.findall(r"`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{code}\n{fence}"


def _quotation(element: Element) -> Iterator[str]:
    if said := "\n\n".join(_blocks(element.children)):
        yield "\n".join(f"> {line}".rstrip() for line in said.split("\n"))


def _list(element: Element) -> Iterator[str]:
    """Items with one paragraph stand close; whatever else an item holds is indented under it."""
    first = int(element.attributes.get("start", "")) if element.attributes.get("start", "").isdecimal() else 1
    items = []
    for number, item in enumerate(_items(element), start=min(first, 999_999)):
        blocks = list(_blocks(item)) or [""]
        marker = f"{number}." if element.tag == "ol" else "-"
        nested = all(re.match(r"(?:-|\d+\.) ", block) for block in blocks[1:])
        held = ("\n" if nested else "\n\n").join(blocks)
        items.append(f"{marker} {_under(held)}".rstrip())
    if items:
        loose = any("\n\n" in item for item in items)
        yield ("\n\n" if loose else "\n").join(items)


def _items(element: Element) -> Iterator[list[Element | str]]:
    """What stands in a list beside its items is an item too."""
    for child in element.children:
        if isinstance(child, Element):
            yield child.children if child.tag == "li" else [child]
        elif child.strip():
            yield [child]


def _under(text: str) -> str:
    first, *others = text.split("\n")
    return "\n".join([first, *(f"{_INDENT}{line}".rstrip() for line in others)])


def _table(element: Element) -> Iterator[str]:
    rows = [
        [inline(cell.children).replace("\n", " ").replace("|", "\\|") for cell in row.of("td", "th")]
        for row in _rows(element)
    ]
    rows = [row for row in rows if row]
    if not rows:
        return
    width = max(map(len, rows))
    padded = [row + [""] * (width - len(row)) for row in rows]
    lines = [f"| {' | '.join(row)} |" for row in padded]
    yield "\n".join([lines[0], f"|{' --- |' * width}", *lines[1:]])


def _rows(element: Element) -> Iterator[Element]:
    for child in element.of("tr", "thead", "tbody", "tfoot"):
        yield from [child] if child.tag == "tr" else child.of("tr")
