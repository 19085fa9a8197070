"""What looks like gaming, for the staff who settle it: who, the evidence in words, what can be decided, who decided what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.kernel.messages import Message
from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.reports.suspicion_words import words_of, words_of_member
from forum.superfans.suspicion import Suspicion, SuspicionKind, SuspicionMember, SuspicionState
from forum.threads.post import Kudos
from forum.threads.thread import Thread

PAGE = 20


class Which(StrEnum):
    """The lists of the page."""

    OPEN = "open"
    VOIDED = "voided"
    DISMISSED = "dismissed"


@dataclass(frozen=True)
class Suspect:
    account_id: int
    name: str
    display_name: str
    told: Message | None  # of a ring: what this member gave to the others


@dataclass(frozen=True)
class NamedThread:
    id: int
    slug: str
    title: str


@dataclass(frozen=True)
class Step:
    who: str
    at: datetime
    verdict: str  # void | dismiss | reopen
    kudos: int
    why: str


@dataclass(frozen=True)
class SuspicionRow:
    id: int
    kind: str
    state: str
    found_at: datetime
    settled_at: datetime | None
    by_job: bool  # the nightly job voided it
    people: Sequence[Suspect]
    evidence: Sequence[Message]
    threads: Sequence[NamedThread]
    voided: int  # kudos that count no more because of it
    steps: Sequence[Step]


@dataclass(frozen=True)
class SuspicionPage:
    rows: Sequence[SuspicionRow]
    older: int | None  # the id before which the older ones stand


def count_suspicions(session: Session) -> Mapping[str, int]:
    counted = dict(session.execute(select(Suspicion.state, func.count()).group_by(Suspicion.state)).all())
    return {which: counted.get(which, 0) for which in Which}


def list_suspicions(session: Session, which: Which, before: int | None = None) -> SuspicionPage:
    """The latest first. Six queries, however many there are."""
    query = select(Suspicion).where(Suspicion.state == SuspicionState(which)).order_by(Suspicion.id.desc())
    if before is not None:
        query = query.where(Suspicion.id < before)
    found = session.scalars(query.limit(PAGE + 1)).all()
    return SuspicionPage(_rows(session, found[:PAGE]), found[PAGE - 1].id if len(found) > PAGE else None)


def _rows(session: Session, found: Sequence[Suspicion]) -> Sequence[SuspicionRow]:
    ids = [one.id for one in found]
    people, steps, threads = _people(session, ids), _steps(session, ids), _threads(session, found)
    voided = select(Kudos.voided_by, func.count()).where(Kudos.voided_by.in_(ids)).group_by(Kudos.voided_by)
    counts: dict[int | None, int] = dict(session.execute(voided).all())
    return [
        SuspicionRow(
            id=one.id,
            kind=one.kind,
            state=one.state,
            found_at=one.found_at,
            settled_at=one.settled_at,
            by_job=one.state == SuspicionState.VOIDED and one.settled_by_id is None,
            people=[_suspect(account, one) for account in people.get(one.id, ())],
            evidence=words_of(one.kind, one.evidence, {who.id: who.display_name for who in people.get(one.id, ())}),
            threads=[threads[thread] for thread in one.evidence.get("threads", ()) if thread in threads],
            voided=counts.get(one.id, 0),
            steps=steps.get(f"suspicion:{one.id}", ()),
        )
        for one in found
    ]


def _suspect(account: Account, suspicion: Suspicion) -> Suspect:
    told = None
    if suspicion.kind == SuspicionKind.RING:
        facts = {member["account"]: member for member in suspicion.evidence.get("members", ())}
        told = words_of_member(facts[account.id]) if account.id in facts else None
    return Suspect(account.id, account.name, account.display_name, told)


def _people(session: Session, ids: Sequence[int]) -> Mapping[int, Sequence[Account]]:
    rows = session.execute(
        select(SuspicionMember.suspicion_id, Account)
        .join(Account, Account.id == SuspicionMember.account_id)
        .where(SuspicionMember.suspicion_id.in_(ids))
        .order_by(Account.name_key)
    )
    people: dict[int, list[Account]] = defaultdict(list)
    for suspicion_id, account in rows:
        people[suspicion_id].append(account)
    return people


def _steps(session: Session, ids: Sequence[int]) -> Mapping[str, Sequence[Step]]:
    rows = session.execute(
        select(LogEntry, Account.display_name)
        .join(Account, Account.id == LogEntry.by_id)
        .where(LogEntry.about.in_([f"suspicion:{one}" for one in ids]))
        .order_by(LogEntry.id)
    )
    steps: dict[str, list[Step]] = defaultdict(list)
    for entry, name in rows:
        told = entry.details
        steps[entry.about].append(Step(name, entry.at, told["verdict"], int(told["kudos"]), told["why"]))
    return steps


def _threads(session: Session, found: Sequence[Suspicion]) -> Mapping[int, NamedThread]:
    ids = {thread for one in found for thread in one.evidence.get("threads", ())}
    rows = session.execute(select(Thread.id, Thread.slug, Thread.title).where(Thread.id.in_(ids)))
    return {row.id: NamedThread(row.id, row.slug, row.title) for row in rows}
