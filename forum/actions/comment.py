"""Comment: a short note under a post."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.give_points import review_soon
from forum.actions.spread_news import names_in
from forum.kernel.errors import Conflict
from forum.kernel.messages import Message
from forum.markup.port import Markup
from forum.outbox.making import news
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.threads.post import Comment, Post
from forum.threads.private_boards import require_readable
from forum.threads.thread import Thread
from forum.threads.writing import LONGEST_COMMENT, clean_text


def comment(
    session: Session,
    thread: Thread,
    post: Post,
    by: Account,
    *,
    text: str,
    submission_key: str | None = None,
    history: bool = False,
    markup: Markup,
    now: datetime,
) -> Comment:
    """`history`: it was written in another community long ago, so nobody is told."""
    require(by, Act.COMMENT)
    require_readable(session, thread, by)
    if submission_key:
        made = select(Comment).where(Comment.author_id == by.id, Comment.submission_key == submission_key)
        if (standing := session.scalar(made)) is not None:
            return standing
    if thread.locked_at is not None:
        raise Conflict(Message("This thread is locked."))
    text = clean_text(text, "text", LONGEST_COMMENT)
    rendered = markup.render(text)
    note = Comment(
        post_id=post.id,
        author_id=by.id,
        text=text,
        html=rendered.html,
        submission_key=submission_key,
        created_at=now,
    )
    session.add(note)
    session.flush()
    if not history:
        session.add(news("comment", note.id, thread.id, now, names=names_in(rendered.mentions)))
        session.flush()
    review_soon(session, [by.id], now)
    return note
