"""Import a vote of another community: it counts for the post and its author, never for a giver, whom nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from forum.actions.give_points import Earning, give_points
from forum.superfans.causes import IMPORTED_KUDOS, Trust
from forum.threads.imported import ImportedVote
from forum.threads.post import Post
from forum.threads.thread import Thread


def import_vote(
    session: Session, thread: Thread, post: Post, *, source: str, remote_id: str, up: bool, at: datetime
) -> ImportedVote:
    """One row for each vote of `source`, unique in the database. A vote down is counted on the post and nowhere else.

    Who may import is for the operator at the command line to know. The kudos of nobody known weigh as a newcomer's.
    """
    vote = ImportedVote(source=source, remote_id=remote_id, post_id=post.id, up=up, at=at)
    session.add(vote)
    session.flush()
    if not up:
        _count(session, Post, post.id, {"down_count": Post.down_count + 1})
        return vote
    _count(session, Post, post.id, {"kudos_count": Post.kudos_count + 1})
    _count(session, Thread, thread.id, {"kudos_count": Thread.kudos_count + 1})
    if post.author_id is not None and post.number > 1:
        give_points(session, IMPORTED_KUDOS, vote.id, Earning(post.author_id, thread, at, trust=Trust.NEWCOMER))
    return vote


def _count(session: Session, model: type[Post] | type[Thread], row_id: int, more: Mapping[str, Any]) -> None:
    """In the database alone, since an import has thousands of them; whoever reads the row later reads it anew."""
    session.execute(
        update(model).where(model.id == row_id).values(more).execution_options(synchronize_session=False)
    )
