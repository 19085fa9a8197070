"""Ranks and badges as pages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.people.account import Account
from forum.superfans.badge import Badge, BadgeAward
from forum.superfans.rank import Rank


@dataclass(frozen=True)
class RankLook:
    """What a chip needs. `titles` by language."""

    id: int
    titles: Mapping[str, str]
    icon: str
    colour: str


@dataclass(frozen=True)
class AwardLook:
    """A badge that somebody has. `times` counts a repeatable one; `award_id` is that of the latest award."""

    award_id: int
    badge_id: int
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    icon: str
    colour: str
    times: int
    at: datetime
    pinned: bool
    hidden: bool


@dataclass(frozen=True)
class RankRow:
    rank: Rank
    members: int


@dataclass(frozen=True)
class BadgeRow:
    badge: Badge
    members: int


def look_of(rank: Rank) -> RankLook:
    return RankLook(rank.id, rank.titles, rank.icon, rank.colour)


def rank_looks(session: Session) -> Mapping[int, RankLook]:
    """All ranks, which are few; one query."""
    return {rank.id: look_of(rank) for rank in session.scalars(select(Rank))}


def list_ranks(session: Session, *, retired: bool = False) -> Sequence[RankRow]:
    """The highest first, with how many hold each; one query."""
    held = (
        select(Account.rank_id, func.count().label("members"))
        .where(Account.rank_id.is_not(None))
        .group_by(Account.rank_id)
    )
    counts = held.subquery()
    query = select(Rank, func.coalesce(counts.c.members, 0)).outerjoin(counts, counts.c.rank_id == Rank.id)
    query = query.where(Rank.retired_at.is_not(None) if retired else Rank.retired_at.is_(None))
    return [RankRow(rank, members) for rank, members in session.execute(query.order_by(Rank.position.desc(), Rank.id))]


def list_badges(session: Session, *, retired: bool = False) -> Sequence[BadgeRow]:
    """With how many members have each, however often; one query."""
    had = select(BadgeAward.badge_id, func.count(BadgeAward.account_id.distinct()).label("members"))
    counts = had.where(BadgeAward.revoked_at.is_(None)).group_by(BadgeAward.badge_id).subquery()
    query = select(Badge, func.coalesce(counts.c.members, 0)).outerjoin(counts, counts.c.badge_id == Badge.id)
    query = query.where(Badge.retired_at.is_not(None) if retired else Badge.retired_at.is_(None))
    return [BadgeRow(badge, members) for badge, members in session.execute(query.order_by(Badge.id))]


def awards_of(session: Session, account_id: int) -> Sequence[AwardLook]:
    """A member's badges, the pinned first and then the latest, each once however often it was earned; one query."""
    found = (
        select(BadgeAward, Badge)
        .join(Badge, Badge.id == BadgeAward.badge_id)
        .where(BadgeAward.account_id == account_id, BadgeAward.revoked_at.is_(None))
        .order_by(BadgeAward.number)
    )
    by_badge: dict[int, list[tuple[BadgeAward, Badge]]] = {}
    for award, badge in session.execute(found):
        by_badge.setdefault(badge.id, []).append((award, badge))
    looks = [_award(awards) for awards in by_badge.values()]
    return sorted(looks, key=lambda look: (not look.pinned, -look.at.timestamp(), look.badge_id))


def _award(awards: Sequence[tuple[BadgeAward, Badge]]) -> AwardLook:
    pinned = next((award for award, _badge in awards if award.pinned_at is not None), None)
    latest, badge = awards[-1]
    return AwardLook(
        (pinned or latest).id, badge.id, badge.titles, badge.descriptions, badge.icon, badge.colour, len(awards),
        latest.at, pinned is not None, badge.hidden,
    )  # fmt: skip
