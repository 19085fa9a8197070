"""A post cut into the parts that are rendered one by one: fences of code at the margin, and blocks between blank lines.

Fences are found here, exactly, because code and prose cost differently; those within lists or quotations stay in their block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"(`{3,}|~{3,})[ \t]*([\w#.+-]{0,30})[^`]*")
_LIST_LINE = re.compile(r"([-*+]|1[.)]) +\S")
_NOT_PROSE = re.compile(r"[ \t]|([-*+]|\d+[.)]) |[>|#]")


@dataclass(frozen=True)
class Block:
    """Lines without a blank one between them."""

    written: str


@dataclass(frozen=True)
class Fence:
    """Code between two fences at the margin, or from a fence to the end of the post."""

    code: str
    language: str
    written: str


def parts_of(text: str) -> Iterator[Block | Fence]:
    """The parts in order. Line ends are already newlines."""
    lines = text.split("\n")
    at, block = 0, list[str]()
    while at < len(lines):
        opening = _FENCE.fullmatch(lines[at])
        if opening or not lines[at].strip():
            if block:
                yield Block("\n".join(block))
            block = []
        if opening:
            end = _end_of_fence(lines, at + 1, opening.group(1))
            code = "\n".join(lines[at + 1 : end])
            yield Fence(f"{code}\n" if code else "", opening.group(2), "\n".join(lines[at : end + 1]))
            at = end
        elif lines[at].strip():
            block.append(lines[at])
        at += 1
    if block:
        yield Block("\n".join(block))


def with_lists_apart(block: str) -> str:
    """A list right under a line of prose is a list, as people expect; Markdown itself wants a blank line before it."""
    if _NOT_PROSE.match(block):
        return block
    lines = block.split("\n")
    for at, line in enumerate(lines):
        if at and _LIST_LINE.match(line):
            return "\n".join([*lines[:at], "", *lines[at:]])
    return block


def _end_of_fence(lines: list[str], start: int, opening: str) -> int:
    closing = re.compile(rf" {{0,3}}{re.escape(opening[0])}{{{len(opening)},}}[ \t]*")
    for at in range(start, len(lines)):
        if closing.fullmatch(lines[at]):
            return at
    return len(lines)
