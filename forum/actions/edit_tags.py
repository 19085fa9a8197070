"""Edit the tags of a thread: its asker may, and whoever has the right to edit any thread's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.tag_thread import tag_thread
from forum.kernel.database import lock
from forum.kernel.errors import Conflict
from forum.kernel.messages import Message
from forum.moderation.log import LogEntry
from forum.outbox.making import index_thread
from forum.people.account import Account
from forum.people.permissions import Act, may, require
from forum.threads.private_boards import require_readable
from forum.threads.thread import Tag, Thread, ThreadTag
from forum.threads.writing import clean_tags


def edit_tags(session: Session, thread: Thread, by: Account, *, tags: Iterable[str], now: datetime) -> None:
    """Nothing changes, and nothing is logged, where the tags are the same. Raises Invalid for the field `tags`."""
    require_readable(session, thread, by)
    if not may_edit_tags(thread, by):
        require(by, Act.EDIT_TAGS)
    if thread.locked_at is not None and not may(by, Act.EDIT_TAGS):
        raise Conflict(Message("This thread is locked."))
    names = clean_tags(tags)
    lock(session, thread)
    before = tags_of(session, thread)
    if set(before) == set(names):
        return
    tag_thread(session, thread, names)
    details = {"from": ", ".join(before), "to": ", ".join(sorted(names))}
    about = f"thread:{thread.id}"
    session.add(LogEntry(act=Act.EDIT_TAGS, about=about, by_id=by.id, at=now, details=details))
    session.add(index_thread(thread.id, now))
    session.flush()


def may_edit_tags(thread: Thread, by: Account) -> bool:
    own = thread.author_id is not None and thread.author_id == by.id
    return may(by, Act.EDIT_OWN_POST if own else Act.EDIT_TAGS)


def tags_of(session: Session, thread: Thread) -> list[str]:
    named = select(Tag.name).join(ThreadTag, ThreadTag.tag_id == Tag.id).where(ThreadTag.thread_id == thread.id)
    return list(session.scalars(named.order_by(Tag.name)))
