"""How an accepted answer reads on a network: the answer in short, who gave it, and the thread's link."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class AnswerWords:
    """`credit` and `more` are sentences already in the asker's language."""

    body: str  # the author's own summary, or the answer in plain text
    credit: str
    link: str


def word_reply(words: AnswerWords, length: Callable[[str], int], maximum: int) -> str:
    """The longest reply that the network takes: body whole, else cut after a sentence or a word; credit and link stay.

    Where even credit and link are too long together, the link alone stays with as much body as fits.
    """
    body = " ".join(words.body.split())
    for tail in _tails(words):
        text = _with_tail(body, tail, lambda text: length(text) <= maximum)
        if text is not None:
            return text
    return words.link


def parts_of(text: str, words: AnswerWords) -> tuple[str, str]:
    """The body and the tail of a reply that was worded from `words`."""
    tail = next((tail for tail in _tails(words) if text.endswith(tail)), "")
    return text.removesuffix(tail), tail


def sign(body: str, words: AnswerWords) -> str:
    """Words of a person's own, whole, with who answered and the link below them."""
    return body + _tails(words)[0]


def _tails(words: AnswerWords) -> tuple[str, str]:
    """Who answered and the link; the link alone where both are too long together."""
    return f"\n\n— {words.credit}\n{words.link}", f"\n{words.link}"


def _with_tail(body: str, tail: str, fits: Callable[[str], bool]) -> str | None:
    """None where nothing of the body fits before the tail."""
    if fits(whole := f"{body}{tail}".strip()):
        return whole
    cut = _longest(body, lambda text: fits(text + tail))
    return cut + tail if cut else None


# After a sentence, after a word, and, where words are written without spaces, after any character.
_ENDS = re.compile(r"[.!?](?=\s)|[。！？…]|\S(?=\s)|[\u3040-\u30ff\u3400-\u9fff]")


def _longest(body: str, fits: Callable[[str], bool]) -> str:
    """The longest beginning of `body` that ends at a sentence, else at a word with an ellipsis, and fits."""
    ends = [match.end() for match in _ENDS.finditer(body)]
    low, high = 0, len(ends)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(f"{body[: ends[middle - 1]]}…"):
            low = middle
        else:
            high = middle - 1
    if low == 0:
        return ""
    longest = ends[low - 1]
    sentences = [end for end in ends[:low] if body[end - 1] in ".!?。！？" and end > longest * 0.6]
    nicer = [body[:end].rstrip() for end in sentences[-1:]] or [f"{body[:longest].rstrip(' ,;:，；：')}…"]
    return next((text for text in nicer if fits(text)), f"{body[:longest]}…")
