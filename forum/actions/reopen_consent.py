"""The author changed an accepted answer: who accepted it hears of it, and what has not gone out yet waits for approval again.

Their consent was to what it said then. Mended typing asks nobody; many small edits that add up to a change do.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.hold_replies import hold_replies
from forum.actions.tell import About, tell
from forum.actions.withdraw_acceptance import standing_acceptance
from forum.moderation.log import LogEntry
from forum.notices.events import ANSWER_EDITED
from forum.notices.notice import Notice
from forum.people.account import Account
from forum.people.permissions import Act
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post, Revision
from forum.threads.small_edit import is_small_edit
from forum.threads.thread import Thread


def reopen_consent(
    session: Session,
    thread: Thread,
    post: Post,
    revision: Revision,
    summary_before: str | None,
    by: Account,
    now: datetime,
) -> None:
    """For the edit that `revision` came from. Only of the accepted answer, and only where its author made it."""
    acceptance = standing_acceptance(session, thread)
    if acceptance is None or acceptance.post_id != post.id or post.author_id != by.id:
        return
    agreed = _agreed_text(session, acceptance, revision)
    if is_small_edit(agreed, post.text) and is_small_edit(summary_before or "", post.summary or ""):
        return
    asker = thread.author_id or acceptance.accepted_by_id
    about = About(f"acceptance:{acceptance.id}:edited:{revision.number}", thread.id, post.id, by.id)
    tell(session, asker, ANSWER_EDITED, about, now)
    held = [] if by.is_staff else hold_replies(session, acceptance, str(revision.id), now)
    details = {"acceptance": acceptance.id, "revision": revision.number, "held": held}
    session.add(LogEntry(act=Act.EDIT_OWN_POST, about=f"post:{post.id}", by_id=by.id, at=now, details=details))
    session.flush()


def _agreed_text(session: Session, acceptance: Acceptance, revision: Revision) -> str:
    """What the answer said when it was accepted, or when its change was told last."""
    told = session.scalars(
        select(Notice.key)
        .where(Notice.post_id == acceptance.post_id, Notice.event == ANSWER_EDITED.name)
        .where(Notice.key.startswith(f"acceptance:{acceptance.id}:edited:"))
    )
    last_told = max((int(key.rpartition(":")[2]) for key in told), default=-1)
    first_since = (
        select(Revision.text)
        .where(Revision.post_id == acceptance.post_id, Revision.edited_at >= acceptance.accepted_at)
        .where(Revision.number > last_told)
        .order_by(Revision.number)
        .limit(1)
    )
    return session.scalar(first_since) or revision.text
