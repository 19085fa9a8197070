"""The port of search. One document is one thread with all its visible posts; the index can be deleted and rebuilt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Document:
    thread_id: int
    board_id: int
    title: str
    question: str  # plain text of the first post
    replies: str  # plain text of the others, the accepted answer first
    tags: tuple[str, ...]
    solved: bool
    answered: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Piece:
    """A run of an excerpt; `hit` runs are shown marked."""

    text: str
    hit: bool


@dataclass(frozen=True)
class Hit:
    thread_id: int
    score: float


@dataclass(frozen=True)
class Hits:
    total: int
    hits: Sequence[Hit]


@dataclass(frozen=True)
class Query:
    """What somebody looks for. All words must occur (CJK: all bigrams); best first."""

    text: str
    board_ids: tuple[int, ...] | None = None  # None: all boards
    solved: bool | None = None
    limit: int = 20
    offset: int = 0


class IndexBusy(Exception):
    """Another process kept the index's only writer for too long; the same call can be made again later."""


class Index(Protocol):
    """`put`, `remove` and `clear` raise IndexBusy. Compare `count` with the number of threads to know whether to rebuild."""

    def put(self, documents: Sequence[Document]) -> None:
        """Add or replace documents in one batch. One writer at a time: callers are workers."""
        ...

    def remove(self, thread_ids: Sequence[int]) -> None: ...

    def search(self, query: Query) -> Hits: ...

    def similar(
        self,
        text: str,
        *,
        solved_only: bool = False,
        but: int | None = None,
        board_ids: tuple[int, ...] | None = None,
        limit: int = 5,
    ) -> Sequence[Hit]:
        """Threads about the same thing as `text` (a title, or a title and its question); any words may match, best first."""
        ...

    def count(self) -> int: ...

    def clear(self) -> None: ...


@dataclass(frozen=True)
class Subject:
    """What a text is about: its telling terms and the names of products in it, each once, in order."""

    terms: tuple[str, ...]
    products: tuple[str, ...]


class Subjects(Protocol):
    def __call__(self, text: str) -> Subject: ...


class Excerpts(Protocol):
    def marked(self, plain: str, query: str, length: int = 220) -> Sequence[Piece]:
        """The stretch of `plain` that shows the query's words best, in pieces; works for CJK in running text."""
        ...
