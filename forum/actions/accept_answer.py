"""Accept a post as the answer; the one place where a thread becomes solved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo

from sqlalchemy import func, not_, or_, select
from sqlalchemy.orm import Session

from forum.actions.give_points import Earning, give_points, hold_members, review_soon
from forum.actions.settle_word import settle_word
from forum.actions.tell import About, tell
from forum.actions.withdraw_acceptance import standing_acceptance, withdraw
from forum.kernel.database import lock
from forum.kernel.errors import Conflict
from forum.kernel.messages import Message
from forum.ledger.claiming import open_claims
from forum.listening.connection import Connection
from forum.listening.mention import Mention
from forum.notices.events import ACCEPTED as ACCEPTED_EVENT
from forum.outbox.making import index_thread, mirror, news
from forum.people.account import Account
from forum.people.permissions import Act, may, require
from forum.superfans.causes import ACCEPTED, ACCEPTED_MENTION, FIRST_TO_SOLVE
from forum.threads.acceptance import Acceptance
from forum.threads.board import Board
from forum.threads.post import Post
from forum.threads.private_boards import may_read_board, require_readable
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
    history: bool = False,
    now: datetime,
) -> Acceptance:
    """Accepting another post withdraws the acceptance that stood; accepting the same one again changes nothing.

    `word` is the asker's word on the network where staff accept on it; `days` a claim waits; `zone` is the company's.
    `history`: it happened in another community long ago, so it saved this company nothing and nobody is told.
    """
    lock(session, thread)
    require_readable(session, thread, by)
    _require_right(thread, post, by)
    if (standing := standing_acceptance(session, thread)) is not None:
        if standing.post_id == post.id:
            return standing
        if by.id not in {thread.author_id, standing.accepted_by_id}:
            require(by, Act.WITHDRAW_ANY_ACCEPTANCE)
    _hold_members(session, thread, post, standing)
    if standing is not None:
        withdraw(session, thread, standing, by=by, why="another answer", zone=zone, now=now)
    acceptance = _add(session, thread, post, by, word, now)
    _give_points(session, thread, post, acceptance)
    review_soon(session, [thread.author_id] if thread.author_id is not None else [], now)
    if history:
        return acceptance
    mentions = _mentions(session, thread)
    if may_read_board(session.get_one(Board, thread.board_id), None):  # a private one spares nobody a contact
        session.add_all(open_claims(acceptance, thread, post, mentions, days))
    _tell_author(session, thread, post, by, acceptance)
    session.add_all((news("acceptance", acceptance.id, thread.id, now), index_thread(thread.id, now)))
    _answer_back(session, acceptance, mentions, approved=_goes_out_at_once(session, post, by))
    if word is not None:
        settle_word(word, by, now)
    session.flush()
    return acceptance


def _add(session: Session, thread: Thread, post: Post, by: Account, word: Mention | None, now: datetime) -> Acceptance:
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
    return acceptance


def _answer_back(session: Session, acceptance: Acceptance, mentions: Sequence[Mention], *, approved: bool) -> None:
    """A reply to each who asked on a network; staff hear of those that wait for them."""
    now = acceptance.accepted_at
    replies = [mirror(acceptance, mention, approved=approved, now=now) for mention in mentions]
    session.add_all(replies)
    session.flush()
    if not approved:
        session.add_all(news("held", reply.id, acceptance.thread_id, now) for reply in replies)


def _hold_members(session: Session, thread: Thread, post: Post, standing: Acceptance | None) -> None:
    """Points may go from one member to another, and the asker's figures change too."""
    other = session.scalar(select(Post.author_id).where(Post.id == standing.post_id)) if standing else None
    hold_members(session, [thread.author_id, post.author_id, other])


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


def _give_points(session: Session, thread: Thread, post: Post, acceptance: Acceptance) -> None:
    """Nothing for one's own question or one's own acceptance."""
    if post.author_id is None or post.author_id in {thread.author_id, acceptance.accepted_by_id}:
        return
    told = Earning(post.author_id, thread, acceptance.accepted_at)
    give_points(session, ACCEPTED, acceptance.id, told)
    if thread.origin_network is not None:
        give_points(session, ACCEPTED_MENTION, acceptance.id, told)
    if _solved_first(session, thread, post, acceptance):
        give_points(session, FIRST_TO_SOLVE, acceptance.id, told)


def _solved_first(session: Session, thread: Thread, post: Post, acceptance: Acceptance) -> bool:
    """The first reply by anybody but the asker is the first answer that was ever accepted here."""
    asker = or_(Post.author_id == thread.author_id, Post.origin_author.is_not(None))
    earlier = select(Post.id).where(
        Post.thread_id == thread.id, Post.number > 1, Post.number < post.number, not_(func.coalesce(asker, False))
    )
    accepted = select(Acceptance.id).where(Acceptance.thread_id == thread.id, Acceptance.id != acceptance.id)
    return session.scalar(earlier.limit(1)) is None and session.scalar(accepted.limit(1)) is None


def _tell_author(session: Session, thread: Thread, post: Post, by: Account, acceptance: Acceptance) -> None:
    if post.author_id is not None:
        about = About(f"acceptance:{acceptance.id}", thread.id, post.id, by.id)
        tell(session, post.author_id, ACCEPTED_EVENT, about, acceptance.accepted_at)


def _goes_out_at_once(session: Session, post: Post, by: Account) -> bool:
    """The approval ladder: a trusted author's answer, or one that staff accepted, needs nobody's approval."""
    author = session.get(Account, post.author_id) if post.author_id else None
    return by.is_staff or (author is not None and may(author, Act.SEND_WITHOUT_APPROVAL))
