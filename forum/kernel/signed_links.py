"""Short texts in links that nobody but us can have made: signed, not encrypted."""

from __future__ import annotations

import base64
import hashlib
import hmac


def sign(key: str, purpose: str, text: str) -> str:
    """URL-safe. A text signed for one purpose holds for no other."""
    return f"{_encoded(text.encode())}.{_encoded(_seal(key, purpose, text))}"


def signed_text(key: str, purpose: str, token: str) -> str | None:
    """What was signed; None where it was not signed by this key for this purpose."""
    written, _dot, seal = token.partition(".")
    try:
        text = _decoded(written).decode()
        given = _decoded(seal)
    except ValueError:  # neither base64 nor UTF-8
        return None
    return text if hmac.compare_digest(given, _seal(key, purpose, text)) else None


def _seal(key: str, purpose: str, text: str) -> bytes:
    """HMAC-SHA256 (RFC 2104), with a key of its own for each purpose."""
    own = hmac.new(key.encode(), purpose.encode(), hashlib.sha256).digest()
    return hmac.new(own, text.encode(), hashlib.sha256).digest()


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
