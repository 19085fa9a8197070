"""Answer: add a reply to a thread."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.answer_help_request import note_answered
from forum.actions.give_points import review_soon
from forum.actions.learn_expertise import learn_soon
from forum.actions.spread_news import names_in
from forum.kernel.database import lock
from forum.kernel.errors import Conflict
from forum.kernel.messages import Message
from forum.markup.port import Markup
from forum.outbox.making import index_thread, news
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.threads.post import Post
from forum.threads.private_boards import require_readable
from forum.threads.thread import Follow, Thread
from forum.threads.writing import clean_summary, clean_text


def answer(
    session: Session,
    thread: Thread,
    by: Account,
    *,
    text: str,
    summary: str = "",
    submission_key: str | None = None,
    history: bool = False,
    markup: Markup,
    now: datetime,
) -> Post:
    """The same `submission_key` twice gives the post of the first time. `summary` is the answer in short, for networks.

    `history`: it happened in another community long ago; whoever imports it has it indexed once all of it is here.
    """
    require(by, Act.ANSWER)
    require_readable(session, thread, by)
    if submission_key and (made := _already_made(session, by, submission_key)):
        return made
    if thread.locked_at is not None:
        raise Conflict(Message("This thread is locked."))
    text, short = clean_text(text), clean_summary(summary)
    rendered = markup.render(text)
    lock(session, thread)
    post = Post.written(thread, thread.post_count + 1, by, text, rendered, now)
    post.summary, post.submission_key = short, submission_key
    session.add(post)
    add_reply(thread, post)
    follow_on_writing(session, thread, by, now)
    session.flush()
    if not history:
        session.add(index_thread(thread.id, now))
        session.add(news("post", post.id, thread.id, now, names=names_in(rendered.mentions)))
        note_answered(session, thread.id, by, now)
    learn_soon(session, [by.id], now)
    review_soon(session, [by.id], now)
    session.flush()
    return post


def add_reply(thread: Thread, post: Post) -> None:
    """Count `post` on its thread; replies that came from a network are counted the same way."""
    thread.post_count = post.number
    thread.reply_count += 1
    thread.last_post_at = max(thread.last_post_at, post.created_at)
    by_asker = post.author_id is not None and post.author_id == thread.author_id
    if thread.first_reply_at is None and not by_asker and post.origin_author is None:
        thread.first_reply_at = post.created_at


def follow_on_writing(session: Session, thread: Thread, by: Account, now: datetime) -> None:
    """Whoever writes in a thread follows it from then on."""
    follows = select(Follow.id).where(Follow.thread_id == thread.id, Follow.account_id == by.id)
    if session.scalar(follows) is None:
        session.add(Follow(thread_id=thread.id, account_id=by.id, since=now))


def _already_made(session: Session, by: Account, submission_key: str) -> Post | None:
    return session.scalar(select(Post).where(Post.author_id == by.id, Post.submission_key == submission_key))
