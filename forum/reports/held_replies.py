"""Replies that wait for approval, the longest wait first: what was asked, the answer, and who wrote it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from forum.outbox.delivery import Delivery, Kind, State
from forum.people.account import Account
from forum.reports.deliveries import DeliveryRow, delivery_query, delivery_row
from forum.superfans.grant import SuperfanGrant
from forum.superfans.rank import MemberMeasure
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post

PAGE = 10
DECLINED_WITHIN = timedelta(days=90)


@dataclass(frozen=True)
class AuthorRecord:
    """What helps to judge whether an answer can be trusted. None: not measured yet, or no data."""

    name: str | None  # None: they left
    display_name: str
    member_since: datetime
    solutions: int
    acceptance_rate: Decimal | None
    reversals: int | None
    on_probation: bool
    declined: int  # replies of theirs that staff declined in the last 90 days


@dataclass(frozen=True)
class HeldReply:
    delivery: DeliveryRow
    answer_html: str
    author: AuthorRecord | None  # None: the answer came from a network


@dataclass(frozen=True)
class HeldPage:
    rows: Sequence[HeldReply]
    later: int | None  # the id after which the next ones stand


def held_replies(session: Session, now: datetime, after: int = 0) -> HeldPage:
    """Two queries, however many wait."""
    query = delivery_query().where(Delivery.kind == Kind.REPLY, Delivery.state == State.HELD, Delivery.id > after)
    found = _with_authors(session, query.order_by(Delivery.id).limit(PAGE + 1), now)
    return HeldPage(found[:PAGE], found[PAGE - 1].delivery.id if len(found) > PAGE else None)


def one_reply(session: Session, delivery_id: int, now: datetime) -> HeldReply | None:
    """The same of one reply, whatever its state; None for a retraction too."""
    query = delivery_query().where(Delivery.kind == Kind.REPLY, Delivery.id == delivery_id)
    return next(iter(_with_authors(session, query, now)), None)


def _with_authors(session: Session, query: Select[*tuple[Any, ...]], now: datetime) -> Sequence[HeldReply]:
    rows = session.execute(
        query.add_columns(Post.html, Account, MemberMeasure.values.label("measured"), SuperfanGrant)
        .outerjoin(MemberMeasure, MemberMeasure.account_id == Post.author_id)
        .outerjoin(SuperfanGrant, and_(SuperfanGrant.account_id == Post.author_id, SuperfanGrant.ended_at.is_(None)))
    ).all()
    declined = _declined(session, [row.Account.id for row in rows if row.Account is not None], now)
    return [
        HeldReply(delivery_row(row), row.html, _record(row.Account, row.measured, row.SuperfanGrant, declined))
        for row in rows
    ]


def _record(
    account: Account | None,
    values: Mapping[str, str | None] | None,
    grant: SuperfanGrant | None,
    declined: Mapping[int, int],
) -> AuthorRecord | None:
    if account is None:
        return None
    rate, reversals = ((values or {}).get(name) for name in ("acceptance_rate", "reversals"))
    return AuthorRecord(
        name=account.name if account.closed_at is None else None,
        display_name=account.display_name,
        member_since=account.created_at,
        solutions=account.solutions,
        acceptance_rate=Decimal(rate) if rate is not None else None,
        reversals=int(Decimal(reversals)) if reversals is not None else None,
        on_probation=grant is not None and grant.probation_until is not None and grant.promoted_at is None,
        declined=declined.get(account.id, 0),
    )


def _declined(session: Session, account_ids: Sequence[int], now: datetime) -> Mapping[int, int]:
    """By author; bounded by what was declined in 90 days, whatever the age of the forum."""
    counted = (
        select(Post.author_id, func.count())
        .select_from(Delivery)
        .join(Acceptance, Acceptance.id == Delivery.acceptance_id)
        .join(Post, Post.id == Acceptance.post_id)
        .where(
            Delivery.state == State.CANCELLED,
            Delivery.made_at > now - DECLINED_WITHIN,
            Delivery.refused_why.is_not(None),
            Post.author_id.in_(account_ids),
        )
        .group_by(Post.author_id)
    )
    return {author: count for author, count in session.execute(counted) if author is not None}
