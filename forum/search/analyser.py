"""The only tokeniser of the product: whatever indexes, searches or marks text takes its terms from here.

Words are folded (NFKC, case, traditional Han to simplified) and stemmed by the language that their script suggests.
Scripts that are written without spaces are cut into single characters and pairs, so that a word is found anywhere in
running text. Technical words are kept whole and in parts: "WPA3" is also "wpa" and "3", "Wi-Fi" is also "wifi".
Changing what comes out of here means raising FORMAT in whoosh_index.py, which makes every index be built anew.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from threading import Lock
from typing import NamedTuple

import regex
import snowballstemmer

from forum.search.han import TO_SIMPLIFIED

LONGEST_TERM = 64  # characters; the rest of a longer word is not looked at
MOST_PARTS = 4  # a word with more changes between letters and digits is a serial number, and has no parts worth finding

STEMMERS = {
    "LATIN": "english",
    "CYRILLIC": "russian",
    "GREEK": "greek",
    "ARABIC": "arabic",
    "ARMENIAN": "armenian",
    "DEVANAGARI": "hindi",
    "TAMIL": "tamil",
}

# Scripts that are written without spaces; Hangul has spaces, but its particles hang on the words.
RUNNING = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Bopomofo}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]"
_LETTER = rf"[[\p{{L}}\p{{N}}\p{{M}}]--{RUNNING}]"
_UNIT = regex.compile(rf"(?V1)(?P<running>{RUNNING}+)|{_LETTER}+(?:[-_.:@']{_LETTER}+)*+")
_WORD = regex.compile(r"(?P<joint>[-_.:@'])?(?P<word>[^-_.:@']+)")
_PART = regex.compile(r"\p{N}+|\P{N}+")
_CLUSTER = regex.compile(r"\X")
_UNSEEN = regex.compile(r"\p{Cf}+")  # soft hyphens, zero-width spaces, marks of direction
_MARK = regex.compile(r"\p{Mn}+")

# Hyphens and apostrophes that people and word processors put in for the plain ones.
_PLAIN = {0x2010: "-", 0x2011: "-", 0x2212: "-", 0x2019: "'", 0x02BC: "'", 0x2018: "'"}
_TABLE = {**_PLAIN, **TO_SIMPLIFIED}

# Words that say nothing about what is looked for. They are indexed, because a phrase may hold them.
STOP_WORDS = frozenset(
    """a about am an and any are aren't as at be been but by can can't cannot could couldn't did didn't do does doesn't
    doing don't for from had has have haven't he her hers him his how i i'm i've if in into is isn't it its me my no nor
    not of on or our she should so than that the their them then there these they this those to too was wasn't we were
    weren't what when where which while who whom why will with won't would you your""".replace("'", "").split()
)


class Token(NamedTuple):
    """A term and where it stands: its number among the words, and its characters in the text that was given."""

    term: str
    position: int
    start: int
    end: int


class Unit(NamedTuple):
    """A stretch that a person sees as one word, or a run of a script without spaces.

    `parts` stand at successive positions from the first token's on; `whole` are other spellings of all of it.
    """

    tokens: tuple[Token, ...]
    parts: tuple[str, ...]
    whole: tuple[str, ...]
    running: bool
    stop: bool

    def pairs(self) -> list[str]:
        """Of a run: the pairs of neighbours, or the one character that it is."""
        return [a + b for a, b in pairwise(self.parts)] or list(self.parts)


def tokens(text: str) -> Iterator[Token]:
    """Every term of `text` in order of position; start and end count characters of `text` as given."""
    for unit in units(text):
        yield from unit.tokens


def units(text: str) -> Iterator[Unit]:
    """The words and runs of `text`, in order."""
    folded, places = _folded_with_places(text)
    position = 0
    for found in _UNIT.finditer(folded):
        unit = _running(found, position) if found["running"] else _compound(found, position)
        position += len(unit.parts)
        yield unit if places is None else _placed(unit, places)


def terms(text: str) -> Iterator[tuple[str, int]]:
    """Every term of `text` with its position, without the places that only an excerpt needs."""
    position = 0
    for found in _UNIT.finditer(folded(text)):
        unit = _running(found, position) if found["running"] else _compound(found, position)
        position += len(unit.parts)
        for token in unit.tokens:
            yield token.term, token.position


def folded(text: str) -> str:
    """`text` as it is compared: compatibility forms, case, unseen characters and traditional Han made alike."""
    same = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold()
    return unicodedata.normalize("NFKC", same).translate(_TABLE)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem of a folded word, without accents if it is Latin; a word with digits in it is left alone."""
    if not word.isalpha() and not _MARK.search(word):
        return word
    script = unicodedata.name(word[0], "").partition(" ")[0]
    if script == "LATIN" and not word.isascii():
        word = unicodedata.normalize("NFC", _MARK.sub("", unicodedata.normalize("NFD", word)))
    if script not in STEMMERS:
        return word
    with _stemming:
        return str(_stemmer(STEMMERS[script]).stemWord(word)) or word


