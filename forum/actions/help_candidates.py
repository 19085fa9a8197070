"""Who could be asked about a question: members who showed to know something of it and who may be asked at all.

A fixed number of queries, each of bounded size, whatever the community's: a job runs it, no page.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from forum.people.account import Account
from forum.people.permissions import Act, may
from forum.people.roles import Role
from forum.superfans.availability import MOST_A_DAY, Presence, availability
from forum.superfans.expertise import ANYWHERE, Field, FieldKind, faded, rarity
from forum.superfans.helping import Availability, Expertise, HelpRequest, Mute
from forum.superfans.routing import Candidate
from forum.threads.board import Board
from forum.threads.post import Comment, Post
from forum.threads.private_boards import may_read_board
from forum.threads.thread import Thread

MOST_OF_A_FIELD = 200  # the heaviest of each field are looked at
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class Found:
    candidates: Sequence[Candidate]
    rarity: Mapping[Field, float]


def find_candidates(session: Session, thread: Thread, fields: Collection[Field], now: datetime) -> Found:
    """Left out: the asker, whoever wrote there, staff, closed accounts, whoever may not read the board, muted it, is away,
    was asked about it already, or as often today as they want to be."""
    near = _who_knows(session, fields)
    allowed = near & _who_may(session, thread, near) - _who_wrote(session, thread) - _who_muted(session, near, fields)
    profiles = _profiles(session, allowed, {ANYWHERE, *fields}, now)
    presences = _presences(session, profiles, now)
    candidates = [
        Candidate(one, own, presences[one][1], availability(presences[one][0], now, UTC))
        for one, own in profiles.items()
    ]
    return Found(candidates, _rarities(session, fields))


def _who_knows(session: Session, fields: Collection[Field]) -> set[int]:
    place = func.row_number().over(
        partition_by=(Expertise.field, Expertise.subject), order_by=(Expertise.weight.desc(), Expertise.account_id)
    )
    ranked = select(Expertise.account_id, place.label("place")).where(_any_of(fields)).subquery()
    return set(session.scalars(select(ranked.c.account_id).where(ranked.c.place <= MOST_OF_A_FIELD)))


def _who_may(session: Session, thread: Thread, ids: Collection[int]) -> set[int]:
    """Customers with an open account who may answer on the thread's board, and were not asked about it before."""
    board = session.get_one(Board, thread.board_id)
    asked = select(HelpRequest.account_id).where(HelpRequest.thread_id == thread.id)
    accounts = session.scalars(
        select(Account).where(
            Account.id.in_(ids), Account.role == Role.CUSTOMER, Account.closed_at.is_(None), Account.id.not_in(asked)
        )
    )
    return {one.id for one in accounts if may(one, Act.ANSWER) and may_read_board(board, one)}


def _who_wrote(session: Session, thread: Thread) -> set[int]:
    """The asker and whoever posted or commented there."""
    posts = select(Post.author_id).where(Post.thread_id == thread.id)
    comments = select(Comment.author_id).join(Post, Post.id == Comment.post_id).where(Post.thread_id == thread.id)
    found = {*session.scalars(posts.union(comments)), thread.author_id}
    return {one for one in found if one is not None}


def _who_muted(session: Session, ids: Collection[int], fields: Collection[Field]) -> set[int]:
    muted = or_(*(and_(Mute.field == field.kind, Mute.subject == field.key) for field in fields))
    return set(session.scalars(select(Mute.account_id).where(Mute.account_id.in_(ids), muted)))


def _profiles(
    session: Session, ids: Collection[int], fields: Collection[Field], now: datetime
) -> Mapping[int, Mapping[Field, float]]:
    """In the question's fields, and in every language, since fluency is a share."""
    found: defaultdict[int, dict[Field, float]] = defaultdict(dict)
    wanted = or_(_any_of(fields), Expertise.field == FieldKind.LANGUAGE)
    for row in session.scalars(select(Expertise).where(Expertise.account_id.in_(ids), wanted)):
        field = Field(FieldKind(row.field), row.subject)
        found[row.account_id][field] = faded(row.weight, row.learnt_at, now)
    return found


def _presences(session: Session, ids: Iterable[int], now: datetime) -> Mapping[int, tuple[Presence, int]]:
    """Of each, and how many answers they ever gave."""
    ids = list(ids)
    rows = {
        one.account_id: one for one in session.scalars(select(Availability).where(Availability.account_id.in_(ids)))
    }
    lately = select(HelpRequest.account_id, HelpRequest.asked_at, HelpRequest.reply).where(
        HelpRequest.account_id.in_(ids), HelpRequest.asked_at > now - WEEK
    )
    open_now, today = Counter[int](), Counter[int]()
    for account_id, asked_at, reply in session.execute(lately):
        open_now[account_id] += reply is None
        today[account_id] += asked_at > now - DAY
    return {one: _presence(rows.get(one), open_now[one], today[one]) for one in ids}


def _presence(row: Availability | None, open_requests: int, asked_lately: int) -> tuple[Presence, int]:
    if row is None:
        return Presence(open_requests=open_requests, asked_lately=asked_lately, most_a_day=MOST_A_DAY), 0
    return (
        Presence(row.hours, row.last_here_at, open_requests, asked_lately, row.asks_a_day, row.away_until),
        row.answers,
    )


def _rarities(session: Session, fields: Collection[Field]) -> Mapping[Field, float]:
    """From what stands in the rows; they are at most a month old, and only their ratio counts."""
    sums = (
        select(Expertise.field, Expertise.subject, func.sum(Expertise.weight))
        .where(_any_of({ANYWHERE, *fields}))
        .group_by(Expertise.field, Expertise.subject)
    )
    weights = {Field(FieldKind(kind), key): weight for kind, key, weight in session.execute(sums)}
    return {field: rarity(weights.get(ANYWHERE, 0.0), weight) for field, weight in weights.items()}


def _any_of(fields: Collection[Field]) -> ColumnElement[bool]:
    """One list of subjects for each kind."""
    by_kind = groupby(sorted(fields), key=lambda one: one.kind)
    return or_(
        *(and_(Expertise.field == kind, Expertise.subject.in_([one.key for one in own])) for kind, own in by_kind)
    )
