"""Measures members by what they solved. A solution is a reply that stands accepted by somebody else in somebody else's thread."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from forum.actions.measure_tally import Tally
from forum.kernel.database import numbers
from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.people.account import Account
from forum.people.roles import STAFF
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post
from forum.threads.thread import Kind, SameProblem, Thread, ThreadTag

SOLUTIONS = frozenset(
    {
        *("solutions", "net_solutions", "mod_accepted", "threads_accepted_by_asker", "social_solutions", "reversals"),
        *("solved_first_reply", "quick_solutions", "late_solutions", "earlier_solutions"),
        *("boards", "languages", "networks"),
    }
)
QUICK, LATE = timedelta(hours=1), timedelta(days=30)

# A reply that everybody can read to a question that somebody else asked.
IS_ANSWER = and_(
    Post.number > 1,
    Post.hidden_at.is_(None),
    Thread.hidden_at.is_(None),
    Thread.kind == Kind.QUESTION,
    or_(Thread.author_id.is_(None), Thread.author_id != Post.author_id),
)


def tally_solutions(session: Session, members: list[int] | None, tally: Tally) -> None:
    """One row for each acceptance, also a withdrawn one."""
    first = first_replies(members).subquery()
    found = _accepted(
        select(
            Post.author_id.label("member"),
            Acceptance.accepted_at,
            Acceptance.withdrawn_at,
            (Acceptance.accepted_by_id == Thread.author_id).label("by_asker"),
            Account.role.in_(STAFF).label("by_staff"),
            (Post.number == first.c.number).label("is_first"),
            Post.created_at.label("answered_at"),
            Thread.created_at.label("asked_at"),
            Thread.origin_network.label("network"),
            Thread.board_id.label("board"),
            Thread.language,
        ),
        members,
    )
    found = found.join(Account, Account.id == Acceptance.accepted_by_id)
    earlier = tally.windows.start(180), tally.windows.start(90)
    for row in session.execute(found.outerjoin(first, first.c.thread_id == Post.thread_id)):
        place = tally.place(row.accepted_at)
        tally.add("net_solutions", row.member, place)
        if row.withdrawn_at is None:
            _tally_solution(tally, row, place)
            if earlier[0] <= row.accepted_at < earlier[1]:
                tally.add("earlier_solutions", row.member, place)
        else:
            withdrawn = tally.place(row.withdrawn_at)
            tally.add("net_solutions", row.member, withdrawn, -1)
            tally.add("reversals", row.member, withdrawn)


def _tally_solution(tally: Tally, row: Row[*tuple[Any, ...]], place: int) -> None:
    took = row.answered_at - row.asked_at
    said = {
        "solutions": True,
        "mod_accepted": row.by_staff and not row.by_asker,
        "threads_accepted_by_asker": row.by_asker,
        "social_solutions": row.network is not None,
        "solved_first_reply": row.is_first,
        "quick_solutions": took <= QUICK,
        "late_solutions": took >= LATE,
    }
    for metric, holds in said.items():
        if holds:
            tally.add(metric, row.member, place)
    things = {"boards": row.board, "languages": (row.language or "").split("-")[0], "networks": row.network}
    for metric, thing in things.items():
        if thing:
            tally.see(metric, row.member, thing, place)


def tally_tags(session: Session, members: list[int] | None, tally: Tally) -> None:
    place = tally.windows.place_in_sql(Acceptance.accepted_at).label("place")
    found = _standing(select(Post.author_id, ThreadTag.tag_id, func.min(place)), members)
    found = found.join(ThreadTag, ThreadTag.thread_id == Thread.id).group_by(Post.author_id, ThreadTag.tag_id)
    for member, tag, narrowest in session.execute(found):
        tally.see("tags_solved", member, tag, narrowest)


def tally_people_helped(session: Session, members: list[int] | None, tally: Tally) -> None:
    """Members who asked here, and people who asked on a network; those who had the same problem were reached, too."""
    place = func.min(tally.windows.place_in_sql(Acceptance.accepted_at))
    here = _standing(select(Post.author_id, Thread.author_id, place), members).where(Thread.author_id.is_not(None))
    for member, asker, narrowest in session.execute(here.group_by(Post.author_id, Thread.author_id)):
        tally.see("people_helped", member, asker, narrowest)
        tally.see("people_reached", member, asker, narrowest)
    there = _standing(select(Post.author_id, Connection.kind, Mention.author_id, place), members)
    there = there.join(Mention, and_(Mention.thread_id == Thread.id, Mention.opens_thread)).join(
        Connection, Connection.id == Mention.connection_id
    )
    for member, kind, author, narrowest in session.execute(
        there.group_by(Post.author_id, Connection.kind, Mention.author_id)
    ):
        tally.see("people_helped", member, (kind, author), narrowest)
        tally.see("people_reached", member, (kind, author), narrowest)
    same = _standing(select(Post.author_id, SameProblem.account_id, place), members)
    same = same.join(SameProblem, SameProblem.thread_id == Thread.id)
    for member, sufferer, narrowest in session.execute(same.group_by(Post.author_id, SameProblem.account_id)):
        if sufferer != member:
            tally.see("people_reached", member, sufferer, narrowest)


def tally_questions_accepted(session: Session, members: list[int] | None, tally: Tally) -> None:
    """The other side of a solution: the asker who said that it is one."""
    place = tally.windows.place_in_sql(Acceptance.accepted_at).label("place")
    found = _standing(select(Thread.author_id, place, func.count()), None)
    found = found.where(Acceptance.accepted_by_id == Thread.author_id, one_of(Thread.author_id, members))
    for member, narrowest, count in session.execute(found.group_by(Thread.author_id, "place")):
        tally.add("questions_accepted", member, narrowest, count)


def first_replies(members: list[int] | None) -> Select[*tuple[Any, ...]]:
    """Thread and number of each first reply by anybody but the asker, of threads in which one of `members` wrote."""
    found = (
        select(Post.thread_id, func.min(Post.number).label("number"))
        .join(Thread, Thread.id == Post.thread_id)
        .where(
            Post.number > 1,
            Post.hidden_at.is_(None),
            Post.origin_author.is_(None),
            or_(Thread.author_id.is_(None), Post.author_id.is_(None), Thread.author_id != Post.author_id),
        )
        .group_by(Post.thread_id)
    )
    if members is not None:
        found = found.where(Post.thread_id.in_(select(Post.thread_id).where(Post.author_id.in_(numbers(members)))))
    return found


def one_of(column: Any, members: list[int] | None) -> ColumnElement[bool]:
    """Whether the column names one of `members`, or where they are all meant, anybody."""
    said: ColumnElement[bool] = column.is_not(None) if members is None else column.in_(numbers(members))
    return said


def _accepted(columns: Select[*tuple[Any, ...]], members: list[int] | None) -> Select[*tuple[Any, ...]]:
    """Acceptances, standing or withdrawn, of their answers by others."""
    return (
        columns.select_from(Acceptance)
        .join(Post, Post.id == Acceptance.post_id)
        .join(Thread, Thread.id == Post.thread_id)
        .where(IS_ANSWER, Acceptance.accepted_by_id != Post.author_id, one_of(Post.author_id, members))
    )


def _standing(columns: Select[*tuple[Any, ...]], members: list[int] | None) -> Select[*tuple[Any, ...]]:
    return _accepted(columns, members).where(Acceptance.withdrawn_at.is_(None))
