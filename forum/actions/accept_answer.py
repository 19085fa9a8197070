"""Accept a post as the answer; the one place where a thread becomes solved."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.settle_word import settle_word
from forum.actions.withdraw_acceptance import standing_acceptance, withdraw
from forum.kernel.database import lock
from forum.kernel.errors import Conflict
from forum.kernel.messages import Message
from forum.ledger.claiming import open_claims
from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.outbox.making import index_thread, mirror
from forum.people.account import Account
from forum.people.permissions import Act, may, require
from forum.superfans.points import for_acceptance
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post
from forum.threads.thread import Kind, Thread


def accept_answer(
    session: Session,
    thread: Thread,
    post: Post,
    by: Account,
    *,
    word: Mention | None = None,
    days: int = 7,
    zone: tzinfo = UTC,
    now: datetime,
) -> Acceptance:
    """Accepting another post withdraws the acceptance that stood; accepting the same one again changes nothing.

    `word` is the asker's word on the network where staff accept on it; `days` a claim waits; `zone` is the company's.
    """
    lock(session, thread)
    _require_right(thread, post, by)
    if (standing := standing_acceptance(session, thread)) is not None:
        if standing.post_id == post.id:
            return standing
        if by.id not in {thread.author_id, standing.accepted_by_id}:
            require(by, Act.WITHDRAW_ANY_ACCEPTANCE)
        withdraw(session, thread, standing, by=by, why="another answer", zone=zone, now=now)
    acceptance = Acceptance(
        thread_id=thread.id,
        post_id=post.id,
        accepted_by_id=by.id,
        accepted_at=now,
        word_id=word.id if word else None,
    )
    session.add(acceptance)
    thread.solved_at = now
    session.flush()  # what follows needs its id
    mentions = _mentions(session, thread)
    _give_points(session, thread, post, acceptance, now)
    session.add_all(open_claims(acceptance, thread, post, mentions, days))
    approved = _goes_out_at_once(session, post, by)
    session.add_all(mirror(acceptance, mention, approved=approved, now=now) for mention in mentions)
    session.add(index_thread(thread.id, now))
    if word is not None:
        settle_word(word, by, now)
    session.flush()
    return acceptance


def may_accept(thread: Thread, post: Post, by: Account | None) -> bool:
    """Whether `by` could accept `post` now; the page asks the same rule as the action."""
    if by is None or thread.kind != Kind.QUESTION or post.number == 1 or post.hidden_at is not None:
        return False
    if thread.author_id is not None and thread.author_id == by.id:
        return may(by, Act.ACCEPT_ON_OWN_THREAD)
    return may(by, Act.ACCEPT_FOR_OTHERS) and (by.is_staff or post.author_id != by.id)


def _require_right(thread: Thread, post: Post, by: Account) -> None:
    if thread.kind != Kind.QUESTION or post.number == 1 or post.thread_id != thread.id or post.hidden_at is not None:
        raise Conflict(Message("This post cannot be accepted as an answer."))
    if not may_accept(thread, post, by):
        own = post.author_id == by.id and may(by, Act.ACCEPT_FOR_OTHERS)
        if own:
            raise Conflict(Message("Somebody else has to accept your own answer."))
        require(by, Act.WITHDRAW_ANY_ACCEPTANCE)  # strangers hold no such right, so this says no


def _mentions(session: Session, thread: Thread) -> list[Mention]:
    found = (
        select(Mention)
        .join(Connection)
        .where(Mention.thread_id == thread.id, Mention.opens_thread, Connection.removed_at.is_(None))
        .order_by(Mention.id)
    )
    return list(session.scalars(found))


def _give_points(session: Session, thread: Thread, post: Post, acceptance: Acceptance, now: datetime) -> None:
    """Nothing for one's own question or one's own acceptance."""
    if post.author_id is None or post.author_id in {thread.author_id, acceptance.accepted_by_id}:
        return
    entry = for_acceptance(post.author_id, acceptance.id, now)
    session.add(entry)
    author = session.get_one(Account, post.author_id)
    author.points = Account.points + entry.points
    author.solutions = Account.solutions + 1


def _goes_out_at_once(session: Session, post: Post, by: Account) -> bool:
    """The approval ladder: a trusted author's answer, or one that staff accepted, needs nobody's approval."""
    author = session.get(Account, post.author_id) if post.author_id else None
    return by.is_staff or (author is not None and may(author, Act.SEND_WITHOUT_APPROVAL))
