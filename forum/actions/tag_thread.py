"""Set the tags of a thread."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from forum.threads.thread import Tag, Thread, ThreadTag


def tag_thread(session: Session, thread: Thread, names: Sequence[str]) -> None:
    """Replace the thread's tags by `names`, which are clean already; new tags are made on the way."""
    known = {tag.name: tag for tag in session.scalars(select(Tag).where(Tag.name.in_(names)))}
    for name in names:
        if name not in known:
            known[name] = Tag(name=name)
            session.add(known[name])
    session.flush()
    session.execute(delete(ThreadTag).where(ThreadTag.thread_id == thread.id))
    session.add_all(ThreadTag(thread_id=thread.id, tag_id=known[name].id) for name in names)
