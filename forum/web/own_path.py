"""Where a reader goes next: only ever to a page of this site, whatever stands in the address or the form."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request


def own_path(text: str | None, otherwise: str = "/") -> str:
    """`text` if it is a path on this very host, else `otherwise`.

    Browsers take // and a backslash for the beginning of a host, and drop tabs and line ends from anywhere.
    """
    if not text or not text.startswith("/") or text.startswith("//") or "\\" in text:
        return otherwise
    if any(ord(character) <= 32 or ord(character) == 127 for character in text):
        return otherwise
    try:
        parts = urlsplit(text)
    except ValueError:
        return otherwise
    return text if not parts.scheme and not parts.netloc else otherwise


def this_path() -> str:
    """Path and query of the request in hand, quoted as they came."""
    parts = urlsplit(request.url)
    return own_path(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def came_from() -> str:
    """The page of ours that the form in hand stood on; the front page where the browser does not tell."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return "/"
    return own_path(f"{parts.path}?{parts.query}" if parts.query else parts.path)
