"""What search found, as its page shows it: the thread's row and the stretch of text that has the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from forum.people.account import Account
from forum.reports.thread_lists import ThreadRow, threads_by_id
from forum.search.port import Excerpts, Piece
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post

MOST_REPLIES = 10  # of a thread, looked through for an excerpt


@dataclass(frozen=True)
class Result:
    thread: ThreadRow
    excerpt: Sequence[Piece]


def found_threads(
    session: Session,
    ids: Sequence[int],
    words: str,
    excerpts: Excerpts,
    now: datetime,
    reader: Account | None = None,
) -> Sequence[Result]:
    """In the order of `ids`; the excerpt comes from the question, the accepted answer or an early reply. Two queries."""
    rows = threads_by_id(session, ids, now, reader)
    texts: dict[int, list[str]] = {row.id: [] for row in rows}
    accepted = select(Acceptance.post_id).where(Acceptance.thread_id.in_(texts), Acceptance.withdrawn_at.is_(None))
    posts = (
        select(Post.thread_id, Post.plain)
        .where(
            Post.thread_id.in_(texts),
            Post.hidden_at.is_(None),
            or_(Post.number <= MOST_REPLIES, Post.id.in_(accepted)),
        )
        .order_by(Post.thread_id, Post.number)
    )
    for thread_id, plain in session.execute(posts):
        texts[thread_id].append(plain)
    return [Result(row, _best(texts[row.id], words, excerpts)) for row in rows]


def _best(texts: Sequence[str], words: str, excerpts: Excerpts) -> Sequence[Piece]:
    """The excerpt with most marked letters; the question's wins a tie."""
    candidates = [excerpts.marked(text, words) for text in texts]
    return max(candidates, key=lambda pieces: sum(len(piece.text) for piece in pieces if piece.hit), default=())
