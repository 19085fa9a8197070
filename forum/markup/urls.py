"""Which addresses may stand behind a link, and where a bare address begins and ends in running text.

Every pattern here is linear: each character of a text is looked at a bounded number of times.
"""

from __future__ import annotations

import html
import re

SCHEMES = frozenset({"http", "https", "mailto"})

# Ideographs, kana, hangul and full-width marks: they end a bare address, since Chinese puts no space after one.
CJK = "\u1100-\u11ff\u3000-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"

BARE_URL = re.compile(
    rf"(?:(?<![\w@/])|(?<=[{CJK}]))(?:https?://|www\.(?=[a-z0-9]))[^\s<>\"\x00-\x1f\u2018-\u201d{CJK}]{{1,2000}}", re.I
)

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.I)
_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]")
_CLOSERS = {")": "(", "]": "["}


def safe_href(written: str) -> str | None:
    """The address as it may stand in an attribute (not yet escaped), or None where a link would be unsafe or lead nowhere.

    A reader's browser decodes entities and drops control characters inside a scheme, so both are undone before looking.
    """
    href = _INVISIBLE.sub("", html.unescape(written))
    scheme = _SCHEME.match(href)
    if scheme:
        return href if scheme.group(1).lower() in SCHEMES else None
    if href.lower().startswith("www."):
        return f"https://{href}"
    return href if href.startswith(("/", "#")) else None


def without_trailing_punctuation(url: str) -> str:
    """A sentence's own marks after an address are not part of it; a closing bracket is, if it was opened inside."""
    opened = {closer: url.count(opener) - url.count(closer) for closer, opener in _CLOSERS.items()}
    end = len(url)
    while end:
        last = url[end - 1]
        if last in _CLOSERS:
            if opened[last] >= 0:
                break
            opened[last] += 1
        elif last not in "?!.,:;*_~'|`":
            break
        end -= 1
    return url[:end]
