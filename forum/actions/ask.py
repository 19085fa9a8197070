"""Ask: open a thread with its first post."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.ask_for_help import seek_help
from forum.actions.give_points import review_soon
from forum.actions.spread_news import names_in
from forum.actions.tag_thread import tag_thread
from forum.kernel.errors import NotFound
from forum.kernel.ids import slug
from forum.kernel.messages import Message
from forum.markup.port import Markup
from forum.outbox.making import index_thread, news
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.threads.board import Board
from forum.threads.post import Post
from forum.threads.private_boards import may_read_board
from forum.threads.thread import Follow, Thread
from forum.threads.writing import MOST_TAGS, clean_tags, clean_text, clean_title


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
    if not may_read_board(board, by):
        raise NotFound(Message("There is no such board."))
    if submission_key and (made := _already_made(session, by, submission_key)):
        return made
    title, text, names = clean_title(title), clean_text(text), clean_tags(tags)
    rendered = markup.render(text)
    thread = _open_thread(session, board, by, title, language, now)
    post = Post.written(thread, 1, by, text, rendered, now)
    post.submission_key = submission_key
    session.add(post)
    session.flush()
    board.thread_count = Board.thread_count + 1
    session.add(Follow(thread_id=thread.id, account_id=by.id, since=now))
    tag_thread(session, thread, names or ([] if history else list(rendered.tags[:MOST_TAGS])))
    if not history:
        session.add(index_thread(thread.id, now))
        if rendered.mentions:
            session.add(news("post", post.id, thread.id, now, names=names_in(rendered.mentions)))
        seek_help(session, thread, now)
    session.flush()
    review_soon(session, [by.id], now)
    return thread


def _already_made(session: Session, by: Account, submission_key: str) -> Thread | None:
    return session.scalar(
        select(Thread).join(Post).where(Post.author_id == by.id, Post.submission_key == submission_key)
    )


def _open_thread(
    session: Session, board: Board, by: Account, title: str, language: str | None, now: datetime
) -> Thread:
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
    session.flush()  # its post needs its id
    return thread
