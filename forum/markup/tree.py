"""What the parsed tree becomes before it is written out: a page's outline, links, images and boxes as this forum wants them.

- Headings are demoted by two, so that a page keeps its one h1 and the thread's title its h2.
- An image is a plain link to it: the page's policy is `img-src 'self'`, and a remote image would tell its host who reads.
- A link without an allowed scheme loses its address and keeps its text; a link within a link, too.
- `[ ]` and `[x]` before a list item are the signs ☐ and ☑: no form control that could not be labelled, and the plain text keeps them.
- A column's alignment is a class, since the page allows no inline style.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from forum.markup.urls import safe_href

_HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6", "h6": "h6"}
_TASK = re.compile(r"\[([ xX])\][ \n]+")
_BOXES = {" ": "☐", "x": "☑", "X": "☑"}


class ForumTree(Treeprocessor):
    def run(self, root: Element) -> None:
        """Walk without recursion: the depth of a tree is its writer's choice."""
        waiting: list[tuple[Element, bool]] = [(root, False)]
        while waiting:
            element, in_link = waiting.pop()
            self._dress(element, in_link)
            in_link = in_link or element.tag == "a"
            waiting.extend((child, in_link) for child in element)

    def _dress(self, element: Element, in_link: bool) -> None:
        tag = element.tag
        if tag in _HEADINGS:
            element.tag = _HEADINGS[tag]
        elif tag == "img":
            _link_to_image(element, in_link)
        elif tag == "a":
            _guard(element, in_link)
        elif tag in ("td", "th"):
            _align(element)


class TaskBoxes(Treeprocessor):
    """Runs before the patterns of a line, which would take `[x]` for a link."""

    def run(self, root: Element) -> None:
        for item in root.iter("li"):
            holder = item[0] if not (item.text or "").strip() and len(item) and item[0].tag == "p" else item
            task = _TASK.match(holder.text or "")
            if task and holder.text:
                item.set("class", "task")
                holder.text = f"{_BOXES[task.group(1)]} {holder.text[task.end() :]}"


def _link_to_image(image: Element, in_link: bool) -> None:
    source, alt = image.get("src") or "", image.get("alt") or ""
    image.attrib.clear()
    image.tag = "a"
    image.set("href", source)
    image.set("class", "image")
    _guard(image, in_link)
    image.text = AtomicString((alt or image.get("href") or "").strip())


def _guard(link: Element, in_link: bool) -> None:
    href = None if in_link else safe_href(link.get("href") or "")
    if href is None:
        link.tag = "span"
        link.attrib.clear()
    else:
        link.set("href", href.replace("&", "&amp;"))


def _align(cell: Element) -> None:
    side = cell.attrib.pop("align", None)
    if side:
        cell.set("class", f"align-{side}")


class ForumShape(Extension):
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.treeprocessors.register(TaskBoxes(md), "task_boxes", 25)
        md.treeprocessors.register(ForumTree(md), "forum_tree", 15)
