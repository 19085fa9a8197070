"""What somebody looks for, read from the words they typed. Nothing in it is syntax but double quotes; nothing in it is an error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import regex

from forum.search.analyser import Unit, units

LONGEST_QUERY = 1_000  # characters; what follows is not looked at
MOST_NEEDS = 40  # words, or pairs of characters
MOST_IN_A_ROW = 8  # words of a phrase that must follow each other; the rest of a longer one is not looked at
MOST_PHRASES = 3  # quotation marks further on are not looked at; a phrase costs as much as many words

_QUOTED = regex.compile(r'["“”„«»＂](?P<phrase>[^"“”„«»＂]+)["“”„«»＂]')


@dataclass(frozen=True)
class Need:
    """One of the alternatives must occur; each is a row of terms at successive positions."""

    alternatives: tuple[tuple[str, ...], ...]
    stop: bool = False  # says nothing by itself


def needs(query: str) -> list[Need]:
    """All that must occur for `query`. Stop words count only where there is nothing else."""
    found = list(dict.fromkeys(_all_needs(query[:LONGEST_QUERY])))
    telling = [need for need in found if not need.stop]
    return (telling or found)[:MOST_NEEDS]


def _all_needs(query: str) -> Iterator[Need]:
    at = 0
    for quoted in islice(_QUOTED.finditer(query), MOST_PHRASES):
        yield from _words(query[at : quoted.start()])
        yield from _phrase(quoted["phrase"])
        at = quoted.end()
    yield from _words(query[at:])


def _words(text: str) -> Iterator[Need]:
    for unit in units(text):
        if unit.running:
            # A run is looked for by its pairs, wherever they stand; a single character as it is.
            yield from (Need(((pair,),)) for pair in unit.pairs())
        else:
            yield Need(tuple(dict.fromkeys([*((term,) for term in unit.whole), unit.parts[:MOST_IN_A_ROW]])), unit.stop)


def _phrase(text: str) -> Iterator[Need]:
    """The quoted words, one after the other."""
    quoted = list(units(text))
    row = [term for unit in quoted for term in (_pairs_in_a_row(unit) if unit.running else unit.parts)]
    if quoted and quoted[-1].running and len(quoted[-1].parts) > 1:
        row.pop()  # nothing follows the last character, and the pair before it says as much
    if row:
        yield Need((tuple(row[:MOST_IN_A_ROW]),))


def _pairs_in_a_row(unit: Unit) -> list[str]:
    """A pair at each position and at the last its single character, so that the phrase can go on behind it."""
    return unit.pairs() + ([unit.parts[-1]] if len(unit.parts) > 1 else [])
