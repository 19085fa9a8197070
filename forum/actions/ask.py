"""Ask: open a thread with its first post."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.tag_thread import tag_thread
from forum.kernel.ids import slug
from forum.markup.port import Markup
from forum.outbox.making import index_thread
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.threads.board import Board
from forum.threads.post import Post
from forum.threads.thread import Follow, Thread
from forum.threads.writing import clean_tags, clean_text, clean_title


def ask(
    session: Session,
    board: Board,
    by: Account,
    *,
    title: str,
    text: str,
    tags: Iterable[str] = (),
    language: str | None = None,
    submission_key: str | None = None,
    history: bool = False,
    markup: Markup,
    now: datetime,
) -> Thread:
    """The asker follows the thread at once. The same `submission_key` twice gives the thread of the first time.

    `history`: it happened in another community long ago; whoever imports it has it indexed once all of it is here.
    """
    require(by, Act.ASK)
    if submission_key and (made := _already_made(session, by, submission_key)):
        return made
    title, text, names = clean_title(title), clean_text(text), clean_tags(tags)
    rendered = markup.render(text)
    thread = Thread(
        board_id=board.id,
        author_id=by.id,
        kind=board.kind,
        title=title,
        slug=slug(title),
        language=language,
        created_at=now,
        last_post_at=now,
        post_count=1,
    )
    session.add(thread)
    session.flush()
    session.add(
        Post(
            thread_id=thread.id,
            number=1,
            author_id=by.id,
            text=text,
            html=rendered.html,
            plain=rendered.plain,
            by_staff=by.is_staff,
            submission_key=submission_key,
            created_at=now,
        )
    )
    board.thread_count = Board.thread_count + 1
    session.add(Follow(thread_id=thread.id, account_id=by.id, since=now))
    tag_thread(session, thread, names or ([] if history else list(rendered.tags[:5])))
    if not history:
        session.add(index_thread(thread.id, now))
    session.flush()
    return thread


def _already_made(session: Session, by: Account, submission_key: str) -> Thread | None:
    return session.scalar(
        select(Thread).join(Post).where(Post.author_id == by.id, Post.submission_key == submission_key)
    )
