"""What is live in a post's text: links, @handles and #tags, as the ranges of UTF-8 bytes that Bluesky wants."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

# Only what an address may hold in ASCII, so that Chinese running on without a space stays outside.
_LINK = re.compile(r"(?<![A-Za-z0-9])https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_HANDLE = re.compile(
    r"(?<![A-Za-z0-9._/@-])@((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*)"
)
_TAG = re.compile(r"(?<![\w#/&])#(?!\d+\b)([^\W_][\w-]{0,63})")

Facet = dict[str, object]


@dataclass(frozen=True)
class _Piece:
    start: int  # characters
    end: int
    feature: dict[str, str]


def facets(text: str, did_of: Callable[[str], str | None]) -> list[Facet]:
    """The facets of `text` in order. `did_of` tells whom a handle names; a handle that names nobody stays plain."""
    links = list(_links(text))
    inside_links = [range(link.start, link.end) for link in links]
    others = [
        piece
        for piece in (*_handles(text, did_of), *_tags(text))
        if not any(piece.start in inside for inside in inside_links)
    ]
    return [_facet(text, piece) for piece in sorted([*links, *others], key=lambda piece: piece.start)]


def _links(text: str) -> Iterator[_Piece]:
    for match in _LINK.finditer(text):
        uri = _without_closing_marks(match.group())
        if len(uri) > len("https://"):
            feature = {"$type": "app.bsky.richtext.facet#link", "uri": uri}
            yield _Piece(match.start(), match.start() + len(uri), feature)


def _without_closing_marks(uri: str) -> str:
    """A sentence's own punctuation after an address is no part of it, nor a bracket that was opened before it."""
    while uri and (uri[-1] in ".,;:!?'*" or (uri[-1] == ")" and uri.count(")") > uri.count("("))):
        uri = uri[:-1]
    return uri


def _handles(text: str, did_of: Callable[[str], str | None]) -> Iterator[_Piece]:
    for match in _HANDLE.finditer(text):
        did = did_of(match.group(1).lower())
        if did is not None:
            yield _Piece(match.start(), match.end(), {"$type": "app.bsky.richtext.facet#mention", "did": did})


def _tags(text: str) -> Iterator[_Piece]:
    for match in _TAG.finditer(text):
        yield _Piece(match.start(), match.end(), {"$type": "app.bsky.richtext.facet#tag", "tag": match.group(1)})


def _facet(text: str, piece: _Piece) -> Facet:
    start = len(text[: piece.start].encode())
    end = start + len(text[piece.start : piece.end].encode())
    return {
        "$type": "app.bsky.richtext.facet",
        "index": {"byteStart": start, "byteEnd": end},
        "features": [piece.feature],
    }
