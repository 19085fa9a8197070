"""The metrics counted again, one member and one window at a time, in plain loops over every row. Slow and plain on purpose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import count
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.people.account import Account
from forum.superfans.points import PointEntry
from forum.threads.acceptance import Acceptance
from forum.threads.imported import ImportedVote
from forum.threads.post import Comment, Kudos, Post, Revision
from forum.threads.thread import SameProblem, Thread, ThreadTag

MICROSECOND = timedelta(microseconds=1)
STAFF_ROLES = {"agent", "moderator", "admin"}


class Everything:
    """Every row of the database, loaded once."""

    def __init__(self, session: Session) -> None:
        self.accounts = {one.id: one for one in session.scalars(select(Account))}
        self.threads = {one.id: one for one in session.scalars(select(Thread))}
        self.posts = {one.id: one for one in session.scalars(select(Post).order_by(Post.number))}
        self.connections = {one.id: one for one in session.scalars(select(Connection))}
        self.mentions = session.scalars(select(Mention)).all()
        self.acceptances = session.scalars(select(Acceptance)).all()
        self.kudos_of: dict[int, list[Kudos]] = {}
        for one in session.scalars(select(Kudos)):
            self.kudos_of.setdefault(one.post_id, []).append(one)
        self.votes_of: dict[int, list[ImportedVote]] = {}
        for vote in session.scalars(select(ImportedVote)):
            self.votes_of.setdefault(vote.post_id, []).append(vote)
        self.comments = session.scalars(select(Comment)).all()
        self.revisions = session.scalars(select(Revision)).all()
        self.same = {(one.thread_id, one.account_id) for one in session.scalars(select(SameProblem))}
        self.tags = session.scalars(select(ThreadTag)).all()
        self.points = session.scalars(select(PointEntry)).all()

    def shown(self, post: Post) -> bool:
        return post.hidden_at is None and self.threads[post.thread_id].hidden_at is None

    def is_answer(self, post: Post) -> bool:
        thread = self.threads[post.thread_id]
        own = thread.author_id is not None and thread.author_id == post.author_id
        return self.shown(post) and post.number > 1 and thread.kind == "question" and not own

    def is_first(self, post: Post) -> bool:
        return self.first_replies.get(post.thread_id) == post.id

    @cached_property
    def first_replies(self) -> dict[int, int]:
        """By thread. The posts come by their number, so the first that is met stays."""
        found: dict[int, int] = {}
        for post in self.posts.values():
            asker = self.threads[post.thread_id].author_id
            by_asker = post.origin_author is not None or (asker is not None and post.author_id == asker)
            if post.number > 1 and post.hidden_at is None and not by_asker:
                found.setdefault(post.thread_id, post.id)
        return found


@dataclass
class Recount:
    """What one member did in one window; `days` None is all time."""

    rows: Everything
    member: int
    days: int | None
    now: datetime
    zone: tzinfo

    def within(self, at: datetime) -> bool:
        return self.days is None or (self.today - at.astimezone(self.zone).date()).days < self.days

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @cached_property
    def mine(self) -> Sequence[Post]:
        return [post for post in self.rows.posts.values() if post.author_id == self.member and self.rows.shown(post)]

    @cached_property
    def accepted(self) -> Sequence[tuple[Acceptance, Post, Thread]]:
        """By somebody else, at any time, also those that were withdrawn."""
        found = [(one, self.rows.posts[one.post_id], self.rows.threads[one.thread_id]) for one in self.rows.acceptances]
        return [
            (one, post, thread)
            for one, post, thread in found
            if post.author_id == self.member and self.rows.is_answer(post) and one.accepted_by_id != self.member
        ]

    @cached_property
    def solved(self) -> Sequence[tuple[Acceptance, Post, Thread]]:
        return [row for row in self.accepted if row[0].withdrawn_at is None and self.within(row[0].accepted_at)]

    @cached_property
    def answered(self) -> Sequence[Post]:
        return [post for post in self.mine if self.rows.is_answer(post) and self.within(post.created_at)]

    def thanks(self, post: Post) -> Sequence[Kudos]:
        given = self.rows.kudos_of.get(post.id, [])
        return [one for one in given if not one.taken_back_at and not one.voided_at]

    def imported(self, post: Post) -> Sequence[ImportedVote]:
        return [one for one in self.rows.votes_of.get(post.id, []) if one.up]

    def solutions(self) -> int:
        return len(self.solved)

    def net_solutions(self) -> int:
        given = sum(self.within(one.accepted_at) for one, _post, _thread in self.accepted)
        return given - self.reversals()

    def reversals(self) -> int:
        return sum(bool(one.withdrawn_at) and self.within(one.withdrawn_at) for one, _post, _thread in self.accepted)

    def mod_accepted(self) -> int:
        return sum(
            self.rows.accounts[one.accepted_by_id].role in STAFF_ROLES and one.accepted_by_id != thread.author_id
            for one, _post, thread in self.solved
        )

    def threads_accepted_by_asker(self) -> int:
        return sum(one.accepted_by_id == thread.author_id for one, _post, thread in self.solved)

    def social_solutions(self) -> int:
        return sum(thread.origin_network is not None for _one, _post, thread in self.solved)

    def solved_first_reply(self) -> int:
        return sum(self.rows.is_first(post) for _one, post, _thread in self.solved)

    def quick_solutions(self) -> int:
        return sum(post.created_at <= thread.created_at + timedelta(hours=1) for _one, post, thread in self.solved)

    def late_solutions(self) -> int:
        return sum(post.created_at >= thread.created_at + timedelta(days=30) for _one, post, thread in self.solved)

    def earlier_solutions(self) -> int:
        ages = [(self.today - one.accepted_at.astimezone(self.zone).date()).days for one, _post, _thread in self.solved]
        return sum(90 <= age < 180 for age in ages)

    def acceptance_rate(self) -> Decimal | None:
        solutions = {post.id for one, post, _thread in self.accepted if one.withdrawn_at is None}
        return share(sum(post.id in solutions for post in self.answered), len(self.answered))

    def answers(self) -> int:
        return len(self.answered)

    def first_replies(self) -> int:
        return sum(self.rows.is_first(post) for post in self.answered)

    def median_first_response_minutes(self) -> Decimal | None:
        took = [
            Fraction(max(post.created_at - self.rows.threads[post.thread_id].created_at, timedelta()) // MICROSECOND)
            for post in self.answered
            if self.rows.is_first(post)
        ]
        return Decimal(str(float(round(median(took) / 60_000_000, 1)))) if took else None

    def words_per_answer(self) -> Decimal | None:
        words = 0
        for post in self.answered:
            spaced = re.sub("([\u3040-\u30ff\u3400-\u9fff])", r" \1 ", post.plain)
            words += len(re.findall(r"\w+", spaced))
        return share(words, len(self.answered))

    def questions(self) -> int:
        kinds = [self.rows.threads[post.thread_id].kind for post in self.mine if self.started(post)]
        return kinds.count("question")

    def started(self, post: Post) -> bool:
        return post.number == 1 and self.within(post.created_at)

    def questions_accepted(self) -> int:
        found = 0
        for one in self.rows.acceptances:
            post, thread = self.rows.posts[one.post_id], self.rows.threads[one.thread_id]
            others = post.author_id not in {None, self.member} and self.rows.is_answer(post)
            mine = thread.author_id == self.member == one.accepted_by_id
            found += mine and others and one.withdrawn_at is None and self.within(one.accepted_at)
        return found

    def comments(self) -> int:
        return len(self.commented)

    @cached_property
    def commented(self) -> Sequence[Comment]:
        return [
            one
            for one in self.rows.comments
            if one.author_id == self.member
            and one.hidden_at is None
            and self.rows.shown(self.rows.posts[one.post_id])
            and self.within(one.created_at)
        ]

    def edits(self) -> int:
        mine = [one for one in self.rows.revisions if one.edited_by_id == self.member and self.within(one.edited_at)]
        return len({one.post_id for one in mine if self.rows.shown(self.rows.posts[one.post_id])})

    def active_days(self) -> int:
        times = [one.created_at for one in (*self.mine, *self.commented)]
        return len({at.astimezone(self.zone).date() for at in times if self.within(at)})

    @cached_property
    def weeks(self) -> set[date]:
        days = [post.created_at.astimezone(self.zone).date() for post in self.answered]
        return {day - timedelta(days=day.weekday()) for day in days}

    def streak_weeks(self) -> int:
        this = self.today - timedelta(days=self.today.weekday())
        return self.run_up_to(this) or self.run_up_to(this - timedelta(days=7))

    def run_up_to(self, week: date) -> int:
        return next(length for length in count() if week - timedelta(days=7 * length) not in self.weeks)

    def longest_streak_weeks(self) -> int:
        return max((self.run_up_to(week) for week in self.weeks), default=0)

    def days_since_last_answer(self) -> int | None:
        days = [(self.today - post.created_at.astimezone(self.zone).date()).days for post in self.answered]
        return min(days) if days else None

    def kudos_received(self) -> int:
        replies = [post for post in self.mine if post.number > 1]
        given = sum(self.within(one.given_at) for post in replies for one in self.thanks(post))
        return given + sum(self.within(one.at) for post in replies for one in self.imported(post))

    def kudos_givers(self) -> int:
        replies = [post for post in self.mine if post.number > 1]
        return len({one.giver_id for post in replies for one in self.thanks(post) if self.within(one.given_at)})

    def kudos_per_answer(self) -> Decimal | None:
        kudos = sum(len(self.thanks(post)) + len(self.imported(post)) for post in self.answered)
        return share(kudos, len(self.answered))

    def most_kudos(self) -> int:
        replies = [post for post in self.mine if post.number > 1]
        return max((len(self.thanks(post)) + len(self.imported(post)) for post in replies), default=0)

    def same_problem_thanked(self) -> int:
        replies = [post for post in self.mine if post.number > 1]
        thanks = [(post, one) for post in replies for one in self.thanks(post) if self.within(one.given_at)]
        return sum((post.thread_id, one.giver_id) in self.rows.same for post, one in thanks)

    @cached_property
    def gave_to(self) -> Sequence[Post]:
        shown = [post for post in self.rows.posts.values() if self.rows.shown(post)]
        return [
            post
            for post in shown
            for one in self.thanks(post)
            if one.giver_id == self.member and self.within(one.given_at)
        ]

    def kudos_given(self) -> int:
        return len(self.gave_to)

    def people_thanked(self) -> int:
        return len({post.author_id for post in self.gave_to} - {None})

    def people_helped(self) -> int:
        helped: set[object] = {thread.author_id for _one, _post, thread in self.solved} - {None}
        for _one, _post, thread in self.solved:
            for mention in self.rows.mentions:
                if mention.thread_id == thread.id and mention.opens_thread:
                    helped.add((self.rows.connections[mention.connection_id].kind, mention.author_id))
        return len(helped)

    def people_reached(self) -> int:
        solved = {thread.id for _one, _post, thread in self.solved}
        askers: set[object] = {thread.author_id for _one, _post, thread in self.solved} - {None}
        there = {(self.rows.connections[one.connection_id].kind, one.author_id)
                 for one in self.rows.mentions if one.thread_id in solved and one.opens_thread}  # fmt: skip
        suffered = {account for thread, account in self.rows.same if thread in solved} - {self.member}
        return len(askers | there | suffered)

    def boards(self) -> int:
        return len({thread.board_id for _one, _post, thread in self.solved})

    def tags_solved(self) -> int:
        threads = {thread.id for _one, _post, thread in self.solved}
        return len({one.tag_id for one in self.rows.tags if one.thread_id in threads})

    def languages(self) -> int:
        return len({thread.language[:2] for _one, _post, thread in self.solved if thread.language})

    def networks(self) -> int:
        return len({thread.origin_network for _one, _post, thread in self.solved} - {None})

    def points(self) -> int:
        return sum(one.points for one in self.rows.points if one.account_id == self.member and self.within(one.at))

    def days_member(self) -> int:
        return (self.today - self.rows.accounts[self.member].created_at.astimezone(self.zone).date()).days

    def is_email_confirmed(self) -> int:
        return int(self.rows.accounts[self.member].email_confirmed_at is not None)


def share(over: int, under: int) -> Decimal | None:
    return Decimal(f"{round(Decimal(over) / under, 4)}") if under else None
