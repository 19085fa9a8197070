"""What is looked for, as queries that Whoosh runs. Whoosh's own query language is never used, so no text is an error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import log
from typing import Any

from forum.search.analyser import units
from forum.search.wanted import Need, needs
from forum.search.whoosh_parts import Searcher, whoosh_query

MOST_TELLING = 24  # terms that `similar` looks for
MOST_POSTINGS = (
    3_000  # occurrences it goes through, which bounds its time however large the index; three terms at least
)
LONGEST_SIMILAR = 4_000  # characters; what follows is not looked at


def everything_of(text: str) -> Any | None:
    """Each need of `text`; None if the text holds no word at all."""
    wanted = [_anywhere(need) for need in needs(text)]
    return whoosh_query.And(wanted) if wanted else None


def about(text: str, searcher: Searcher) -> Any | None:
    """Any of the terms that tell most: often here and rarely elsewhere. None if the index knows none of them."""
    counts = Counter(_telling(text[:LONGEST_SIMILAR]))
    everything = searcher.doc_count_all()
    spread = {term: spread for term in counts if (spread := searcher.doc_frequency("words", term))}
    worth = {term: (1 + log(counts[term])) * log(1 + everything / rare) for term, rare in spread.items()}
    best = sorted(worth, key=lambda term: (-worth[term], term))[:MOST_TELLING]
    affordable = [
        term for i, term in enumerate(best) if i < 3 or sum(spread[t] for t in best[: i + 1]) <= MOST_POSTINGS
    ]
    return whoosh_query.Or([whoosh_query.Term("words", term) for term in affordable]) if affordable else None


def _anywhere(need: Need) -> Any:
    rows = [_in_a_row(row) for row in need.alternatives]
    return rows[0] if len(rows) == 1 else whoosh_query.Or(rows)


def _in_a_row(row: tuple[str, ...]) -> Any:
    return whoosh_query.Term("words", row[0]) if len(row) == 1 else whoosh_query.Phrase("words", list(row))


def _telling(text: str) -> Iterator[str]:
    for unit in units(text):
        if unit.running:
            yield from unit.pairs()
        elif not unit.stop:
            yield from {*unit.parts, *unit.whole}
