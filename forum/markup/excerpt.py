"""The beginning of a text, cut where a reader would cut it."""

from __future__ import annotations

import regex

from forum.markup.urls import CJK

ELLIPSIS = "…"
_IDEOGRAPH = regex.compile(rf"[{CJK}]")
_GRAPHEME = regex.compile(r"\X")
_LONGEST_SIGN = 40  # characters beyond the cut that are looked at to see whether a sign goes on there
_TRAILING = " \t,;:.!?—–-，。、；：！？"


def excerpt(plain: str, length: int) -> str:
    """At most `length` characters on one line, cut between words (CJK: between characters), with an ellipsis if cut."""
    if length < 1:
        return ""
    text = " ".join(plain.split())
    if len(text) <= length:
        return text
    begun = text[: _cut(text, length - len(ELLIPSIS))]
    return (begun.rstrip(_TRAILING) or begun.rstrip()) + ELLIPSIS


def _cut(text: str, room: int) -> int:
    """The last place up to `room` beside a space or an ideograph; within the first word only if that alone is longer.

    A sign built of several characters (an accent, a family of emoji) is never split, unless it is longer than the room.
    """
    ends = [sign.end() for sign in _GRAPHEME.finditer(text[: room + _LONGEST_SIGN]) if sign.end() <= room]
    for cut in reversed(ends):
        before, after = text[cut - 1], text[cut]
        if " " in (before, after) or _IDEOGRAPH.match(before) or _IDEOGRAPH.match(after):
            return cut
    return ends[-1] if ends else room
