"""Withdraw an acceptance: points, claims and entries go back by new rows, mirrored replies are called back."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.give_points import hold_members, review_soon, take_points_back
from forum.actions.settle_claims import settle_claims
from forum.actions.settle_reader_weeks import mark_readers_of
from forum.actions.settle_word import settle_word
from forum.kernel.database import lock
from forum.kernel.errors import Conflict
from forum.kernel.messages import Message
from forum.ledger.claim import Claim, Reason
from forum.ledger.claiming import lapse
from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.outbox.claiming import call_back
from forum.outbox.delivery import Delivery, Kind
from forum.outbox.making import index_thread, retract
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.superfans.causes import ACCEPTED, ACCEPTED_MENTION, FIRST_TO_SOLVE
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post
from forum.threads.private_boards import require_readable
from forum.threads.thread import Thread


def withdraw_acceptance(
    session: Session,
    thread: Thread,
    by: Account,
    *,
    why: str = "",
    word: Mention | None = None,
    zone: tzinfo = UTC,
    now: datetime,
) -> None:
    """The asker says "not solved after all", whoever accepted withdraws, or staff do; `word` is what they do it on."""
    lock(session, thread)
    require_readable(session, thread, by)
    acceptance = standing_acceptance(session, thread)
    if acceptance is None:
        raise Conflict(Message("No answer is accepted here."))
    mine = by.id in {thread.author_id, acceptance.accepted_by_id}
    require(by, Act.REOPEN_OWN_THREAD if mine else Act.WITHDRAW_ANY_ACCEPTANCE)
    withdraw(session, thread, acceptance, by=by, why=why, zone=zone, now=now)
    if word is not None:
        settle_word(word, by, now)


def standing_acceptance(session: Session, thread: Thread) -> Acceptance | None:
    return session.scalar(
        select(Acceptance).where(Acceptance.thread_id == thread.id, Acceptance.withdrawn_at.is_(None))
    )


def withdraw(
    session: Session, thread: Thread, acceptance: Acceptance, *, by: Account, why: str, zone: tzinfo, now: datetime
) -> None:
    """What every withdrawal does, without asking who may; the caller holds the thread's row."""
    author_id = session.scalar(select(Post.author_id).where(Post.id == acceptance.post_id))
    hold_members(session, [thread.author_id, author_id])
    acceptance.withdrawn_at, acceptance.withdrawn_by_id, acceptance.withdrawn_why = now, by.id, why[:300] or None
    thread.solved_at = None
    session.flush()  # the partial unique index must see it before another acceptance comes
    take_points_back(session, [ACCEPTED, ACCEPTED_MENTION, FIRST_TO_SOLVE], acceptance.id, now)
    review_soon(session, [one for one in (thread.author_id, author_id) if one is not None], now)
    _take_claims_back(session, acceptance, zone, now)
    _call_replies_back(session, acceptance, now)
    session.add(index_thread(thread.id, now))
    session.flush()


def _take_claims_back(session: Session, acceptance: Acceptance, zone: tzinfo, now: datetime) -> None:
    """Waits for a worker that is deciding one of the claims: what it decides stands, and its entry is then reversed."""
    claims = (
        select(Claim)
        .where(Claim.acceptance_id == acceptance.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    taken = session.scalars(claims).all()
    mark_readers_of(session, acceptance.id, now)
    decided = []
    for claim in taken:
        if claim.decided_at is None:
            lapse(claim, Reason.WITHDRAWN, now)
        else:
            decided.append(claim)
    settle_claims(session, decided, zone, now, at=now)


def _call_replies_back(session: Session, acceptance: Acceptance, now: datetime) -> None:
    replies = (
        select(Delivery, Connection.withdrawal)
        .join(Mention, Mention.id == Delivery.mention_id)
        .join(Connection)
        .where(Delivery.acceptance_id == acceptance.id, Delivery.kind == Kind.REPLY)
    )
    for reply, policy in session.execute(replies).all():
        if reply.state != "cancelled" and not call_back(session, reply, now):
            session.add(retract(reply, policy, now))
