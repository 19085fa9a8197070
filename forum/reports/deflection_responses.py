"""How soon questions on networks were answered there, by member or staff, against the targets that the admin set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from forum.ledger.report_view import ResponseTarget
from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.outbox.delivery import Delivery, Kind, State
from forum.reports.deflection_beside import median_of, minutes_between
from forum.reports.deflection_scope import Scope
from forum.reports.deflection_shape import ResponseTimes, WithinTarget
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post

WITHIN = (15, 60, 120, 1440, 0)  # minutes; 0: at all


def read_responses(session: Session, scope: Scope, zone: tzinfo, titles: Mapping[str, str]) -> Sequence[ResponseTimes]:
    """Of the mentions that opened a thread in the scope's months, by network; three queries."""
    first = _first_answers(session, scope, zone)
    counts = [
        func.sum(case((and_(first.c.minutes <= (minutes or ALWAYS), first.c.by_staff == staff), 1), else_=0))
        for minutes in WITHIN
        for staff in (0, 1)
    ]
    rows = session.execute(select(first.c.part, func.count(), *counts).group_by(first.c.part)).all()
    answered = select(first.c.part, first.c.minutes).where(first.c.minutes.is_not(None))
    medians = median_of(session, answered)
    targets = _targets(session)
    return [_times(row, titles, targets, medians) for row in sorted(rows)]


ALWAYS = 10**9


def _first_answers(session: Session, scope: Scope, zone: tzinfo) -> Any:
    """Each mention with the minutes until its first reply and whether that was staff's."""
    minutes = minutes_between(session, Mention.created_at, Delivery.settled_at)
    place = func.row_number().over(partition_by=Mention.id, order_by=(Delivery.settled_at, Delivery.id))
    replies = (
        select(
            Connection.kind.label("part"), minutes.label("minutes"), place.label("place"),
            case((Post.by_staff, 1), else_=0).label("by_staff"),
        )
        .select_from(Mention)
        .join(Connection, Connection.id == Mention.connection_id)
        .outerjoin(
            Delivery,
            and_(Delivery.mention_id == Mention.id, Delivery.kind == Kind.REPLY, Delivery.state == State.SENT),
        )
        .outerjoin(Acceptance, Acceptance.id == Delivery.acceptance_id)
        .outerjoin(Post, Post.id == Acceptance.post_id)
        .where(Mention.opens_thread, Mention.author_id != Connection.account_remote_id)
        .where(Mention.created_at >= scope.first.begins(zone), Mention.created_at < scope.last.ends(zone))
    )  # fmt: skip
    found = replies.subquery()
    return select(found).where(found.c.place == 1).subquery()


def _targets(session: Session) -> Mapping[tuple[str, int], Decimal]:
    """The latest of each network and time."""
    rows = session.execute(
        select(ResponseTarget.network, ResponseTarget.minutes, ResponseTarget.share).order_by(ResponseTarget.id)
    )
    return {(network, minutes): share for network, minutes, share in rows}


def _times(
    row: Sequence[Any],
    titles: Mapping[str, str],
    targets: Mapping[tuple[str, int], Decimal],
    medians: Mapping[str, float],
) -> ResponseTimes:
    network, mentions, *counts = row
    by: dict[int, list[int]] = defaultdict(list)
    for place, count in enumerate(counts):
        by[WITHIN[place // 2]].append(int(count or 0))
    within = [
        WithinTarget(
            minutes=minutes,
            answered=member + staff,
            by_member=member,
            by_staff=staff,
            target=targets.get((network, minutes), targets.get(("", minutes))),
        )
        for minutes, (member, staff) in by.items()
    ]
    return ResponseTimes(network, titles.get(network), mentions, within, medians.get(network))
