"""Give a community its first ranks, badges and terms: once, where there never were any. What an admin retired stays retired."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, literal, select, union
from sqlalchemy.orm import Session

from forum.kernel.database import take_turns
from forum.superfans.badge import Badge
from forum.superfans.grant import ProgrammeTerms
from forum.superfans.rank import QUIETLY, Rank, ReviewDue
from forum.superfans.shipped_badges import BADGES
from forum.superfans.shipped_ranks import RANKS
from forum.superfans.shipped_terms import TERMS
from forum.threads.post import Comment, Post


def ship_ranks(session: Session, now: datetime) -> tuple[int, int, int]:
    """How many ranks, badges and terms were added; nothing where there are some, or were. The caller commits."""
    take_turns(session, "ranks")
    return (
        0 if _any(session, Rank) else _ship_ranks(session, now),
        0 if _any(session, Badge) else _ship_badges(session, now),
        0 if _any(session, ProgrammeTerms) else _ship_terms(session, now),
    )


def _any(session: Session, kind: type[Rank | Badge | ProgrammeTerms]) -> bool:
    return session.scalar(select(kind.id).limit(1)) is not None


def _ship_ranks(session: Session, now: datetime) -> int:
    session.add_all(
        Rank(
            name=one.name, position=place, formula=one.formula, titles=dict(one.titles), icon=one.icon,
            colour=one.colour, rights=[str(right) for right in one.rights], grace_days=one.grace_days, made_at=now,
            changed_at=now,
        )
        for place, one in enumerate(RANKS, start=1)
    )  # fmt: skip
    session.flush()
    _review_everybody(session, now)
    return len(RANKS)


def _review_everybody(session: Session, now: datetime) -> None:
    """Whoever wrote anything in an older community gets the rank that it earns, and no mail about it."""
    waiting = select(ReviewDue.account_id)
    wrote = union(
        select(Post.author_id).where(Post.author_id.is_not(None), Post.author_id.not_in(waiting)),
        select(Comment.author_id).where(Comment.author_id.not_in(waiting)),
    ).subquery()
    marked = select(wrote.c.author_id, literal(now, type_=ReviewDue.since.type), literal(QUIETLY))
    session.execute(insert(ReviewDue).from_select(["account_id", "since", "mark"], marked))


def _ship_badges(session: Session, now: datetime) -> int:
    session.add_all(
        Badge(
            name=one.name, formula=one.formula, titles=dict(one.titles), descriptions=dict(one.descriptions),
            icon=one.icon, colour=one.colour, repeats=one.repeats, hidden=one.hidden, made_at=now, changed_at=now,
        )
        for one in BADGES
    )  # fmt: skip
    session.flush()
    return len(BADGES)


def _ship_terms(session: Session, now: datetime) -> int:
    session.add(ProgrammeTerms(texts=dict(TERMS), made_by_id=None, made_at=now))
    session.flush()
    return 1
