"""A member's profile: what others may know, what they solved, what they wrote last.

Figures come from sums that are kept, so the page costs the same whatever the member wrote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import String, cast, func, literal, select
from sqlalchemy.orm import Session

from forum.people.account import Account
from forum.people.permissions import Act, may
from forum.reports.thread_lists import ThreadRow, Wanted, list_threads, threads_by_id
from forum.superfans.badge import Badge, BadgeAward
from forum.superfans.grant import Thanks
from forum.superfans.rank import MemberMeasure, Rank
from forum.superfans.standings import Span, StandingRow
from forum.threads.acceptance import Acceptance
from forum.threads.board import Board
from forum.threads.post import Post
from forum.threads.private_boards import board_is_readable, thread_is_readable
from forum.threads.thread import Thread

SHOWN = 8
LOOKED_AT = 200  # of their posts, the latest, among which those are that solved something
MOST_FIELDS = 6  # boards, languages or networks: those with most solutions


@dataclass(frozen=True)
class EarnedBadge:
    """`times` counts a badge that can be earned again."""

    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    icon: str
    colour: str
    times: int
    pinned: bool
    at: datetime


@dataclass(frozen=True)
class BoardField:
    name: str
    slug: str


@dataclass(frozen=True)
class Fields:
    """Where somebody solves, most first."""

    boards: Sequence[BoardField]
    languages: Sequence[str]
    networks: Sequence[str]


@dataclass(frozen=True)
class ThanksOfStaff:
    by_name: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class PersonPage:
    """`shows_figures`: not to others where the member left the leaderboards. `measured` is None before the first measuring."""

    account: Account
    rank: Rank | None
    badges: Sequence[EarnedBadge]
    fields: Fields
    shows_figures: bool
    helped: int | None
    answers: int | None
    kudos: int | None
    measured_at: datetime | None
    solved: Sequence[ThreadRow]  # the latest threads that their answer solved
    asked: Sequence[ThreadRow]
    thanks: Sequence[ThanksOfStaff]  # shown to themselves alone


def person_page(session: Session, name: str, viewer: Account | None, now: datetime) -> PersonPage | None:
    """None where there is no such open account; six queries whatever the member wrote, one more for themselves."""
    found = session.execute(
        select(Account, Rank, MemberMeasure)
        .outerjoin(Rank, Rank.id == Account.rank_id)
        .outerjoin(MemberMeasure, MemberMeasure.account_id == Account.id)
        .where(Account.name_key == name.casefold(), Account.closed_at.is_(None))
    ).first()
    if found is None:
        return None
    account, rank, measure = found
    is_own = viewer is not None and viewer.id == account.id
    values = measure.values if measure is not None else {}
    return PersonPage(
        account=account,
        rank=rank,
        badges=_badges(session, account.id),
        fields=_fields(session, account.id, viewer),
        shows_figures=shows_figures(account, viewer),
        helped=_whole(values.get("people_reached")),
        answers=_whole(values.get("answers")),
        kudos=_whole(values.get("kudos_received")),
        measured_at=measure.measured_at if measure is not None else None,
        solved=_solved(session, account.id, viewer, now),
        asked=list_threads(session, Wanted(author_id=account.id), now, reader=viewer).rows[:SHOWN],
        thanks=_thanks(session, account.id) if is_own else (),
    )


def shows_figures(account: Account, viewer: Account | None) -> bool:
    """Who left the leaderboards is compared with nobody; they and staff still see their figures."""
    is_own = viewer is not None and viewer.id == account.id
    return account.off_leaderboards_since is None or is_own or may(viewer, Act.SEE_PROGRAMME)


def _badges(session: Session, account_id: int) -> Sequence[EarnedBadge]:
    """The pinned first, then the latest; as many rows as there are badges, however often one was earned."""
    pinned, latest = func.max(BadgeAward.pinned_at), func.max(BadgeAward.at)
    rows = session.execute(
        select(Badge, func.count(), pinned, latest)
        .join(BadgeAward, BadgeAward.badge_id == Badge.id)
        .where(BadgeAward.account_id == account_id, BadgeAward.revoked_at.is_(None))
        .group_by(Badge.id)
        .order_by(pinned.is_(None), latest.desc(), Badge.id)
    )
    return [
        EarnedBadge(badge.titles, badge.descriptions, badge.icon, badge.colour, times, pinned_at is not None, at)
        for badge, times, pinned_at, at in rows
    ]


def _fields(session: Session, account_id: int, viewer: Account | None) -> Fields:
    """From the standings of all time: a row for each board, language and network in which something was earned."""
    board = literal("board:").concat(cast(Board.id, String))
    rows = session.execute(
        select(StandingRow.scope, Board.name, Board.slug)
        .outerjoin(Board, (StandingRow.scope == board) & board_is_readable(viewer))
        .where(StandingRow.account_id == account_id, StandingRow.span == Span.ALL, StandingRow.solutions > 0)
        .order_by(StandingRow.solutions.desc(), StandingRow.scope)
    ).all()
    boards = [BoardField(name, slug) for _scope, name, slug in rows if slug is not None]
    named = [scope.partition(":") for scope, _name, _slug in rows]
    languages = [value for kind, _colon, value in named if kind == "language"]
    networks = [value for kind, _colon, value in named if kind == "network"]
    return Fields(boards[:MOST_FIELDS], languages[:MOST_FIELDS], networks[:MOST_FIELDS])


def _solved(session: Session, account_id: int, viewer: Account | None, now: datetime) -> Sequence[ThreadRow]:
    """Of what they wrote lately, so that the page of whoever wrote ten thousand answers costs no more."""
    accepted = select(func.max(Acceptance.accepted_at)).where(
        Acceptance.post_id == Post.id, Acceptance.withdrawn_at.is_(None)
    )
    written = select(Post.thread_id, accepted.correlate(Post).scalar_subquery().label("accepted_at"))
    lately = written.where(Post.author_id == account_id).order_by(Post.created_at.desc()).limit(LOOKED_AT).subquery()
    solved = (
        select(lately.c.thread_id)
        .join(Thread, Thread.id == lately.c.thread_id)
        .where(lately.c.accepted_at.is_not(None), thread_is_readable(viewer))
    )
    ids = session.scalars(solved.order_by(lately.c.accepted_at.desc()).limit(SHOWN)).all()
    return threads_by_id(session, ids, now, viewer)


def _thanks(session: Session, account_id: int) -> Sequence[ThanksOfStaff]:
    rows = session.execute(
        select(Account.display_name, Thanks.reason, Thanks.at)
        .join(Account, Account.id == Thanks.by_id)
        .where(Thanks.account_id == account_id)
        .order_by(Thanks.at.desc(), Thanks.id.desc())
        .limit(SHOWN)
    )
    return [ThanksOfStaff(*row) for row in rows]


def _whole(value: str | None) -> int | None:
    """A measure is kept as text, so that decimals stay exact."""
    return None if value is None else int(Decimal(value))
