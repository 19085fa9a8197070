"""The answers that rates are made of: what askers said, what surveyed readers said, and how often staff answered on a network.

Each is counted over the very claims and reader-weeks that the ledger counts in that month, so that a yes and a no stand
the same chance to be in.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, select
from sqlalchemy.orm import Session

from forum.ledger.claim import Claim, Kind, Outcome
from forum.ledger.entry import Entry
from forum.ledger.estimate import ENOUGH
from forum.ledger.period import Period
from forum.ledger.proportion import NOBODY_ASKED, Proportion
from forum.ledger.reader_week import ReaderWeek
from forum.ledger.survey import Survey
from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.outbox.delivery import Delivery, State
from forum.outbox.delivery import Kind as DeliveryKind
from forum.reports.deflection_claims import answered
from forum.reports.deflection_reading import Names
from forum.reports.deflection_scope import UNKNOWN, Dimension
from forum.reports.deflection_shape import SurveyMonth
from forum.reports.deflection_valuing import Stratum
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post
from forum.threads.thread import Thread

BEFORE = timedelta(days=90)


@dataclass(frozen=True)
class Answers:
    """What askers said in one month: `rate` is of the intent, `named` counts channels, `own` are a board's or language's."""

    rate: Proportion
    named: Mapping[str, int] = field(default_factory=dict)
    own: Mapping[Stratum, Proportion] = field(default_factory=dict)


@dataclass(frozen=True)
class Surveyed:
    """What the drawn reader-weeks of one month said."""

    survey: SurveyMonth
    named: Mapping[str, int]
    own: Mapping[Stratum, Proportion]


NO_ANSWERS = Answers(NOBODY_ASKED)


@dataclass(frozen=True)
class _Said:
    """So many who said the same."""

    board: str
    language: str
    yes: bool
    channel: str | None
    count: int


def read_answers(session: Session, months: Sequence[Period], zone: tzinfo, names: Names) -> Mapping[Period, Answers]:
    """By month of the claims' day, site-wide. `months` follow one another."""
    place = _place(Claim.due_at, [month.begins(zone) for month in months])
    rows = session.execute(
        select(place.label("place"), Thread.board_id, Thread.language, Claim.intent, Claim.channel, func.count())
        .join(Thread, Thread.id == Claim.thread_id)
        .where(answered(), Claim.due_at >= months[0].begins(zone), Claim.due_at < months[-1].ends(zone))
        .group_by("place", Thread.board_id, Thread.language, Claim.intent, Claim.channel)
    )
    said: dict[int, list[_Said]] = defaultdict(list)
    for number, board_id, language, intent, channel, count in rows:
        said[number].append(_Said(names.boards[board_id][0], language or UNKNOWN, intent == "yes", channel, count))
    return {
        month: Answers(_proportion(said[number]), _named(said[number]), _own(said[number], Kind.DIRECT))
        for number, month in enumerate(months)
    }


def read_surveys(session: Session, months: Sequence[Period], zone: tzinfo, names: Names) -> Mapping[Period, Surveyed]:
    """By month of the reader-weeks' day: of those that were drawn and count, how many answered and what."""
    place = _place(ReaderWeek.due_at, [month.begins(zone) for month in months])
    cohort = (
        ReaderWeek.drawn, ReaderWeek.outcome == Outcome.QUALIFIED,
        ReaderWeek.due_at >= months[0].begins(zone), ReaderWeek.due_at < months[-1].ends(zone),
    )  # fmt: skip
    drawn: dict[int, int] = {
        row[0]: row[1]
        for row in session.execute(select(place.label("place"), func.count()).where(*cohort).group_by("place"))
    }
    joint = and_(*(getattr(Survey, name) == "yes" for name in ("problem", "found", "contact", "enough")))
    told = case((joint, 1), else_=0).label("joint")
    rows = session.execute(
        select(place.label("place"), Entry.board_id, Entry.language, told, Survey.channel, func.sum(Entry.quantity))
        .select_from(Survey)
        .join(ReaderWeek, ReaderWeek.id == Survey.reader_week_id)
        .join(Entry, Entry.reader_week_id == ReaderWeek.id)  # what was taken back adds up to none
        .where(*cohort, Survey.problem.is_not(None))
        .group_by("place", Entry.board_id, Entry.language, "joint", Survey.channel)
    )
    said: dict[int, list[_Said]] = defaultdict(list)
    for number, board_id, language, yes, channel, count in rows:
        said[number].append(_Said(names.boards[board_id][0], language or UNKNOWN, bool(yes), channel, int(count)))
    return {month: _surveyed(month, said[number], drawn.get(number, 0)) for number, month in enumerate(months)}


def _surveyed(month: Period, said: Sequence[_Said], drawn: int) -> Surveyed:
    known = _proportion(said)
    survey = SurveyMonth(month, drawn, known.of, known.yes, known.of >= ENOUGH)
    return Surveyed(survey, _named(said), _own(said, Kind.INDIRECT))


def read_staff_rates(
    session: Session, months: Sequence[Period], zone: tzinfo
) -> Mapping[Period, Mapping[str, Proportion]]:
    """Of the mentions that opened a thread in the 90 days before a month, the share that got an answer by staff.

    By network; one without such mentions has none. Our own posts are no mentions of ours.
    """
    ends = {month: month.begins(zone) for month in months}
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
    found: dict[Period, dict[str, Proportion]] = defaultdict(dict)
    for month, end in ends.items():
        first, last = bisect_right(edges, end - BEFORE) - 1, bisect_right(edges, end) - 1
        for network in {row[0] for row in rows}:
            inside = [row for row in rows if row[0] == network and first <= row[1] < last]
            if inside:
                found[month][network] = Proportion(sum(int(row[3]) for row in inside), sum(row[2] for row in inside))
    return found


def _proportion(said: Iterable[_Said]) -> Proportion:
    together = list(said)
    return Proportion(sum(one.count for one in together if one.yes), sum(one.count for one in together))


def _named(said: Iterable[_Said]) -> Mapping[str, int]:
    """How often those who would have contacted us named each channel."""
    found: dict[str, int] = defaultdict(int)
    for one in said:
        if one.yes and one.channel:
            found[one.channel] += one.count
    return dict(found)


def _own(said: Sequence[_Said], kind: Kind) -> Mapping[Stratum, Proportion]:
    groups: dict[Stratum, list[_Said]] = defaultdict(list)
    for one in said:
        if not one.count:
            continue
        groups[kind, Dimension.BOARD, one.board].append(one)
        groups[kind, Dimension.LANGUAGE, one.language].append(one)
    return {(group, str(dimension), key): _proportion(those) for (group, dimension, key), those in groups.items()}


def _place(time: Any, edges: Sequence[datetime]) -> ColumnElement[int]:
    """The number of the span between two edges in which a time lies: months are cut in the company's zone, not the database's."""
    return case(*((time < edge, number - 1) for number, edge in enumerate(edges)), else_=len(edges) - 1)
