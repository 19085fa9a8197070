"""Keys that nobody can guess, and the words that stand in an address."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata


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
