"""Measures members by what they wrote: answers, questions, comments, edits, and on which days and in which weeks."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import Session

from forum.actions.measure_solutions import IS_ANSWER, first_replies, one_of
from forum.actions.measure_tally import Tally
from forum.actions.measure_thanks import kudos_by_post
from forum.threads.acceptance import Acceptance
from forum.threads.post import Comment, Post, Revision
from forum.threads.thread import Kind, Thread

POSTS = frozenset(
    {
        *("answers", "questions", "active_days", "first_replies", "median_first_response_minutes", "acceptance_rate"),
        *("kudos_per_answer", "most_kudos", "streak_weeks", "longest_streak_weeks", "days_since_last_answer"),
    }
)
MICROSECOND = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1) // MICROSECOND
_ONE_BY_ONE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # kana and han, written without spaces
_WORD = re.compile(rf"[{_ONE_BY_ONE}]|[^\W{_ONE_BY_ONE}]+")


@dataclass
class AnswerDays:
    """The days, in the company's zone, on which each member answered."""

    by_member: dict[int, set[date]] = field(default_factory=lambda: defaultdict(set))

    def since_last(self, member: int, today: date) -> int | None:
        days = self.by_member.get(member)
        return max((today - max(days)).days, 0) if days else None

    def streak(self, member: int, today: date) -> int:
        """Weeks from Monday, up to this one; a week that is not over yet breaks nothing."""
        weeks = self._weeks(member)
        week = _week(today)
        if week not in weeks:
            week -= 1
        length = 0
        while week - length in weeks:
            length += 1
        return length

    def longest_streak(self, member: int) -> int:
        longest = length = 0
        weeks = self._weeks(member)
        for week in sorted(weeks):
            length = length + 1 if week - 1 in weeks else 1
            longest = max(longest, length)
        return longest

    def _weeks(self, member: int) -> set[int]:
        return {_week(day) for day in self.by_member.get(member, ())}


def tally_posts(session: Session, members: list[int] | None, tally: Tally) -> AnswerDays:
    """One row for each post that everybody can read."""
    first, kudos = first_replies(members).subquery(), kudos_by_post(members).subquery()
    accepted = and_(
        Acceptance.post_id == Post.id,
        Acceptance.withdrawn_at.is_(None),
        Acceptance.accepted_by_id != Post.author_id,
    )
    found = (
        _readable(
            select(
                Post.author_id.label("member"),
                Post.number,
                Post.created_at,
                IS_ANSWER.label("is_answer"),
                Thread.kind,
                Thread.created_at.label("asked_at"),
                (Post.number == first.c.number).label("is_first"),
                Acceptance.id.is_not(None).label("is_solution"),
                func.coalesce(kudos.c.kudos, 0).label("kudos"),
            ).select_from(Post),
            members,
        )
        .outerjoin(first, first.c.thread_id == Post.thread_id)
        .outerjoin(kudos, kudos.c.post_id == Post.id)
        .outerjoin(Acceptance, accepted)
    )
    days = AnswerDays()
    for row in session.execute(found):
        _tally_post(tally, days, row)
    return days


def _tally_post(tally: Tally, days: AnswerDays, row: Row[*tuple[Any, ...]]) -> None:
    place = tally.place(row.created_at)
    day = row.created_at.astimezone(tally.windows.zone).date()
    tally.see("active_days", row.member, day, place)
    if row.number == 1 and row.kind == Kind.QUESTION:
        tally.add("questions", row.member, place)
    if not row.is_answer:
        return
    days.by_member[row.member].add(day)
    tally.add("answers", row.member, place)
    tally.add(ACCEPTED, row.member, place, int(row.is_solution))
    tally.add(KUDOS, row.member, place, row.kudos)
    if row.is_first:
        took = max((row.created_at - row.asked_at) // MICROSECOND, 0)  # whole numbers, which have an exact median
        tally.add("first_replies", row.member, place)
        tally.note("median_first_response_minutes", row.member, took, place)


ACCEPTED, KUDOS, WORDS = "answers accepted", "kudos of answers", "words of answers"  # counted for the ratios alone


def tally_words(session: Session, members: list[int] | None, tally: Tally) -> None:
    """Reads the texts of all answers, a thousand at a time."""
    found = _readable(select(Post.author_id, Post.created_at, Post.plain), members).where(IS_ANSWER)
    for member, at, plain in session.execute(found.execution_options(yield_per=1000)):
        tally.add(WORDS, member, tally.place(at), words_in(plain))


def words_in(plain: str) -> int:
    """Runs of letters and digits; in Chinese and Japanese, which part no words, the characters."""
    return len(_WORD.findall(plain))


def tally_comments(session: Session, members: list[int] | None, tally: Tally) -> None:
    found = (
        select(Comment.author_id, Comment.created_at)
        .join(Post, Post.id == Comment.post_id)
        .join(Thread, Thread.id == Post.thread_id)
        .where(Comment.hidden_at.is_(None), Post.hidden_at.is_(None), Thread.hidden_at.is_(None))
        .where(one_of(Comment.author_id, members))
    )
    for member, at in session.execute(found):
        place = tally.place(at)
        tally.add("comments", member, place)
        tally.see("active_days", member, at.astimezone(tally.windows.zone).date(), place)


def tally_edits(session: Session, members: list[int] | None, tally: Tally) -> None:
    last = func.min(tally.windows.place_in_sql(Revision.edited_at))
    found = (
        select(Revision.edited_by_id, Revision.post_id, last)
        .join(Post, Post.id == Revision.post_id)
        .join(Thread, Thread.id == Post.thread_id)
        .where(Post.hidden_at.is_(None), Thread.hidden_at.is_(None), one_of(Revision.edited_by_id, members))
        .group_by(Revision.edited_by_id, Revision.post_id)
    )
    for member, _post, place in session.execute(found):
        tally.add("edits", member, place)


def _readable(columns: Select[*tuple[Any, ...]], members: list[int] | None) -> Select[*tuple[Any, ...]]:
    return columns.join(Thread, Thread.id == Post.thread_id).where(
        Post.hidden_at.is_(None), Thread.hidden_at.is_(None), one_of(Post.author_id, members)
    )


def _week(day: date) -> int:
    """Weeks from Monday, counted."""
    return (day.toordinal() - 1) // 7
