"""A member's profile: what others may know, what they solved, what they wrote last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.people.account import Account
from forum.reports.thread_lists import ThreadRow, Wanted, list_threads, threads_by_id
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post

SHOWN = 8


@dataclass(frozen=True)
class PersonPage:
    account: Account
    kudos: int
    answers: int
    solved: Sequence[ThreadRow]  # the latest threads that their answer solved
    asked: Sequence[ThreadRow]
    networks: Sequence[str]  # where their answers went


def person_page(session: Session, name: str, now: datetime) -> PersonPage | None:
    """None where there is no such open account; six queries whatever the member wrote."""
    account = session.scalar(select(Account).where(Account.name_key == name.casefold(), Account.closed_at.is_(None)))
    if account is None:
        return None
    kudos, answers = session.execute(
        select(func.coalesce(func.sum(Post.kudos_count), 0), func.count()).where(
            Post.author_id == account.id, Post.number > 1, Post.hidden_at.is_(None)
        )
    ).one()
    solved = select(Acceptance.thread_id).join(Post, Post.id == Acceptance.post_id)
    solved = solved.where(Post.author_id == account.id, Acceptance.withdrawn_at.is_(None))
    ids = session.scalars(solved.order_by(Acceptance.accepted_at.desc()).limit(SHOWN)).all()
    rows = threads_by_id(session, ids, now)
    asked = list_threads(session, Wanted(author_id=account.id), now).rows[:SHOWN]
    networks = sorted({row.network for row in rows if row.network})
    return PersonPage(account, int(kudos), answers, rows, asked, networks)