_stemming = Lock()  # a Snowball stemmer keeps its word in itself


@lru_cache
def _stemmer(language: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(language)


def _running(found: regex.Match[str], position: int) -> Unit:
    """A run of a script without spaces: every character, and every pair at the position of its first."""
    run, start = found[0], found.start()
    made = []
    for i, character in enumerate(run):
        made.append(Token(character, position + i, start + i, start + i + 1))
        if i + 1 < len(run):
            made.append(Token(run[i : i + 2], position + i, start + i, start + i + 2))
    return Unit(tuple(made), tuple(run), (), running=True, stop=False)


def _compound(found: regex.Match[str], position: int) -> Unit:
    """A word, or words joined by hyphens, dots and the like, with their parts and their other spellings."""
    start = found.start()
    words = [w for w in _WORD.finditer(found[0]) if not (w["joint"] == "'" and w["word"] == "s")]
    made: list[Token] = []
    parts: list[str] = []
    for word in words:
        at, first = start + word.start("word"), position + len(parts)
        pieces = _parts(word["word"])
        for piece, offset in pieces:
            end = at + offset + len(piece)
            made.append(Token(_term(piece), position + len(parts), at + offset, end))
            parts.append(made[-1].term)
        if len(pieces) > 1:
            made.append(Token(_term(word["word"]), first, at, start + word.end()))
    end = start + words[-1].end()
    whole = _spellings(words) if len(words) > 1 else ((made[-1].term,) if len(parts) > 1 else ())
    if len(words) > 1:
        # At the first and at the last position, so that a phrase may go on from either side.
        places = sorted({position, position + len(parts) - 1})
        made += [Token(term, place, start, end) for term in whole for place in places]
    stop = "".join(word["word"] for word in words) in STOP_WORDS
    return Unit(tuple(sorted(made, key=_by_position)), tuple(parts), whole, running=False, stop=stop)


def _by_position(token: Token) -> int:
    return token.position


def _parts(word: str) -> list[tuple[str, int]]:
    """The runs of letters and of digits in `word`, each with its offset."""
    pieces = [(piece[0], piece.start()) for piece in _PART.finditer(word)]
    return pieces if len(pieces) <= MOST_PARTS else [(word, 0)]


def _spellings(words: list[regex.Match[str]]) -> tuple[str, ...]:
    """How joined words are also written: "wi-fi" as "wifi"; what has digits, dots or colons in it also as it stands."""
    joints = {word["joint"] for word in words[1:]}
    joined = "".join(word["word"] for word in words)
    spellings = []
    if joints <= {"-", "'"} and not joined.isnumeric():
        spellings.append(_term(joined))
    if joints - {"-", "'"} or not joined.isalpha():
        spellings.append(
            "".join((word["joint"] or "") * (i > 0) + word["word"] for i, word in enumerate(words))[:LONGEST_TERM]
        )
    return tuple(spellings)


def _term(word: str) -> str:
    return stem(word[:LONGEST_TERM])


def _folded_with_places(text: str) -> tuple[str, list[tuple[int, int]] | None]:
    """The folded text and, where folding moved characters, the place in `text` that each folded character came from."""
    whole = folded(text)
    if len(whole) == len(text) and unicodedata.is_normalized("NFKC", text) and not _UNSEEN.search(text):
        return whole, None
    characters: list[str] = []
    places: list[tuple[int, int]] = []
    for cluster in _CLUSTER.finditer(text):
        same = folded(cluster[0])
        characters.append(same)
        places += [cluster.span()] * len(same)
    return "".join(characters), places


def _placed(unit: Unit, places: list[tuple[int, int]]) -> Unit:
    moved = (token._replace(start=places[token.start][0], end=places[token.end - 1][1]) for token in unit.tokens)
    return unit._replace(tokens=tuple(moved))
