"""Excerpts with the looked-for words marked, found by the same analyser as the index, so that what was found is shown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from forum.search.analyser import RUNNING, Token, tokens
from forum.search.port import Piece
from forum.search.wanted import Need, needs

STRETCH = 20_000  # characters that are looked through at a time; the first stretch with a hit is taken
MOST_STRETCHES = 5  # a hit further on is found by the index and not shown here
ELLIPSIS = "…"

_RUN_UP = 0.25  # the share of an excerpt that may stand before its first hit
_GAP = rf"[\s。、，．！？；：（）「」『』《》—{RUNNING[1:-1]}]"
_BOUNDARY = regex.compile(rf"(?:(?<={_GAP})|(?={_GAP}))(?!\p{{M}})")  # beside a space, or anywhere in Han and its like
_CLUSTER = regex.compile(r"\X")
_SPACE = regex.compile(r"\s+")


class Found(NamedTuple):
    """Where one of the needs, by its number, is met."""

    start: int
    end: int
    need: int


class MarkedExcerpts:
    """Implements `Excerpts`."""

    def marked(self, plain: str, query: str, length: int = 220) -> Sequence[Piece]:
        """At most `length` characters and an ellipsis where it was cut; white space in a row becomes one space."""
        before, text, found = _stretch(plain, needs(query))
        start, end = _window(text, found, max(length, 1))
        pieces = list(_pieces(text, start, end, _joined(found)))
        if before or start > 0:
            pieces.insert(0, Piece(ELLIPSIS, hit=False))
        if end < len(text) or len(plain) > before + STRETCH:
            pieces.append(Piece(ELLIPSIS, hit=False))
        return _together(pieces)


def _stretch(plain: str, wanted: Sequence[Need]) -> tuple[int, str, list[Found]]:
    """The first stretch that has a hit, or else the beginning: how much stands before it, its text, and its hits."""
    for before in range(0, min(len(plain), STRETCH * MOST_STRETCHES), STRETCH):
        text = _spaced(plain[before : before + STRETCH])
        if found := sorted(_all_found(text, wanted)):
            return before, text, found
    return 0, _spaced(plain[:STRETCH]), []


def _spaced(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _all_found(text: str, wanted: Sequence[Need]) -> Iterator[Found]:
    places: dict[str, dict[int, Token]] = defaultdict(dict)
    for token in tokens(text):
        places[token.term][token.position] = token
    for number, need in enumerate(wanted):
        for row in need.alternatives:
            for position, first in places.get(row[0], {}).items():
                rest = [places.get(term, {}).get(position + i) for i, term in enumerate(row)]
                if all(rest):
                    last = max(token.end for token in rest if token)
                    yield Found(first.start, last, number)


def _window(text: str, found: Sequence[Found], length: int) -> tuple[int, int]:
    """Start and end of the stretch that meets the most needs, then has the most hits, then comes first."""
    if len(text) <= length:
        return 0, len(text)
    first = _best_first(found, length)
    start = max(0, found[first].start - int(length * _RUN_UP)) if found else 0
    start = min(start, len(text) - length)
    return _between_words(text, start, start + length, found[first] if found else None)


def _best_first(found: Sequence[Found], length: int) -> int:
    """The hit at which the best stretch begins."""
    room = length - int(length * _RUN_UP)
    best, best_worth = 0, (0, 0)
    inside: Counter[int] = Counter()
    behind = 0
    for i, hit in enumerate(found):
        while behind < len(found) and found[behind].end <= hit.start + room:
            inside[found[behind].need] += 1
            behind += 1
        worth = (sum(1 for count in inside.values() if count), behind - i)
        if worth > best_worth:
            best, best_worth = i, worth
        if behind > i:
            inside[hit.need] -= 1
        behind = max(behind, i + 1)
    return best


def _between_words(text: str, start: int, end: int, kept: Found | None) -> tuple[int, int]:
    """The cuts moved inwards to where a word begins and ends, but never past the hit that is to be seen."""
    if start > 0:
        latest = kept.start if kept else end
        start = next((cut for cut in _cuts(text, start, latest, _BOUNDARY)), latest)
    if end < len(text):
        earliest = min(kept.end, end) if kept else start
        cuts = [cut for cut in _cuts(text, earliest, end, _BOUNDARY) if cut > start]
        cuts = cuts or [cut for cut in _cuts(text, start, end, _CLUSTER) if cut > start]
        end = cuts[-1] if cuts else end
    return start, end


def _cuts(text: str, start: int, end: int, where: regex.Pattern[str]) -> Iterator[int]:
    for match in where.finditer(text, start):
        if match.start() > end:
            return
        yield match.start()


def _joined(found: Sequence[Found]) -> list[tuple[int, int]]:
    """The places of all hits, those that touch or overlap made one."""
    spans: list[tuple[int, int]] = []
    for hit in found:
        if spans and hit.start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], hit.end))
        else:
            spans.append((hit.start, hit.end))
    return spans


def _pieces(text: str, start: int, end: int, spans: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    inside = [(max(a, start), min(b, end)) for a, b in spans if a < end and b > start]
    edges = [start, *(edge for span in inside for edge in span), end]
    for i, (a, b) in enumerate(pairwise(edges)):
        if a < b:
            yield Piece(text[a:b], hit=i % 2 == 1)


def _together(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours of one kind made one piece."""
    made: list[Piece] = []
    for piece in pieces:
        if made and made[-1].hit == piece.hit:
            made[-1] = Piece(made[-1].text + piece.text, piece.hit)
        else:
            made.append(piece)
    return made
