"""Import a vote of another community: it counts for the post and its author, never for a giver, whom nobody knows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from forum.actions.give_points import Earning, give_points
from forum.kernel.base import Base
from forum.superfans.causes import IMPORTED_KUDOS, Trust
from forum.threads.imported import ImportedVote
from forum.threads.post import Post
from forum.threads.thread import Thread

# In the database alone, since an import has thousands of them; whoever locks the row later reads it anew.
_posts, _threads = Base.metadata.tables["posts"], Base.metadata.tables["threads"]
_POST_UP = update(_posts).where(_posts.c.id == bindparam("row_number")).values(kudos_count=_posts.c.kudos_count + 1)
_POST_DOWN = update(_posts).where(_posts.c.id == bindparam("row_number")).values(down_count=_posts.c.down_count + 1)
_THREAD_UP = (
    update(_threads).where(_threads.c.id == bindparam("row_number")).values(kudos_count=_threads.c.kudos_count + 1)
)


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
        session.execute(_POST_DOWN, {"row_number": post.id})
        return vote
    session.execute(_POST_UP, {"row_number": post.id})
    session.execute(_THREAD_UP, {"row_number": thread.id})
    if post.author_id is not None and post.number > 1:
        give_points(session, IMPORTED_KUDOS, vote.id, Earning(post.author_id, thread, at, trust=Trust.NEWCOMER))
    return vote
