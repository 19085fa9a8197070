"""Threads to index, with no more said about them than a test needs."""

from __future__ import annotations

from datetime import UTC, datetime

from forum.search.port import Document

WRITTEN = datetime(2026, 3, 14, 9, 26, tzinfo=UTC)


def document(
    thread_id: int,
    title: str,
    question: str = "",
    replies: str = "",
    tags: tuple[str, ...] = (),
    board_id: int = 1,
    solved: bool = False,
) -> Document:
    return Document(thread_id, board_id, title, question, replies, tags, solved, bool(replies), WRITTEN, WRITTEN)
