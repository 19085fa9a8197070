"""What a network sends, made fit for any database: a character that one of them refuses must not stop all listening."""

from __future__ import annotations


def storable(text: str, longest: int | None = None) -> str:
    """Without NUL, which PostgreSQL refuses, and without halves of surrogate pairs; cut to `longest` characters."""
    clean = text.replace("\0", "").encode("utf-8", "replace").decode()
    return clean if longest is None else clean[:longest]
