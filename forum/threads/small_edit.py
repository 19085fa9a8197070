"""Whether an edit changes what a text says, or mends its typing alone.

In doubt it changes something: a number, a link, a word more or less, or any word of a script without spaces is never small.
"""

from __future__ import annotations

from difflib import SequenceMatcher

MOST_WORDS = 3  # mended at once
SHORTEST = 4  # letters; a shorter word is soon another one
ALIKE = 0.8
FIRST_WITHOUT_SPACES = 0x2E80  # from here on scripts do not part words by spaces


def is_small_edit(before: str, after: str) -> bool:
    """Spaces and line breaks do not count; up to three words may each have lost, gained or swapped a letter."""
    old, new = before.split(), after.split()
    if old == new:
        return True
    if len(old) != len(new):
        return False
    changed = [(was, now) for was, now in zip(old, new, strict=True) if was != now]
    return len(changed) <= MOST_WORDS and all(_is_typo(was, now) for was, now in changed)


def _is_typo(was: str, now: str) -> bool:
    first, second = was.strip(".,;:!?()\"'*_"), now.strip(".,;:!?()\"'*_")
    if first == second:
        return True  # punctuation at its end
    if min(len(first), len(second)) < SHORTEST or abs(len(first) - len(second)) > 1:
        return False
    letters = first + second
    if not letters.isalpha() or any(ord(letter) >= FIRST_WITHOUT_SPACES for letter in letters):
        return False
    return SequenceMatcher(None, first.casefold(), second.casefold(), autojunk=False).ratio() >= ALIKE
