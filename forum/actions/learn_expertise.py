"""Learn what a member knows from the answers they gave, anew each time: the same answers always give the same rows.

What stands on a private board teaches nothing: its tags and terms would be told to who may no longer read them.
Whatever changes an answer leaves a mark; a worker learns the marked members. Reading and weighing hold no lock; one short commit a
member keeps what was learnt, and a mark that came meanwhile stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, CursorResult, Select, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased, sessionmaker

from forum.kernel.database import writing
from forum.people.account import Account
from forum.search.port import Subjects
from forum.superfans.availability import count_hours
from forum.superfans.expertise import Evidence, Field, FieldKind, lowered, profile
from forum.superfans.helping import Availability, Expertise, ExpertiseDue, HelpRequest, Reply
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post
from forum.threads.private_boards import thread_is_private
from forum.threads.thread import Kind, Tag, Thread, ThreadTag

LOOK_BACK = timedelta(days=730)  # eight half-lives: what is older weighs nothing
MOST_ANSWERS = 500  # of one member, the latest: more say nothing new
REFUSALS_FOR = timedelta(days=365)
LEARN_ANEW_AFTER = timedelta(days=30)  # so that weights which nobody marks fade in the database too
LONGEST_SUBJECT = 80


@dataclass(frozen=True)
class Learnt:
    weights: Mapping[Field, float]
    hours: Sequence[float]
    last_here_at: datetime | None
    answers: int


def learn_soon(session: Session, account_ids: Iterable[int], now: datetime) -> None:
    """Leave a mark in the commit of whatever changed their answers."""
    rows = [{"account_id": one, "since": now, "mark": str(uuid4())} for one in sorted(set(account_ids))]
    if rows:
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        made = dialect.insert(ExpertiseDue).values(rows)
        session.execute(made.on_conflict_do_update(index_elements=["account_id"], set_={"mark": made.excluded.mark}))


def learn_authors_soon(session: Session, threads: ColumnElement[bool], now: datetime) -> None:
    """Mark whoever wrote in the threads that this condition names: a board was closed or opened, or a thread moved.

    They are held, in the order of their ids, as whoever marks several holds them.
    """
    wrote = select(Post.author_id).join(Thread, Thread.id == Post.thread_id).where(threads, Post.number > 1)
    held = select(Account.id).where(Account.id.in_(wrote)).order_by(Account.id).with_for_update(key_share=True)
    learn_soon(session, session.scalars(held).all(), now)


def learn_due(sessions: sessionmaker[Session], subjects: Subjects, now: datetime, most: int = 50) -> int:
    """Learn the members marked longest ago, one commit each, and say how many; the caller asks again until 0."""
    with sessions() as session:
        oldest = select(ExpertiseDue.account_id, ExpertiseDue.mark).order_by(ExpertiseDue.since).limit(most)
        marks = session.execute(oldest).all()
    for account_id, mark in marks:
        with sessions() as session:
            learnt = learn(session, account_id, subjects, now)
        with writing(), sessions.begin() as session:
            if _take_mark(session, account_id, mark):
                keep(session, account_id, learnt, now)
    return len(marks)


def _take_mark(session: Session, account_id: int, mark: str) -> bool:
    """False where another worker took it, or something came that this one has not seen: the mark of that stays."""
    seen = (ExpertiseDue.account_id == account_id, ExpertiseDue.mark == mark)
    taken = session.execute(delete(ExpertiseDue).where(*seen))
    return isinstance(taken, CursorResult) and taken.rowcount == 1


def learn_anew(session: Session, now: datetime, most: int = 1000) -> int:
    """Nightly: mark those who were learnt long ago, so that what faded away leaves the database."""
    old = select(Availability.account_id).where(Availability.learnt_at < now - LEARN_ANEW_AFTER)
    found = session.scalars(old.order_by(Availability.learnt_at).limit(most)).all()
    learn_soon(session, found, now)
    return len(found)


def learn(session: Session, account_id: int, subjects: Subjects, now: datetime) -> Learnt:
    """What the member's answers say at `now`; changes nothing."""
    answers = _answers(session, account_id, now)
    fields = _fields_of(session, answers, subjects)
    evidence = (Evidence(one.at, one.solved, one.kudos, fields[one.thread_id]) for one in answers)
    times = [one.at for one in answers]
    return Learnt(
        lowered(profile(evidence, now), _refusals(session, account_id, now)),
        count_hours(times, UTC),
        max(times, default=None),
        _count(session, account_id),
    )


