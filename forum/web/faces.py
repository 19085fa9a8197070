"""Faces stand in for portraits: the first letter of a name on one of twelve hues, the same for a name everywhere."""

import zlib

import regex

HUES = 12


def face_hue(name: str) -> int:
    """Return the number of the hue class (h0 to h11) for `name`; stable across processes, unlike hash()."""
    return zlib.crc32(name.casefold().encode()) % HUES


def face_initial(name: str) -> str:
    """Return the first letter or character of `name` that can be read alone, upper-case; a dot when there is none."""
    found = regex.search(r"[\p{L}\p{N}]\p{M}*", name)
    return found.group().upper()[:2] if found else "·"
