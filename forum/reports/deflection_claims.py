"""Claims with their evidence: those that wait and when they will be decided, those that qualified, those that lapsed and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from forum.ledger.claim import Claim, Kind, Outcome, Reason
from forum.ledger.contact import Contact, ContactFile, ContactMatch, FileState
from forum.ledger.deciding import Evidence, covers, why_it_lapses
from forum.ledger.entry import Entry
from forum.listening.connection import Connection
from forum.listening.mention import Mention, Word
from forum.outbox.delivery import Delivery
from forum.outbox.delivery import Kind as DeliveryKind
from forum.people.account import Account
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post
from forum.threads.private_boards import public_slug, public_title
from forum.threads.thread import Thread

PAGE = 25
STATES = ("waiting", "qualified", "lapsed")


@dataclass(frozen=True)
class ClaimRow:
    id: int
    kind: str
    thread_id: int
    thread_title: str  # empty: it stands on a private board
    thread_slug: str
    thread_hidden: bool
    network: str | None
    answered_by: str | None
    by_staff: bool
    intent: str | None
    channel: str | None
    opened_at: datetime
    due_at: datetime
    decided_at: datetime | None
    state: str  # waiting | qualified | lapsed
    reason: str | None  # of a lapse
    reversed: bool  # what it had counted was taken back
    grade: str | None  # as the ledger has it now, or had it last; None: it never had a row
    matched: int  # contacts of the asker's own within its days
    matchable: bool  # the asker can be found in contact data
    covered: bool  # contact data knows every day from its acceptance to its day
    evidence: Evidence
    outlook: Reason | None  # why it would lapse if nothing changed; None once decided

    @property
    def is_social(self) -> bool:
        return self.kind == Kind.SOCIAL


@dataclass(frozen=True)
class ClaimList:
    """Which claims: those in a state, of a kind, decided in a span, lapsed for a reason, with an answer by the asker."""

    state: str | None = None
    kind: str | None = None
    reason: str | None = None
    answered: bool = False  # only the cohort of the month's rate
    decided_from: datetime | None = None
    decided_until: datetime | None = None


@dataclass(frozen=True)
class ClaimPage:
    rows: Sequence[ClaimRow]
    older: str | None  # the key of the page behind this one


def list_claims(
    session: Session, wanted: ClaimList, *, after: str | None = None, limit: int = PAGE, zone: tzinfo = UTC
) -> ClaimPage:
    """Two queries, the latest first: an answer accepted a moment ago is what one looks for among those that wait."""
    waiting = wanted.state == "waiting"
    time = Claim.due_at if waiting else Claim.decided_at
    query = _rows().where(*_conditions(wanted))
    if (key := _key(session, after, waiting)) is not None:
        query = query.where(tuple_(time, Claim.id) < tuple_(*key))
    found = session.execute(query.order_by(time.desc(), Claim.id.desc()).limit(limit + 1)).all()
    spans = covered_spans(session)
    rows = [_row(row, spans, zone) for row in found[:limit]]
    return ClaimPage(rows, str(rows[-1].id) if len(found) > limit else None)


def claims_of_thread(session: Session, thread_id: int) -> Sequence[ClaimRow]:
    """The claims of the thread's latest acceptance, for staff who look at the thread; one query, so without coverage."""
    of_posts = select(func.max(Acceptance.id)).join(
        Post, Post.id == Acceptance.post_id
    )  # the index that knows all of them
    latest = of_posts.where(Post.thread_id == thread_id).scalar_subquery()
    query = _rows().where(Claim.thread_id == thread_id, Claim.acceptance_id == latest)
    return [_row(row, (), UTC) for row in session.execute(query.order_by(Claim.id))]


def answered() -> ColumnElement[bool]:
    """The cohort of the intent: direct claims whose asker answered, decided for no other reason than the answer."""
    came_to_its_day = or_(Claim.outcome == Outcome.QUALIFIED, Claim.reason == Reason.WOULD_NOT_HAVE_CONTACTED)
    return and_(Claim.kind == Kind.DIRECT, Claim.intent.is_not(None), came_to_its_day)


def covered_spans(session: Session) -> Sequence[tuple[date, date]]:
    """The spans of days, both ends included, that contact data knows in full."""
    rows = session.execute(
        select(ContactFile.covers_from, ContactFile.covers_until).where(
            ContactFile.state == FileState.IMPORTED, ContactFile.covers_from.is_not(None)
        )
    )
    return [(first, last) for first, last in rows if first is not None and last is not None]


def _conditions(wanted: ClaimList) -> list[ColumnElement[bool]]:
    states = {
        "waiting": Claim.decided_at.is_(None),
        "qualified": Claim.outcome == Outcome.QUALIFIED,
        "lapsed": Claim.outcome == Outcome.LAPSED,
        None: Claim.decided_at.is_not(None),
    }
    found = [states[wanted.state]]
    if wanted.kind is not None:
        found.append(Claim.kind == wanted.kind)
    if wanted.reason is not None:
        found.append(Claim.reason == wanted.reason)
    if wanted.answered:
        found.append(answered())
    if wanted.decided_from is not None and wanted.state != "waiting":
        found.append(Claim.decided_at >= wanted.decided_from)
    if wanted.decided_until is not None and wanted.state != "waiting":
        found.append(Claim.decided_at < wanted.decided_until)
    return found


