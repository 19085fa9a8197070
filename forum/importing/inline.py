"""What stands within a line of Markdown: emphasis, code, links, images; everything else is its own text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from forum.importing.html_tree import Element

_MARKS = {
    "em": "*",
    "i": "*",
    "cite": "*",
    "var": "*",
    "strong": "**",
    "b": "**",
    "del": "~~",
    "s": "~~",
    "strike": "~~",
}
_CODE = frozenset({"code", "kbd", "samp", "tt"})
_SPECIAL = re.compile(r"([\\`*_\[\]~])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_BARE_ADDRESS = re.compile(r"https?://[^\s\[\]<>]+", re.I)
_SMALLER = {
    "sub": str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"),
    "sup": str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾"),
}
LARGE = {small: large for signs in _SMALLER.values() for large, small in signs.items()}  # and back


def inline(children: Iterable[Element | str], within: frozenset[str] = frozenset()) -> str:
    """One paragraph; its lines part where a `br` stood. `within` names the marks and links that are open around it."""
    text = "".join(_written(child, within) for child in children)
    lines = [re.sub(r"[ \t\r\f]+", " ", line).strip() for line in text.split("\n")] if not within else [text]
    return "\n".join(line for line in lines if line)


def _written(child: Element | str, within: frozenset[str]) -> str:
    if isinstance(child, str):
        return _plain(child, linked="a" in within)
    if child.tag == "br":
        return "\n"
    if child.tag == "img":
        return _image(child)
    if child.tag in _CODE:
        return _code(child.text())
    if child.tag in _MARKS:
        return _marked(child, _MARKS[child.tag], within)
    if child.tag == "a":
        return _link(child, within)
    if child.tag in _SMALLER:
        return _small(child, within)
    return inline(child.children, within | {child.tag})


def _plain(text: str, linked: bool) -> str:
    """Its words alone: nothing in it is a sign of Markdown. An address becomes a link anyway, but for one within a link."""
    pieces, at = [], 0
    flat = re.sub(r"\s+", " ", text)
    if linked:
        return _quoted(flat).replace("://", "&#58;//")
    for address in _BARE_ADDRESS.finditer(flat):
        pieces += [_quoted(flat[at : address.start()]), address.group()]
        at = address.end()
    return "".join([*pieces, _quoted(flat[at:])])


def _quoted(text: str) -> str:
    return _ENTITY.sub("&amp;", _SPECIAL.sub(r"\\\1", text))


def _marked(element: Element, mark: str, within: frozenset[str]) -> str:
    """Spaces at the ends go outside, since a mark beside a space marks nothing."""
    said = inline(element.children, within | {mark})
    bare = said.strip()
    if not bare or mark in within:
        return said
    before, after = said[: len(said) - len(said.lstrip())], said[len(said.rstrip()) :]
    return f"{before}{mark}{bare}{mark}{after}"


def _code(text: str) -> str:
    flat = " ".join(text.split())
    if not flat:
        return ""
    ticks = "`" * (max((len(run) for run in re.findall(r"`+", flat)), default=0) + 1)
    pad = " " if "`" in flat else ""
    return f"{ticks}{pad}{flat}{pad}{ticks}"


def _link(element: Element, within: frozenset[str]) -> str:
    href = _address(element.attributes.get("href", ""))
    said = inline(element.children, within | {"a"})
    bare = " ".join(said.split())
    if not href or not bare or "a" in within:
        return said
    if element.text().strip() == href:
        return href if _BARE_ADDRESS.fullmatch(href) else f"[{bare}]({href})"
    return f"[{bare}]({href})"


def _image(element: Element) -> str:
    source = _address(element.attributes.get("src", ""))
    said = _quoted(" ".join(element.attributes.get("alt", "").split()))
    return f"![{said}]({source})" if source else said


def _address(written: str) -> str:
    """With the characters escaped that would end it; a dump writes some addresses without their scheme."""
    address = written.strip()
    if address.startswith("//"):
        address = f"https:{address}"
    for character, escaped in ((" ", "%20"), ("(", "%28"), (")", "%29"), ("<", "%3C"), (">", "%3E"), ("\\", "%5C")):
        address = address.replace(character, escaped)
    return "".join(address.split())


def _small(element: Element, within: frozenset[str]) -> str:
    """Figures have small signs of their own; other words are written as large as the rest."""
    written = "".join(child for child in element.children if isinstance(child, str))
    small = written.translate(_SMALLER[element.tag])
    if written and written == element.text() and all(character not in written for character in small):
        return small
    return inline(element.children, within | {element.tag})
