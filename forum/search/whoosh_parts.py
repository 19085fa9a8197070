"""The index's schema, our analyser in Whoosh's shape, and the one import of Whoosh.

Whoosh 2.7.4 is older than the Pythons we run on: compiling it warns of escape sequences. Those warnings say nothing about
us, so they are silenced here, around the import alone, and nothing else imports Whoosh.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator

from forum.search.analyser import terms

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
    from whoosh.fields import COLUMN, ID, KEYWORD, TEXT, Schema
    from whoosh.scoring import BM25F
    from whoosh.searching import Searcher

__all__ = ["BM25F", "Searcher", "schema", "whoosh_index", "whoosh_query"]


class OurAnalyser(Analyzer):  # type: ignore[misc]  # Whoosh has no types
    """Hands our terms to Whoosh. The index keeps a pickle of it, so it has no state and stays under this name."""

    def __call__(self, value: str, positions: bool = False, **_: object) -> Iterator[WhooshToken]:
        token = WhooshToken(positions=positions, chars=False, mode="")
        for term, position in terms(value):
            token.text = term
            token.pos = position
            token.boost = 1.0
            yield token


def schema() -> Schema:
    """Only the thread's id is stored: titles and texts are shown from the database."""
    words = {"analyzer": OurAnalyser(), "phrase": True}
    return Schema(
        thread_id=ID(unique=True, stored=True),
        board=ID(),
        state=KEYWORD(),
        title=TEXT(**words),
        tags=TEXT(**words),
        question=TEXT(**words),
        replies=TEXT(**words),
        created=COLUMN(NumericColumn("q")),  # seconds since 1970
        updated=COLUMN(NumericColumn("q")),
    )
