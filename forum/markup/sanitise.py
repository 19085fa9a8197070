"""The allow-list, and the two sanitisers that hold it: bleach first, then nh3 with the same list behind it.

Nothing here is needed for what the parser writes today; it is there for what a parser may write tomorrow.
"""

from __future__ import annotations

import re
import threading

import nh3
from bleach.sanitizer import Cleaner

from forum.markup.urls import SCHEMES

TAGS = frozenset(
    "a blockquote br code del em h3 h4 h5 h6 hr li ol p pre span strong table tbody td th thead tr ul".split()  # noqa: SIM905 - words read as words
)
ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset({"href", "title", "class"}),
    "li": frozenset({"class"}),
    "ol": frozenset({"start"}),
    "pre": frozenset({"class"}),
    "span": frozenset({"class"}),
    "td": frozenset({"class"}),
    "th": frozenset({"class"}),
}
CLASSES: dict[str, re.Pattern[str]] = {
    "a": re.compile(r"mention|tag|image"),
    "li": re.compile(r"task"),
    "pre": re.compile(r"highlight|as-written"),
    "span": re.compile(r"[a-z][a-z0-9]{0,2}"),  # Pygments' short names of tokens
    "td": re.compile(r"align-(left|center|right)"),
    "th": re.compile(r"align-(left|center|right)"),
}
REL = "nofollow ugc noopener"


def may_stand(tag: str, name: str, value: str) -> bool:
    """Whether this attribute with this value may stand on this tag (its address is looked at by the sanitisers)."""
    if name not in ATTRIBUTES.get(tag, ()):
        return False
    if name == "class":
        return CLASSES[tag].fullmatch(value) is not None
    if name == "start":
        return re.fullmatch(r"[0-9]{1,9}", value) is not None
    return True


def bleached(html: str) -> str:
    """The first pass. Slow (8 to 20 microseconds a tag or entity): the budget counts on it."""
    if not hasattr(_own, "cleaner"):
        _own.cleaner = Cleaner(tags=TAGS, attributes=may_stand, protocols=SCHEMES, strip=True, strip_comments=True)
    cleaner: Cleaner = _own.cleaner
    return cleaner.clean(html)


def sealed(html: str) -> str:
    """The second pass, which also writes `rel` on every link."""
    return _NH3.clean(html)


def _filter(tag: str, name: str, value: str) -> str | None:
    return value if name == "rel" or may_stand(tag, name, value) else None


_own = threading.local()  # bleach's parser has state: one for each thread
_NH3 = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags={"script", "style"},
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    attribute_filter=_filter,
    url_schemes=set(SCHEMES),
    link_rel=REL,
)
