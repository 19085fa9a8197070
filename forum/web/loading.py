"""Loads the thing that an address names, or says that there is none."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from forum.kernel.errors import NotAllowed, NotFound
from forum.kernel.messages import Message
from forum.people.account import Account
from forum.people.names import key_of
from forum.threads.post import Post
from forum.threads.private_boards import require_readable
from forum.threads.thread import Thread
from forum.web.context import session, viewer


def the_thread(thread_id: int) -> Thread:
    """One that the viewer may read."""
    thread = session().get(Thread, thread_id)
    if thread is None or thread.hidden_at is not None:
        raise NotFound(Message("There is no such thread."))
    require_readable(session(), thread, viewer())
    return thread


def the_post(post_id: int) -> Post:
    """The post with its thread loaded, where the viewer may read it."""
    post = session().get(Post, post_id, options=[selectinload(Post.thread)])
    if post is None or post.hidden_at is not None or post.thread.hidden_at is not None:
        raise NotFound(Message("There is no such post."))
    require_readable(session(), post.thread, viewer())
    return post


def the_person(name: str) -> Account:
    """The member whom an address names, however the name is written there; who has left has no page."""
    person = session().scalar(select(Account).where(Account.name_key == key_of(name), Account.closed_at.is_(None)))
    if person is None:
        raise NotFound(Message("Nobody here has this name."))
    return person


def the_viewer() -> Account:
    """The signed-in account; routes that call this stand behind `needs`."""
    account = viewer()
    if account is None:
        raise NotAllowed(Message("Please sign in first."))
    return account
