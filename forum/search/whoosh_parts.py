"""The index's schema, our analyser in Whoosh's shape, and the one import of Whoosh.

Whoosh 2.7.4 is older than the Pythons we run on: compiling it warns of escape sequences. Those warnings say nothing about
us, so they are silenced here, around the import alone, and nothing else imports Whoosh.
"""

from __future__ import annotations

import warnings
from collections.abc import Container, Iterator
from typing import Any

from forum.search.analyser import terms
from forum.search.port import Document

with warnings.catch_warnings():
    warnings.simplefilter("ignore", SyntaxWarning)
    warnings.simplefilter("ignore", DeprecationWarning)
    from whoosh import index as whoosh_index
    from whoosh import query as whoosh_query
    from whoosh import writing as whoosh_writing  # noqa: F401  -- loaded on first use otherwise, and would warn then
    from whoosh.analysis import Analyzer
    from whoosh.analysis import Token as WhooshToken
    from whoosh.codec import whoosh3  # noqa: F401  -- the same
    from whoosh.columns import NumericColumn
    from whoosh.fields import COLUMN, ID, TEXT, Schema
    from whoosh.idsets import DocIdSet
    from whoosh.reading import SegmentReader
    from whoosh.scoring import BM25F
    from whoosh.searching import Searcher

__all__ = ["BM25F", "Searcher", "merge_by_size", "only", "schema", "whoosh_index", "whoosh_query", "words_of"]


# How much a word counts, by where it stands: in the title, a tag, the question, a reply. None is below 1, which BM25 here
# could not weigh. All of it is one field, so a word costs one look-up wherever it stands, and BM25F weighs it once.
WEIGHTS = (4.0, 3.0, 1.5, 1.0)
SECTION = "\x1e"  # parts the sections within the field; it is no letter, so it never is in a term
BETWEEN = 50  # positions, so that no phrase reaches from one section into the next


def words_of(document: Document) -> str:
    """What the `words` field is given: the four sections, in the order of WEIGHTS."""
    sections = (document.title, "\n".join(document.tags), document.question, document.replies)
    return SECTION.join(section.replace(SECTION, " ") for section in sections)


class OurAnalyser(Analyzer):  # type: ignore[misc]  # Whoosh has no types
    """Hands our terms to Whoosh. The index keeps a pickle of it, so it has no state and stays under this name."""

    def __call__(self, value: str, positions: bool = False, **_: object) -> Iterator[WhooshToken]:
        token = WhooshToken(positions=positions, chars=False, mode="")
        start = 0
        for section, token.boost in zip(value.split(SECTION), WEIGHTS, strict=True):
            for term, position in terms(section):
                token.text = term
                token.pos = start + position
                yield token
            start += len(section) + BETWEEN


def schema() -> Schema:
    """Only the thread's id is stored: titles and texts are shown from the database."""
    return Schema(
        thread_id=ID(unique=True, stored=True),
        board=COLUMN(NumericColumn("q")),
        solved=COLUMN(NumericColumn("q")),
        words=TEXT(analyzer=OurAnalyser(), phrase=True),
        created=COLUMN(NumericColumn("q")),  # seconds since 1970
        updated=COLUMN(NumericColumn("q")),
    )


def only(searcher: Searcher, board_ids: Container[int] | None, solved: bool | None) -> DocIdSet | None:
    """What a search in these boards and this state may return; None if all."""
    if board_ids is None and solved is None:
        return None
    return _Only(searcher.reader(), board_ids, solved)


class _Only(DocIdSet):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's numbers of the allowed documents, looked up one by one as the words match.

    A query for the boards would go through all documents of a board for every search; Whoosh's Require, moreover, takes out
    what it should keep.
    """

    def __init__(self, reader: Any, board_ids: Container[int] | None, solved: bool | None) -> None:
        self._boards = reader.column_reader("board")
        self._solved = reader.column_reader("solved")
        self._board_ids = board_ids
        self._state = None if solved is None else int(solved)

    def __bool__(self) -> bool:
        return True

    def __contains__(self, number: int) -> bool:
        in_state = self._state is None or self._solved[number] == self._state
        return in_state and (self._board_ids is None or self._boards[number] in self._board_ids)


ROOM = 4  # times as large a segment has to be as all the smaller ones together, to be left alone


def merge_by_size(writer: Any, segments: list[Any]) -> list[Any]:
    """Whoosh's own policy leaves a dozen segments standing, and each search pays for each of them.

    Here they grow by powers, so there are but few, and a document is copied a few times in its life. `writer` holds the new
    documents; what is merged goes into its segment.
    """
    total = writer.docnum
    kept = sorted(segments, key=_living)
    while kept and _living(kept[0]) <= ROOM * total:
        segment = kept.pop(0)
        total += _living(segment)
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return kept


def _living(segment: Any) -> int:
    return int(segment.doc_count())