def keep(session: Session, account_id: int, learnt: Learnt, now: datetime) -> None:
    """Put what was learnt in place of what stood. Two at once wait for each other at the account's row."""
    account = session.get(Account, account_id, with_for_update={"key_share": True})
    session.execute(delete(Expertise).where(Expertise.account_id == account_id))
    if account is None or account.closed_at is not None:
        return
    rows = [
        {"account_id": account_id, "field": field.kind, "subject": field.key, "weight": weight, "learnt_at": now}
        for field, weight in learnt.weights.items()
    ]
    if rows:
        session.execute(insert(Expertise), rows)
    availability = availability_of(session, account_id)
    availability.hours, availability.last_here_at = list(learnt.hours), learnt.last_here_at
    availability.answers, availability.learnt_at = learnt.answers, now
    session.flush()


def availability_of(session: Session, account_id: int) -> Availability:
    """The member's row, made where there is none; the caller holds the account's row."""
    found = session.get(Availability, account_id)
    if found is None:
        found = Availability(account_id=account_id, hours=[], asks_a_day=3, answers=0)
        session.add(found)
    return found


def fields_of_thread(session: Session, thread: Thread, text: str, subjects: Subjects) -> frozenset[Field]:
    """What a question is about. `text` is its first post as plain text."""
    tags = _tags_of(session, [thread.id])[thread.id]
    return _fields(thread.board_id, thread.language, tags, f"{thread.title}\n{text}", subjects)


@dataclass(frozen=True)
class _Answer:
    thread_id: int
    at: datetime
    kudos: int
    solved: bool


def _answers(session: Session, account_id: int, now: datetime) -> Sequence[_Answer]:
    """Replies to others' questions, the latest first. Nothing solved by one's own word."""
    standing = (
        select(Acceptance.id)
        .where(
            Acceptance.post_id == Post.id, Acceptance.withdrawn_at.is_(None), Acceptance.accepted_by_id != account_id
        )
        .exists()
    )
    found = _replies(account_id, select(Post.thread_id, Post.created_at, Post.kudos_count, standing))
    latest = found.where(Post.created_at > now - LOOK_BACK).order_by(Post.created_at.desc(), Post.id.desc())
    return [_Answer(*row) for row in session.execute(latest.limit(MOST_ANSWERS))]


def _count(session: Session, account_id: int) -> int:
    return session.scalar(_replies(account_id, select(func.count()))) or 0


def _replies(account_id: int, columns: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        columns.select_from(Post)
        .join(Thread, Thread.id == Post.thread_id)
        .where(Post.author_id == account_id, Post.number > 1, Post.hidden_at.is_(None))
        .where(Thread.kind == Kind.QUESTION, Thread.hidden_at.is_(None), ~thread_is_private())
        .where(func.coalesce(Thread.author_id, 0) != account_id)
    )


def _fields_of(session: Session, answers: Sequence[_Answer], subjects: Subjects) -> Mapping[int, frozenset[Field]]:
    ids = sorted({one.thread_id for one in answers})
    tags, first = _tags_of(session, ids), aliased(Post)
    rows = session.execute(
        select(Thread.id, Thread.board_id, Thread.language, Thread.title, first.plain)
        .join(first, (first.thread_id == Thread.id) & (first.number == 1))
        .where(Thread.id.in_(ids))
    )
    return {
        number: _fields(board_id, language, tags[number], f"{title}\n{text}", subjects)
        for number, board_id, language, title, text in rows
    }


def _fields(
    board_id: int, language: str | None, tags: Iterable[str], text: str, subjects: Subjects
) -> frozenset[Field]:
    about = subjects(text)
    found = {Field(FieldKind.BOARD, str(board_id))}
    found |= {Field(FieldKind.TAG, tag) for tag in tags}
    found |= {Field(FieldKind.TERM, term[:LONGEST_SUBJECT]) for term in about.terms}
    found |= {Field(FieldKind.PRODUCT, name[:LONGEST_SUBJECT]) for name in about.products}
    if language:
        found.add(Field(FieldKind.LANGUAGE, language.split("-")[0]))
    return frozenset(found)


def _tags_of(session: Session, thread_ids: Sequence[int]) -> Mapping[int, list[str]]:
    tags: defaultdict[int, list[str]] = defaultdict(list)
    named = select(ThreadTag.thread_id, Tag.name).join(Tag, Tag.id == ThreadTag.tag_id)
    for thread_id, name in session.execute(named.where(ThreadTag.thread_id.in_(thread_ids))):
        tags[thread_id].append(name)
    return tags


def _refusals(session: Session, account_id: int, now: datetime) -> list[Field]:
    """The fields of each request of which the member said: not my thing."""
    refused = select(HelpRequest.reasons).where(
        HelpRequest.account_id == account_id,
        HelpRequest.reply == Reply.NOT_MINE,
        HelpRequest.asked_at > now - REFUSALS_FOR,
    )
    named = (Field.named(name) for reasons in session.scalars(refused) for name in reasons)
    return [field for field in named if field is not None]
