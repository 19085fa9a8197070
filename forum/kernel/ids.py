"""Keys that nobody can guess, and the words that stand in an address."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Collection
from itertools import count


def secret_token() -> str:
    """A URL-safe secret of 256 bits."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """What is stored of a secret: its SHA-256 in hex. The secret has 256 bits, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def slug(text: str, longest: int = 60) -> str:
    """The readable end of an address: letters and digits of any script, joined by hyphens; may be empty."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).lower())
    kept = ""
    for word in words:
        longer = f"{kept}-{word}" if kept else word
        if len(longer) > longest:
            break
        kept = longer
    return kept or (words[0][:longest] if words else "")


def numbered(wanted: str, taken: Collection[str]) -> str:
    """`wanted` itself, or with the first number behind it, from 2, that makes it none of `taken`."""
    names = (wanted if number == 1 else f"{wanted}-{number}" for number in count(1))
    return next(name for name in names if name not in taken)
