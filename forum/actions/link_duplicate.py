"""Link a thread to the one that it repeats."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.kernel.database import lock
from forum.kernel.errors import Conflict
from forum.kernel.messages import Message
from forum.threads.thread import Thread, ThreadLink

DUPLICATE = "duplicate"


def link_duplicate(session: Session, thread: Thread, other: Thread, now: datetime) -> ThreadLink:
    """`thread` is a duplicate of `other`; said twice, the first link stands. Nobody is named: it was said elsewhere."""
    if thread.id == other.id:
        raise Conflict(Message("A thread cannot be a duplicate of itself."))
    lock(session, thread)
    standing = select(ThreadLink).where(
        ThreadLink.thread_id == thread.id, ThreadLink.other_id == other.id, ThreadLink.kind == DUPLICATE
    )
    if (link := session.scalar(standing)) is not None:
        return link
    link = ThreadLink(thread_id=thread.id, other_id=other.id, kind=DUPLICATE, made_at=now)
    session.add(link)
    session.flush()
    return link
