"""Staff's lists of superfans: who they are, who is about to become one, who went quiet.

Candidates come from the standings, figures from the kept measures; no query here grows with the points ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union
from sqlalchemy.orm import Session

from forum.people.account import Account
from forum.people.roles import Role
from forum.reports.superfan_figures import Figures, Place, figures_of, place_of
from forum.superfans.about_to_become import Becoming, becoming, goal_of
from forum.superfans.formula import Formula
from forum.superfans.grant import Invitation, SuperfanGrant
from forum.superfans.measured import read_values
from forum.superfans.rank import MemberMeasure, Rank
from forum.superfans.standings import Span, StandingRow, start_of
from forum.threads.acceptance import Acceptance

MOST = 500  # members that one list looks at
STRONG = 5  # solutions in 90 days
WINDOW = 90  # days


class Tab(StrEnum):
    SUPERFANS = "superfans"
    SOON = "soon"
    QUIET = "quiet"
    INVITED = "invited"


class Sort(StrEnum):
    SOLUTIONS = "solutions"
    TREND = "trend"
    RESPONSE = "response"
    KUDOS = "kudos"
    NETWORKS = "networks"
    LAST = "last"
    NAME = "name"


@dataclass(frozen=True)
class MemberRow:
    account_id: int
    name: str
    display_name: str
    rank_titles: Mapping[str, str]  # by language; empty without a rank
    place: Place
    figures: Figures | None
    becoming: Becoming | None = None  # on the list of who is about to become one


def list_members(session: Session, tab: Tab, now: datetime, zone: tzinfo, *, scope: str = "", sort: Sort = Sort.SOLUTIONS) -> Sequence[MemberRow]:  # fmt: skip
    """`scope` narrows it to who earned points there in this quarter or the last: "", `board:3`, `language:zh`."""
    total = _accepted_answers(session, now, zone)
    ranks = {rank.id: rank for rank in session.scalars(select(Rank))}
    goal = goal_of(ranks.values()) if tab == Tab.SOON else None
    found = [_Found(*row) for row in session.execute(_candidates(tab, scope, now))]
    members = [row for one in found if (row := _member(one, tab, ranks, goal, total, now, zone)) is not None]
    return sorted(sorted(members, key=_by_name), key=_KEYS[sort])


def figures_of_one(session: Session, account_id: int, now: datetime, zone: tzinfo) -> Figures | None:
    """Two queries. None for who was never measured."""
    measure = session.get(MemberMeasure, account_id)
    return figures_of(measure, _accepted_answers(session, now, zone), zone) if measure is not None else None


@dataclass(frozen=True)
class _Found:
    account: Account
    measure: MemberMeasure | None
    grant: SuperfanGrant | None
    invitation: Invitation | None


def _candidates(tab: Tab, scope: str, now: datetime) -> Select[*tuple[Any, ...]]:
    """One query: accounts with measure, standing grant and open invitation."""
    query = (
        select(Account, MemberMeasure, SuperfanGrant, Invitation)
        .outerjoin(MemberMeasure, MemberMeasure.account_id == Account.id)
        .outerjoin(SuperfanGrant, and_(SuperfanGrant.account_id == Account.id, SuperfanGrant.ended_at.is_(None)))
        .outerjoin(Invitation, and_(Invitation.account_id == Account.id, Invitation.answered_at.is_(None)))
        .where(Account.role == Role.CUSTOMER, Account.closed_at.is_(None))
        .order_by(Account.solutions.desc(), Account.id)
        .limit(MOST)
    )
    match tab:
        case Tab.SOON:
            return query.where(_earned(scope, now, quarters=2), Account.superfan_since.is_(None), SuperfanGrant.id.is_(None))  # fmt: skip
        case Tab.QUIET:
            return query.where(_earned(scope, now, quarters=3))
    query = query.where(or_(Account.id.in_(_with_rights()), Account.id.in_(_with_place())))
    return query.where(_earned(scope, now, quarters=2)) if scope else query


def _with_rights() -> Select[*tuple[Any, ...]]:
    return select(Account.id).where(Account.superfan_since.is_not(None))


def _with_place() -> Select[*tuple[Any, ...]]:
    return select(SuperfanGrant.account_id).where(SuperfanGrant.ended_at.is_(None))


def _earned(scope: str, now: datetime, *, quarters: int) -> ColumnElement[bool]:
    """Among those with most points there in the quarter that runs, or in one of those before it."""
    today = now.astimezone(UTC).date()
    leaders = []
    for start in _quarters(today, quarters):
        of_one = select(StandingRow.account_id).where(
            StandingRow.span == Span.QUARTER, StandingRow.starts_on == start, StandingRow.scope == scope
        )
        leaders.append(of_one.order_by(StandingRow.points.desc()).limit(MOST).subquery())
    return Account.id.in_(union(*(select(one.c.account_id) for one in leaders)))


def _quarters(today: date, count: int) -> Sequence[date]:
    starts = [start_of(Span.QUARTER, today)]
    while len(starts) < count:
        starts.append(start_of(Span.QUARTER, starts[-1] - timedelta(days=1)))
    return starts


def _member(found: _Found, tab: Tab, ranks: Mapping[int, Rank], goal: Formula | None, total: int, now: datetime, zone: tzinfo) -> MemberRow | None:  # fmt: skip
    """None for who does not belong on this list after all."""
    soon = None
    if tab == Tab.SOON:
        waits = found.invitation is not None and found.invitation.expires_at > now
        soon = becoming(goal, read_values(found.measure.values)) if found.measure and not waits else None
        if soon is None:
            return None
    if tab == Tab.QUIET and not (found.measure and _went_quiet(found.measure)):
        return None
    rank = ranks.get(found.account.rank_id) if found.account.rank_id is not None else None
    return MemberRow(
        account_id=found.account.id,
        name=found.account.name,
        display_name=found.account.display_name,
        rank_titles=rank.titles if rank else {},
        place=place_of(found.account, found.grant, now),
        figures=figures_of(found.measure, total, zone),
        becoming=soon,
    )


def _went_quiet(measure: MemberMeasure) -> bool:
    """Solved much within one of the last two times of 90 days, and has written no answer for 30 days."""
    values = read_values(measure.values)
    was_strong = max(int(values["solutions_90d"] or 0), int(values["earlier_solutions"] or 0)) >= STRONG
    return was_strong and not values["answers_30d"]


def _accepted_answers(session: Session, now: datetime, zone: tzinfo) -> int:
    """Of the same 90 days as the measures; an index's range of as many days, however old the forum is."""
    first = now.astimezone(zone).date() - timedelta(days=WINDOW - 1)
    since = datetime.combine(first, time.min, zone)
    found = select(func.count()).where(Acceptance.accepted_at >= since, Acceptance.withdrawn_at.is_(None))
    return session.scalar(found) or 0


def _by_name(row: MemberRow) -> tuple[str, int]:
    return row.display_name.casefold(), row.account_id


def _largest(read: Callable[[Figures], Any]) -> Callable[[MemberRow], tuple[bool, Any]]:
    """Who has no figure stands last."""

    def key(row: MemberRow) -> tuple[bool, Any]:
        value = read(row.figures) if row.figures else None
        return (value is None, 0 if value is None else -value)

    return key


_KEYS: Mapping[Sort, Callable[[MemberRow], Any]] = {
    Sort.SOLUTIONS: _largest(lambda one: one.solutions),
    Sort.TREND: _largest(lambda one: one.trend),
    Sort.RESPONSE: _largest(lambda one: None if one.response_minutes is None else -one.response_minutes),
    Sort.KUDOS: _largest(lambda one: one.kudos_per_answer),
    Sort.NETWORKS: _largest(lambda one: one.networks),
    Sort.LAST: _largest(lambda one: one.last_answer.toordinal() if one.last_answer else None),
    Sort.NAME: _by_name,
}