def _rows() -> Select[*tuple[Any, ...]]:
    """Claims with what there is to see of each; the action that decides reads the same facts."""
    reply, back, staff = aliased(Delivery), aliased(Mention), aliased(Post)
    written, latest = aliased(Entry), aliased(Entry)
    came_back = exists().where(
        back.connection_id == Mention.connection_id,
        back.conversation_id == Mention.conversation_id,
        back.author_id == Mention.author_id,
        back.word == Word.UNSOLVED,
        back.created_at >= Claim.opened_at,
        back.created_at <= Claim.due_at,
    )
    by_staff = and_(staff.thread_id == Claim.thread_id, staff.by_staff)
    asked_by_staff = (  # as a value: an EXISTS would make PostgreSQL read all posts for a page of claims
        select(staff.by_staff)
        .where(staff.thread_id == Claim.thread_id, staff.number == 1)
        .correlate(Claim)
        .scalar_subquery()
    )
    is_reversed = (  # one that was regraded has rows that were taken back, too, but another stands
        select(func.sum(written.quantity) == 0).where(written.claim_id == Claim.id).correlate(Claim).scalar_subquery()
    )
    matched = (
        select(func.count())
        .select_from(ContactMatch)
        .join(Contact, Contact.id == ContactMatch.contact_id)
        .join(ContactFile, ContactFile.id == Contact.file_id)
        .where(ContactMatch.claim_id == Claim.id, ContactFile.state != FileState.WITHDRAWN)
        .correlate(Claim)
        .scalar_subquery()
    )
    grade = select(latest.grade).where(latest.claim_id == Claim.id).order_by(latest.id.desc()).limit(1)
    return (
        select(
            Claim, public_title().label("thread_title"), public_slug().label("slug"), Thread.hidden_at, Connection.title.label("network"),
            Account.display_name, Post.origin_author, Post.by_staff, reply.state.label("reply"), reply.settled_at.label("replied_at"),
            came_back.label("came_back"), func.coalesce(asked_by_staff, False).label("asked_by_staff"),
            exists().where(by_staff, staff.created_at <= Claim.due_at).label("agent_replied"),
            is_reversed.label("reversed"), Acceptance.withdrawn_at, matched.label("matched"),
            grade.correlate(Claim).scalar_subquery().label("grade"),
        )
        .join(Thread, Thread.id == Claim.thread_id)
        .join(Acceptance, Acceptance.id == Claim.acceptance_id)
        .join(Post, Post.id == Acceptance.post_id)
        .outerjoin(Account, Account.id == Post.author_id)
        .outerjoin(Mention, Mention.id == Claim.mention_id)
        .outerjoin(Connection, Connection.id == Mention.connection_id)
        .outerjoin(reply, and_(reply.acceptance_id == Claim.acceptance_id, reply.mention_id == Claim.mention_id, reply.kind == DeliveryKind.REPLY))
    )  # fmt: skip


def _row(row: Any, spans: Sequence[tuple[date, date]], zone: tzinfo) -> ClaimRow:
    claim: Claim = row.Claim
    covered = covers(spans, claim.opened_at.astimezone(zone).date(), claim.due_at.astimezone(zone).date())
    evidence = Evidence(
        asked_by_staff=row.asked_by_staff,
        withdrawn=row.withdrawn_at is not None,
        contacted=row.matched > 0,
        covered=covered,
    )
    if claim.kind == Kind.SOCIAL:
        evidence = replace(
            evidence,
            agent_replied=row.agent_replied,
            came_back=row.came_back,
            reply=row.reply,
            replied_at=row.replied_at,
        )
    return ClaimRow(
        id=claim.id,
        kind=claim.kind,
        thread_id=claim.thread_id,
        thread_title=row.thread_title,
        thread_slug=row.slug,
        thread_hidden=row.hidden_at is not None or not row.thread_title,
        network=row.network,
        answered_by=row.display_name or row.origin_author,
        by_staff=row.by_staff,
        intent=claim.intent,
        channel=claim.channel,
        opened_at=claim.opened_at,
        due_at=claim.due_at,
        decided_at=claim.decided_at,
        state=claim.outcome or "waiting",
        reason=claim.reason,
        reversed=bool(row.reversed),  # None: it has no row yet
        grade=row.grade,
        matched=row.matched,
        matchable=claim.matchable_at is not None,
        covered=covered,
        evidence=evidence,
        outlook=why_it_lapses(claim, evidence) if claim.decided_at is None else None,
    )


def _key(session: Session, after: str | None, waiting: bool) -> tuple[datetime, int] | None:
    """The spot of the claim that `after` names; a name of none is ignored."""
    if after is None or not after.isascii() or not after.isdecimal() or len(after) > 17:
        return None
    claim = session.get(Claim, int(after))
    time = None if claim is None else claim.due_at if waiting else claim.decided_at
    return (time, int(after)) if time is not None else None
