"""What is looked for, as queries that Whoosh runs. Whoosh's own query language is never used, so no text is an error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from math import log
from typing import Any

from forum.search.analyser import units
from forum.search.wanted import Need, needs
from forum.search.whoosh_parts import Searcher, whoosh_query

# How much a hit counts, by where it stands.
WEIGHTS = {"title": 3.0, "tags": 2.0, "question": 1.0, "replies": 0.7}
WEIGHTS_OF_SIMILAR = {"title": 2.0, "tags": 1.0, "question": 1.0}

MOST_TELLING = 24  # terms that `similar` looks for
LONGEST_SIMILAR = 4_000  # characters; what follows is not looked at


def everything_of(text: str) -> Any | None:
    """Each need of `text`, in any field; None if the text holds no word at all."""
    wanted = [_anywhere(need) for need in needs(text)]
    return whoosh_query.And(wanted) if wanted else None


def about(text: str, searcher: Searcher) -> Any | None:
    """Any of the terms that tell most: often here and rarely elsewhere. None if the index knows none of them."""
    counts = Counter(_telling(text[:LONGEST_SIMILAR]))
    everything = searcher.doc_count_all()
    worth = {}
    for term, often in counts.items():
        rare = max(searcher.doc_frequency(field, term) for field in WEIGHTS_OF_SIMILAR)
        if rare:
            worth[term] = (1 + log(often)) * log(1 + everything / rare)
    best = sorted(worth, key=lambda term: (-worth[term], term))[:MOST_TELLING]
    wanted = [whoosh_query.Term(field, term, boost) for term in best for field, boost in WEIGHTS_OF_SIMILAR.items()]
    return whoosh_query.Or(wanted) if wanted else None


def within(wanted: Any | None, board_ids: Iterable[int] | None, solved: bool | None) -> Any | None:
    """`wanted` in these boards and in this state only, without a change of score; None if nothing can match.

    Terms that weigh nothing, because Whoosh 2.7.4's own Require takes out what it should keep.
    """
    if wanted is None:
        return None
    kept = [wanted]
    if board_ids is not None:
        boards = [whoosh_query.Term("board", str(board_id), boost=0.0) for board_id in set(board_ids)]
        if not boards:
            return None
        kept.append(whoosh_query.Or(boards))
    if solved is not None:
        kept.append(whoosh_query.Term("state", "solved" if solved else "unsolved", boost=0.0))
    return whoosh_query.And(kept) if len(kept) > 1 else wanted


def _anywhere(need: Need) -> Any:
    return whoosh_query.Or(
        [_in_a_row(field, row, boost) for row in need.alternatives for field, boost in WEIGHTS.items()]
    )


def _in_a_row(field: str, row: tuple[str, ...], boost: float) -> Any:
    if len(row) == 1:
        return whoosh_query.Term(field, row[0], boost)
    return whoosh_query.Phrase(field, list(row), boost=boost)


def _telling(text: str) -> Iterator[str]:
    for unit in units(text):
        if unit.running:
            yield from unit.pairs()
        elif not unit.stop:
            yield from {*unit.parts, *unit.whole}
