"""What stands beside the estimate and is no deflection: self-service, how many questions are solved and how soon, by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from forum.ledger.contact import Contact, ContactFile, FileState
from forum.ledger.reader_week import MonthViews
from forum.reports.deflection_scope import Scope
from forum.reports.deflection_shape import Beside
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post
from forum.threads.thread import Kind, Thread


def read_beside(session: Session, scope: Scope, zone: tzinfo) -> Beside:
    """Of the scope's months, the whole community; six queries, four on PostgreSQL."""
    begins, ends = scope.first.begins(zone), scope.last.ends(zone)
    questions = _questions(session, begins, ends)
    accepted, by_members = session.execute(
        select(func.count(), func.sum(case((Post.by_staff, 0), else_=1)))
        .select_from(Acceptance)
        .join(Post, Post.id == Acceptance.post_id)
        .where(Acceptance.accepted_at >= begins, Acceptance.accepted_at < ends, Acceptance.withdrawn_at.is_(None))
    ).one()
    return Beside(
        solved_views=_views(session, scope),
        contacts=_contacts(session, begins, ends),
        questions=questions.count,
        questions_solved=questions.solved,
        first_answer_minutes=questions.first_answer_minutes,
        solution_minutes=questions.solution_minutes,
        accepted=accepted,
        accepted_by_members=int(by_members or 0),
    )


def minutes_between(session: Session, first: Any, last: Any) -> ColumnElement[Any]:
    if session.get_bind().dialect.name == "postgresql":
        return func.extract("epoch", last - first) / 60.0
    return (func.julianday(last) - func.julianday(first)) * 1440.0


def median_of(session: Session, query: Any) -> dict[Any, float]:
    """Of a query with the columns `part` and `minutes`, the median of each part."""
    values = query.subquery()
    within = {"partition_by": values.c.part}
    ranked = select(
        values.c.part,
        values.c.minutes,
        func.row_number().over(order_by=values.c.minutes, **within).label("place"),
        func.count().over(**within).label("of"),
    ).subquery()
    middle = and_(ranked.c.place * 2 >= ranked.c.of, ranked.c.place * 2 <= ranked.c.of + 2)
    rows = session.execute(select(ranked.c.part, func.avg(ranked.c.minutes)).where(middle).group_by(ranked.c.part))
    return {part: round(float(minutes), 1) for part, minutes in rows}


def _asked(begins: datetime, ends: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Thread.kind == Kind.QUESTION, Thread.hidden_at.is_(None), Thread.created_at >= begins, Thread.created_at < ends,
    )  # fmt: skip


@dataclass(frozen=True)
class _Questions:
    count: int
    solved: int
    first_answer_minutes: float | None
    solution_minutes: float | None


def _questions(session: Session, begins: datetime, ends: datetime) -> _Questions:
    """PostgreSQL knows medians itself, of several columns in one look at the threads."""
    counts, asked = (func.count(), func.count(Thread.solved_at)), _asked(begins, ends)
    times: tuple[Any, ...] = (Thread.first_reply_at, Thread.solved_at)
    if session.get_bind().dialect.name != "postgresql":
        count, solved = session.execute(select(*counts).where(*asked)).one()
        return _Questions(count, solved, *(_median(session, until, begins, ends) for until in times))
    medians = (
        func.percentile_cont(0.5).within_group(minutes_between(session, Thread.created_at, until)) for until in times
    )
    count, solved, *minutes = session.execute(select(*counts, *medians).where(*asked)).one()
    first, last = (None if median is None else round(float(median), 1) for median in minutes)
    return _Questions(count, solved, first, last)


def _median(session: Session, until: Any, begins: datetime, ends: datetime) -> float | None:
    minutes = minutes_between(session, Thread.created_at, until).label("minutes")
    query = select(Thread.kind.label("part"), minutes).where(*_asked(begins, ends), until.is_not(None))
    return median_of(session, query).get(Kind.QUESTION)


def _views(session: Session, scope: Scope) -> int:
    """Only threads that were solved when they were opened are counted there."""
    months = MonthViews.month >= scope.first.first, MonthViews.month <= scope.last.first
    return int(session.scalar(select(func.sum(MonthViews.views)).where(*months)) or 0)


def _contacts(session: Session, begins: datetime, ends: datetime) -> int:
    withdrawn = select(ContactFile.id).where(ContactFile.state == FileState.WITHDRAWN)
    return (
        session.scalar(
            select(func.count())
            .select_from(Contact)
            .where(Contact.happened_at >= begins, Contact.happened_at < ends, Contact.file_id.not_in(withdrawn))
        )
        or 0
    )
