"""How long X counts a text: twitter-text v3, at a bounded cost."""

from __future__ import annotations

import re
import warnings

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "pkg_resources is deprecated")  # it is pinned to a version that still has it
    from twitter_text import parse_tweet

_WHITE_SPACE = re.compile(r"(\s+)")
_MOST_DOTS = 30  # in one word; no real link has so many, and looking for links among more takes cubic time


def weight(text: str) -> int:
    """In X's weighted characters: CJK and emoji 2, any link 23. No link or emoji spans white space, so words add up."""
    return sum(_weight(word) for word in _WHITE_SPACE.split(text) if word)


def _weight(word: str) -> int:
    countable = word if word.count(".") <= _MOST_DOTS else word.replace(".", "-")
    weighted: int = parse_tweet(countable).weightedLength
    return weighted
