"""Write changed threads to the search index, many in one batch. The index can always be rebuilt from here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, sessionmaker

from forum.kernel.database import writing
from forum.outbox.delivery import Delivery, Kind
from forum.search.port import Document, Index
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post
from forum.threads.private_boards import boards_beside
from forum.threads.thread import SimilarThread, Tag, Thread, ThreadTag

BATCH = 200


def index_threads(sessions: sessionmaker[Session], index: Index, clock: Callable[[], datetime]) -> int:
    """Index what the outbox names, and say how many rows were done; call again until 0.

    A row is removed only after the index has the thread as it was when the row was read, so a crash indexes it once
    more and never loses it; two workers at once do the same work twice, which changes nothing.
    """
    with sessions() as session:
        due = select(Delivery.id, Delivery.thread_id).where(Delivery.kind == Kind.INDEX, Delivery.due_at <= clock())
        rows = session.execute(due.order_by(Delivery.id).limit(BATCH)).all()
        if not rows:
            return 0
        wanted = {thread_id for _id, thread_id in rows if thread_id is not None}
        documents = list(documents_of(session, sorted(wanted)))
        beside = {one: tuple(boards_beside(session, one)) for one in {document.board_id for document in documents}}
    index.put(documents)
    if gone := wanted - {document.thread_id for document in documents}:
        index.remove(sorted(gone))
    similar = {document.thread_id: _similar(index, document, beside[document.board_id]) for document in documents}
    with writing(), sessions.begin() as session:
        _keep_similar(session, similar)
        session.execute(delete(Delivery).where(Delivery.id.in_([row_id for row_id, _thread in rows])))
    return len(rows)


def rebuild_index(sessions: sessionmaker[Session], index: Index, progress: Callable[[int], None]) -> int:
    """Empty the index and write every visible thread anew; `progress` hears how many are done."""
    index.clear()
    done, last = 0, 0
    while True:
        with sessions() as session:
            ids = session.scalars(select(Thread.id).where(Thread.id > last).order_by(Thread.id).limit(BATCH)).all()
            if not ids:
                return done
            documents = list(documents_of(session, ids))
        index.put(documents)
        done, last = done + len(documents), ids[-1]
        progress(done)


def _similar(index: Index, document: Document, board_ids: tuple[int, ...]) -> list[int]:
    text = f"{document.title}\n{document.question[:500]}"
    hits = index.similar(text, solved_only=True, but=document.thread_id, board_ids=board_ids)
    return [hit.thread_id for hit in hits]


def _keep_similar(session: Session, similar: Mapping[int, Sequence[int]]) -> None:
    session.execute(delete(SimilarThread).where(SimilarThread.thread_id.in_(similar)))
    known = set(session.scalars(select(Thread.id).where(Thread.id.in_(chain.from_iterable(similar.values())))))
    session.add_all(
        SimilarThread(thread_id=thread_id, rank=rank, other_id=other)
        for thread_id, others in similar.items()
        for rank, other in enumerate(others)
        if other in known
    )


def index_is_whole(sessions: sessionmaker[Session], index: Index) -> bool:
    """Whether the index holds as many threads as are visible, or the outbox still has some for it."""
    with sessions() as session:
        waiting = session.scalar(select(Delivery.id).where(Delivery.kind == Kind.INDEX).limit(1))
        visible = session.scalar(select(func.count()).where(Thread.hidden_at.is_(None)))
    return waiting is not None or index.count() == visible


def documents_of(session: Session, thread_ids: Sequence[int]) -> Iterator[Document]:
    """The visible threads among `thread_ids` as the index reads them, in three queries for all of them."""
    threads = session.scalars(select(Thread).where(Thread.id.in_(thread_ids), Thread.hidden_at.is_(None))).all()
    ids = [thread.id for thread in threads]
    accepted = set(
        session.scalars(
            select(Acceptance.post_id).where(Acceptance.thread_id.in_(ids), Acceptance.withdrawn_at.is_(None))
        )
    )
    texts: dict[int, list[tuple[bool, int, str]]] = defaultdict(list)
    posts = select(Post.thread_id, Post.id, Post.number, Post.plain).where(
        Post.thread_id.in_(ids), Post.hidden_at.is_(None)
    )
    for thread_id, post_id, number, plain in session.execute(posts):
        texts[thread_id].append((post_id not in accepted, number, plain))
    tags: dict[int, list[str]] = defaultdict(list)
    named = select(ThreadTag.thread_id, Tag.name).join(Tag).where(ThreadTag.thread_id.in_(ids))
    for thread_id, name in session.execute(named):
        tags[thread_id].append(name)
    for thread in threads:
        question = [plain for _late, number, plain in texts[thread.id] if number == 1]
        replies = [plain for _late, number, plain in sorted(texts[thread.id]) if number != 1]
        yield Document(
            thread_id=thread.id,
            board_id=thread.board_id,
            title=thread.title,
            question="\n\n".join(question),
            replies="\n\n".join(replies),
            tags=tuple(sorted(tags[thread.id])),
            solved=thread.solved_at is not None,
            answered=thread.first_reply_at is not None,
            created_at=thread.created_at,
            updated_at=thread.last_post_at,
        )
