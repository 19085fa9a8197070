"""Tell an author of kudos: as long as nobody has read it, further thanks for the post go into the same notice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from forum.actions.tell import About, tell
from forum.kernel.database import lock
from forum.notices.events import THANKED
from forum.notices.notice import Notice
from forum.people.account import Account
from forum.threads.post import Kudos, Post


def tell_thanks(session: Session, post: Post, kudos: Kudos, now: datetime) -> None:
    """The caller holds the post. Who thanks again after taking it back is not news."""
    if post.author_id is None or _thanked_before(session, kudos):
        return
    author = session.get_one(Account, post.author_id)
    lock(session, author)
    if (notice := _unread(session, author, post)) is None:
        about = About(f"kudos:{kudos.id}", post.thread_id, post.id, kudos.giver_id, {"count": 1, "first": kudos.id})
        tell(session, author.id, THANKED, about, now)
        return
    notice.details = {**notice.details, "count": notice.details.get("count", 1) + 1}
    notice.by_id, notice.made_at = kudos.giver_id, now
    session.flush()


def take_thanks_back(session: Session, post: Post, kudos: Kudos, now: datetime) -> None:
    """The caller holds the post and has noted that the kudos are taken back; what was read stays.

    A notice of which nothing is left stands nowhere any more, and no mail speaks of it.
    """
    if post.author_id is None or _thanked_before(session, kudos):
        return
    author = session.get_one(Account, post.author_id)
    lock(session, author)
    notice = _unread(session, author, post)
    if notice is None or kudos.id < notice.details.get("first", 0):
        return
    left = notice.details.get("count", 1) - 1
    if left > 0:
        notice.details = {**notice.details, "count": left}
        notice.by_id = _latest_giver(session, post)
    else:
        notice.details = {**notice.details, "count": 0}
        notice.in_page, notice.read_at = False, now
        fewer = update(Account).where(Account.id == author.id, Account.unread_notices > 0)
        session.execute(fewer.values(unread_notices=Account.unread_notices - 1))
    session.flush()


def _thanked_before(session: Session, kudos: Kudos) -> bool:
    earlier = exists().where(Kudos.post_id == kudos.post_id, Kudos.giver_id == kudos.giver_id, Kudos.id < kudos.id)
    return bool(session.scalar(select(earlier)))


def _unread(session: Session, author: Account, post: Post) -> Notice | None:
    return session.scalar(
        select(Notice)
        .where(Notice.account_id == author.id, Notice.post_id == post.id, Notice.read_at.is_(None))
        .where(Notice.event == THANKED.name)
        .order_by(Notice.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def _latest_giver(session: Session, post: Post) -> int | None:
    standing = select(Kudos.giver_id).where(Kudos.post_id == post.id, Kudos.taken_back_at.is_(None))
    return session.scalar(standing.order_by(Kudos.id.desc()).limit(1))
