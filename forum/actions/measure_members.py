"""Measure members: what every metric of the catalogue says of them now. Only reads; a fixed number of queries for any number of members."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any, TypeAlias

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from forum.actions.measure_solutions import (
    SOLUTIONS,
    one_of,
    tally_people_helped,
    tally_questions_accepted,
    tally_solutions,
    tally_tags,
)
from forum.actions.measure_tally import Tally, Windows
from forum.actions.measure_thanks import (
    most_kudos,
    tally_given,
    tally_imported,
    tally_received,
    tally_same_problem,
)
from forum.actions.measure_writing import (
    ACCEPTED,
    KUDOS,
    MINUTE,
    POSTS,
    WORDS,
    AnswerDays,
    tally_comments,
    tally_edits,
    tally_posts,
    tally_words,
)
from forum.people.account import Account
from forum.superfans.formula import Values
from forum.superfans.metric import Metric
from forum.superfans.metrics import METRICS, NAMED
from forum.superfans.points import PointEntry

Counting: TypeAlias = Callable[[Session, list[int] | None, Tally], object]


def measure(
    session: Session,
    account_ids: Sequence[int] | None,
    now: datetime,
    zone: tzinfo,
    wanted: Collection[str] | None = None,
) -> Mapping[int, Values]:
    """By account, every name of `metrics.NAMED` or, cheaper, the `wanted` ones alone. `account_ids` None: all open accounts.

    `zone` is the company's; it says when days and windows begin. Ratios have four decimal places, minutes one. KeyError
    for a wanted name that is no metric.
    """
    metrics = METRICS if wanted is None else list({NAMED[name].name: NAMED[name] for name in wanted}.values())
    measuring = _Measuring(session, None if account_ids is None else sorted(set(account_ids)), Windows(now, zone))
    return measuring.measure(metrics, frozenset(NAMED if wanted is None else wanted))


class _Measuring:
    def __init__(self, session: Session, members: list[int] | None, windows: Windows) -> None:
        self._session = session
        self._members = members
        self._tally = Tally(windows)
        self._days = AnswerDays()
        self._most: Mapping[int, int] = {}

    def measure(self, metrics: Sequence[Metric], wanted: frozenset[str]) -> Mapping[int, Values]:
        accounts = self._accounts()
        self._count({metric.name for metric in metrics})
        return {account.id: self._values(account, metrics, wanted) for account in accounts}

    def _accounts(self) -> Sequence[Row[*tuple[Any, ...]]]:
        found = select(Account.id, Account.created_at, Account.email_confirmed_at).order_by(Account.id)
        if self._members is None:
            found = found.where(Account.closed_at.is_(None))
        return self._session.execute(found.where(one_of(Account.id, self._members))).all()

    def _count(self, names: set[str]) -> None:
        """Asks the database for what is wanted alone."""
        if names & POSTS or names & {"words_per_answer"}:
            self._days = tally_posts(self._session, self._members, self._tally)
        if names & {"most_kudos"}:
            self._most = most_kudos(self._session, self._members)
        for answers, count in _COUNTING:
            if names & answers:
                count(self._session, self._members, self._tally)

    def _values(self, account: Row[*tuple[Any, ...]], metrics: Sequence[Metric], wanted: frozenset[str]) -> Values:
        found: dict[str, Decimal | int | None] = {}
        for metric in metrics:
            found |= self._of(metric.name, account)
        return {name: value for name, value in found.items() if name in wanted}

    def _of(self, metric: str, account: Row[*tuple[Any, ...]]) -> Values:
        member, tally, today = account.id, self._tally, self._tally.windows.today
        match metric:
            case "acceptance_rate":
                return tally.ratios(metric, member, ACCEPTED, "answers")
            case "kudos_per_answer":
                return tally.ratios(metric, member, KUDOS, "answers")
            case "words_per_answer":
                return tally.ratios(metric, member, WORDS, "answers")
            case "median_first_response_minutes":
                return tally.medians(metric, member, MINUTE)
            case "most_kudos":
                return {metric: self._most.get(member, 0)}
            case "streak_weeks":
                return {metric: self._days.streak(member, today)}
            case "longest_streak_weeks":
                return {metric: self._days.longest_streak(member)}
            case "days_since_last_answer":
                return {metric: self._days.since_last(member, today)}
            case "days_member":
                joined = account.created_at.astimezone(tally.windows.zone).date()
                return {metric: max((today - joined).days, 0)}
            case "is_email_confirmed":
                return {metric: int(account.email_confirmed_at is not None)}
        return tally.counts(metric, member)


def _tally_points(session: Session, members: list[int] | None, tally: Tally) -> None:
    place = tally.windows.place_in_sql(PointEntry.at).label("place")
    found = select(PointEntry.account_id, place, func.sum(PointEntry.points))
    found = found.where(one_of(PointEntry.account_id, members)).group_by(PointEntry.account_id, "place")
    for member, narrowest, points in session.execute(found):
        tally.add("points", member, narrowest, int(points))


_COUNTING: Sequence[tuple[frozenset[str], Counting]] = (
    (SOLUTIONS, tally_solutions),
    (frozenset({"tags_solved"}), tally_tags),
    (frozenset({"people_helped", "people_reached"}), tally_people_helped),
    (frozenset({"questions_accepted"}), tally_questions_accepted),
    (frozenset({"words_per_answer"}), tally_words),
    (frozenset({"comments", "active_days"}), tally_comments),
    (frozenset({"edits"}), tally_edits),
    (frozenset({"kudos_received", "kudos_givers"}), tally_received),
    (frozenset({"kudos_received"}), tally_imported),
    (frozenset({"same_problem_thanked"}), tally_same_problem),
    (frozenset({"kudos_given", "people_thanked"}), tally_given),
    (frozenset({"points"}), _tally_points),
)
