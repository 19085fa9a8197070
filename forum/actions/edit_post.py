"""Edit a post; what it said before is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.actions.give_points import review_soon
from forum.actions.reopen_consent import reopen_consent
from forum.actions.spread_news import names_in
from forum.kernel.database import lock
from forum.kernel.ids import slug
from forum.markup.port import Markup, Rendered
from forum.moderation.log import LogEntry
from forum.outbox.making import index_thread, news
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.threads.post import Post, Revision
from forum.threads.private_boards import require_readable
from forum.threads.thread import Thread
from forum.threads.writing import clean_summary, clean_text, clean_title


def edit_post(
    session: Session,
    thread: Thread,
    post: Post,
    by: Account,
    *,
    text: str,
    title: str | None = None,
    summary: str | None = None,
    markup: Markup,
    now: datetime,
) -> None:
    """`title` counts on the first post alone. Nothing changes, and no history grows, where nothing was changed."""
    require(by, Act.EDIT_OWN_POST if post.author_id == by.id else Act.EDIT_ANY_POST)
    require_readable(session, thread, by)
    text = clean_text(text)
    new_title = clean_title(title) if title is not None and post.number == 1 else thread.title
    short = post.summary if summary is None else clean_summary(summary)
    if (text, new_title, short) == (post.text, thread.title, post.summary):
        return
    lock(session, post)
    revision = _keep_what_it_said(session, thread, post, by, now)
    rendered, summary_before = markup.render(text), post.summary
    post.text, post.html, post.plain, post.summary, post.edited_at = text, rendered.html, rendered.plain, short, now
    if new_title != thread.title:
        thread.title, thread.slug = new_title, slug(new_title)
    if post.author_id != by.id:
        session.add(LogEntry(act=Act.EDIT_ANY_POST, about=f"post:{post.id}", by_id=by.id, at=now, details={}))
    session.add(index_thread(thread.id, now))
    session.flush()
    if names := _names_added(revision, rendered, markup):
        session.add(news("edit", revision.id, thread.id, now, post=post.id, names=names))
        session.flush()
    reopen_consent(session, thread, post, revision, summary_before, by, now)
    review_soon(session, [by.id], now)


def _keep_what_it_said(session: Session, thread: Thread, post: Post, by: Account, now: datetime) -> Revision:
    revision = Revision(
        post_id=post.id,
        number=session.scalar(select(func.count()).where(Revision.post_id == post.id)) or 0,
        text=post.text,
        title=thread.title if post.number == 1 else None,
        edited_by_id=by.id,
        edited_at=now,
    )
    session.add(revision)
    return revision


def _names_added(revision: Revision, rendered: Rendered, markup: Markup) -> list[str]:
    """Who was named before is not told again."""
    if not rendered.mentions:
        return []
    return names_in(set(rendered.mentions) - set(markup.render(revision.text).mentions))
