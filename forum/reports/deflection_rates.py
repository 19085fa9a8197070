"""The rates in force: what askers answered in a month, and how many mentions staff answered themselves before it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from forum.ledger.claim import Claim, Kind, Outcome, Reason
from forum.ledger.cost import ContactCost
from forum.ledger.period import Period, periods
from forum.ledger.pricing import prices_of
from forum.ledger.proportion import Proportion
from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.outbox.delivery import Delivery, State
from forum.outbox.delivery import Kind as DeliveryKind
from forum.reports.deflection_cells import Cell, Worth
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post

BEFORE = timedelta(days=90)


@dataclass(frozen=True)
class Answers:
    """What askers said in one month, of claims decided in it: `rate` is of the intent, `named` counts channels."""

    rate: Proportion
    named: Mapping[str, int]


def worth_of(
    session: Session, cells: Sequence[Cell], within: Collection[Period], currency: str | None, zone: tzinfo
) -> Worth:
    """The parameters for valuing `cells`, in three queries; `within` adds months to show. No currency: no money."""
    months = {Period.of(cell.original) for cell in cells} | set(within)
    answers = read_answers(session, months, zone)
    rates = {f"direct:{period.name}": found.rate for period, found in answers.items()}
    rates |= read_staff_rates(session, months, zone)
    prices = prices_of(read_costs(session, currency), (), currency) if currency is not None else None
    return Worth(rates, prices, {period: found.named for period, found in answers.items()})


def read_answers(session: Session, months: Collection[Period], zone: tzinfo) -> Mapping[Period, Answers]:
    """By month, site-wide. Only claims that came to their day count, so a yes and a no stand the same chance to be in."""
    if not months:
        return {}
    spans = list(periods(min(months), max(months)))
    place = _place(Claim.decided_at, [span.begins(zone) for span in spans])
    rows = session.execute(
        select(place.label("place"), Claim.intent, Claim.channel, func.count())
        .where(answered(), Claim.decided_at >= spans[0].begins(zone), Claim.decided_at < spans[-1].ends(zone))
        .group_by("place", Claim.intent, Claim.channel)
    ).all()
    counts: dict[Period, dict[str | None, int]] = {span: defaultdict(int) for span in spans}
    named: dict[Period, dict[str, int]] = {span: defaultdict(int) for span in spans}
    for number, intent, channel, count in rows:
        counts[spans[number]][intent] += count
        if intent == "yes" and channel is not None:
            named[spans[number]][channel] += count
    return {
        span: Answers(Proportion(counts[span]["yes"], counts[span]["yes"] + counts[span]["no"]), named[span])
        for span in spans
    }


def answered() -> ColumnElement[bool]:
    """The cohort of the intent: direct claims whose asker answered, decided for no other reason than the answer."""
    came_to_its_day = or_(Claim.outcome == Outcome.QUALIFIED, Claim.reason == Reason.WOULD_NOT_HAVE_CONTACTED)
    return and_(Claim.kind == Kind.DIRECT, Claim.intent.is_not(None), came_to_its_day)


def read_staff_rates(session: Session, months: Collection[Period], zone: tzinfo) -> Mapping[str, Proportion]:
    """Of the mentions that opened a thread in the 90 days before a month, the share that got an answer by staff.

    By rate name; a network without such mentions has none. Our own posts are no mentions of ours.
    """
    if not months:
        return {}
    ends = {period: period.begins(zone) for period in months}
    edges = sorted({edge for end in ends.values() for edge in (end - BEFORE, end)})
    answered_by_staff = (
        select(literal(1))
        .select_from(Delivery)
        .join(Acceptance, Acceptance.id == Delivery.acceptance_id)
        .join(Post, Post.id == Acceptance.post_id)
        .where(Delivery.mention_id == Mention.id, Delivery.kind == DeliveryKind.REPLY)
        .where(Delivery.state == State.SENT, Post.by_staff)
        .correlate(Mention)
        .exists()
    )
    rows = session.execute(
        select(
            Connection.kind, _place(Mention.created_at, edges).label("place"), func.count(),
            func.sum(case((answered_by_staff, 1), else_=0)),
        )
        .join(Connection, Connection.id == Mention.connection_id)
        .where(Mention.opens_thread, Mention.author_id != Connection.account_remote_id)
        .where(Mention.created_at >= edges[0], Mention.created_at < edges[-1])
        .group_by(Connection.kind, "place")
    ).all()  # fmt: skip
    found: dict[str, Proportion] = {}
    for period, end in ends.items():
        first, last = bisect_right(edges, end - BEFORE) - 1, bisect_right(edges, end) - 1
        for network in {row[0] for row in rows}:
            inside = [row for row in rows if row[0] == network and first <= row[1] < last]
            if inside:
                known = Proportion(sum(int(row[3]) for row in inside), sum(row[2] for row in inside))
                found[f"social:{network}:{period.name}"] = known
    return found


def read_costs(session: Session, currency: str) -> Sequence[ContactCost]:
    """The costs in the site's currency; those in an earlier currency stay in the list but price nothing."""
    return session.scalars(select(ContactCost).where(ContactCost.currency == currency)).all()


def _place(time: Any, edges: Sequence[datetime]) -> ColumnElement[int]:
    """The number of the span between two edges in which a time lies: months are cut in the company's zone, not the database's."""
    return case(*((time < edge, number - 1) for number, edge in enumerate(edges)), else_=len(edges) - 1)
