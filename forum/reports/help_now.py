"""Questions that wait for an answer, ranked for one member: those they were asked about, then others in their fields.

Read from rows that workers keep, in a fixed number of queries; no text is looked at while somebody waits for the page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from forum.people.account import Account
from forum.superfans.expertise import ANYWHERE, Field, FieldKind, faded
from forum.superfans.helping import Availability, Expertise, HelpRequest, Mute, Reply
from forum.superfans.routing import Candidate, Question, rank
from forum.threads.board import Board
from forum.threads.private_boards import thread_is_readable
from forum.threads.thread import Kind, Tag, Thread, ThreadTag

ASKED, OTHERS = 20, 20  # shown
LOOKED_AT = 200  # of the others, the latest
SINCE = timedelta(days=30)
NEWCOMER = "newcomer"
_SAID = (FieldKind.TAG, FieldKind.PRODUCT)  # terms are stems, which nobody would say
_PAGE_KINDS = (FieldKind.ALL, FieldKind.BOARD, FieldKind.TAG, FieldKind.LANGUAGE)  # known of a thread without its text


@dataclass(frozen=True)
class Waiting:
    """`request_id`: they were asked. `because` are the tags and products that speak for them, any of which they may mute."""

    thread_id: int
    slug: str
    title: str
    language: str | None
    board_name: str
    board_slug: str
    network: str | None
    asked_at: datetime
    request_id: int | None = None
    because: tuple[Field, ...] = ()
    newcomer: bool = False


@dataclass(frozen=True)
class HelpNow:
    asked: Sequence[Waiting]
    others: Sequence[Waiting]
    away_until: datetime | None  # a time on the last day away


def help_now(session: Session, me: Account, now: datetime) -> HelpNow:
    """Six queries, whatever stands in the database."""
    until = session.scalar(select(Availability.away_until).where(Availability.account_id == me.id))
    away = until - timedelta(seconds=1) if until and until > now else None  # kept as the midnight after the last day
    return HelpNow(_asked(session, me, now), _others(session, me, now), away)


def asked_about(session: Session, me: Account, thread_id: int) -> Waiting | None:
    """What they have not said yet of one thread, for its own page; one query."""
    unsaid = or_(HelpRequest.reply.is_(None), HelpRequest.reply == Reply.LATER)
    found = _requests(me).where(Thread.id == thread_id, unsaid)
    row = session.execute(found).first()
    return _waiting(row, row.reasons, row.request_id) if row is not None else None


def _asked(session: Session, me: Account, now: datetime) -> list[Waiting]:
    """The best match first; what was put off comes back when its time has passed."""
    open_now = or_(
        HelpRequest.reply.is_(None), and_(HelpRequest.reply == Reply.LATER, HelpRequest.snoozed_until <= now)
    )
    found = _requests(me).where(open_now).order_by(HelpRequest.score.desc(), HelpRequest.id).limit(ASKED)
    return [_waiting(row, row.reasons, row.request_id) for row in session.execute(found)]


def _requests(me: Account) -> Select[*tuple[Any, ...]]:
    return (
        select(*_COLUMNS, HelpRequest.id.label("request_id"), HelpRequest.reasons)
        .join(Board, Board.id == Thread.board_id)
        .join(HelpRequest, HelpRequest.thread_id == Thread.id)
        .where(HelpRequest.account_id == me.id, *_waits(), thread_is_readable(me))
    )


def _others(session: Session, me: Account, now: datetime) -> list[Waiting]:
    """What nobody answered yet, the member's own fields first and of the rest the longest waiting."""
    asked = select(HelpRequest.id).where(HelpRequest.thread_id == Thread.id, HelpRequest.account_id == me.id)
    found = (
        select(*_COLUMNS, Thread.board_id)
        .join(Board, Board.id == Thread.board_id)
        .where(*_waits(), Thread.first_reply_at.is_(None), Thread.created_at > now - SINCE)
        .where(Thread.author_id.is_distinct_from(me.id), thread_is_readable(me), ~asked.exists())
        .order_by(Thread.created_at.desc(), Thread.id.desc())
        .limit(LOOKED_AT)
    )
    rows = {row.id: row for row in session.execute(found)}
    fields = _fields(session, rows.values())
    mine = Candidate(me.id, _profile(session, me, now), answers=0)
    muted = _muted(session, me)
    matched = []
    for number, row in rows.items():
        if fields[number].isdisjoint(muted):
            choice = rank(Question(number, fields[number]), [mine], dict.fromkeys(fields[number], 1.0))
            names = [str(field) for one in choice for field in one.fields]
            matched.append((sum(one.score for one in choice), row, names))
    matched.sort(key=lambda one: (-one[0], one[1].created_at, one[1].id))
    return [_waiting(row, names) for _score, row, names in matched[:OTHERS]]


_COLUMNS = (
    Thread.id, Thread.slug, Thread.title, Thread.language, Board.name.label("board_name"),
    Board.slug.label("board_slug"), Thread.origin_network, Thread.created_at,
)  # fmt: skip


def _waits() -> tuple[ColumnElement[bool], ...]:
    return (
        Thread.kind == Kind.QUESTION,
        Thread.solved_at.is_(None),
        Thread.locked_at.is_(None),
        Thread.hidden_at.is_(None),
    )


def _waiting(row: Row[*tuple[object, ...]], reasons: Iterable[str], request_id: int | None = None) -> Waiting:
    reasons = list(reasons)
    named = [field for name in reasons if (field := Field.named(name)) is not None]
    shown = tuple(field for field in named if field.kind in _SAID)
    return Waiting(
        row.id, row.slug, row.title, row.language, row.board_name, row.board_slug, row.origin_network, row.created_at,
        request_id, shown, NEWCOMER in reasons,
    )  # fmt: skip


def _fields(session: Session, rows: Iterable[Row[*tuple[object, ...]]]) -> Mapping[int, frozenset[Field]]:
    found: defaultdict[int, set[Field]] = defaultdict(set)
    for row in rows:
        found[row.id].add(Field(FieldKind.BOARD, str(row.board_id)))
        if row.language:
            found[row.id].add(Field(FieldKind.LANGUAGE, row.language.split("-")[0]))
    tags = select(ThreadTag.thread_id, Tag.name).join(Tag, Tag.id == ThreadTag.tag_id)
    for thread_id, name in session.execute(tags.where(ThreadTag.thread_id.in_(list(found)))):
        found[thread_id].add(Field(FieldKind.TAG, name))
    return {number: frozenset(fields) for number, fields in found.items()}


def _profile(session: Session, me: Account, now: datetime) -> Mapping[Field, float]:
    rows = session.execute(
        select(Expertise.field, Expertise.subject, Expertise.weight, Expertise.learnt_at).where(
            Expertise.account_id == me.id, Expertise.field.in_(_PAGE_KINDS)
        )
    )
    known = {Field(FieldKind(kind), key): faded(weight, learnt_at, now) for kind, key, weight, learnt_at in rows}
    return {ANYWHERE: 0.0, **known}


def _muted(session: Session, me: Account) -> set[Field]:
    rows = session.execute(select(Mute.field, Mute.subject).where(Mute.account_id == me.id))
    return {Field(FieldKind(kind), key) for kind, key in rows}
