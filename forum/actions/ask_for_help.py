"""Ask the handful of members who are likely to answer a question well and soon; later others, and in the end staff.

The search for a thread is a row, made with the thread. One worker at a time in the whole house takes steps: two might each ask
somebody who wants one question a day. Each step is one commit, so a worker may be killed anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.help_candidates import find_candidates
from forum.actions.learn_expertise import fields_of_thread
from forum.actions.tell import About, tell
from forum.kernel.database import take_turns
from forum.ledger.report_view import ResponseTarget
from forum.listening.connection import Connection
from forum.listening.mention import Mention, Route
from forum.notices.events import HELP_WANTED, MENTION_WAITING, UNANSWERED, Event
from forum.people.account import Account
from forum.people.roles import STAFF
from forum.search.port import Subjects
from forum.superfans.help_waves import TARGET, Step, next_step
from forum.superfans.helping import HelpRequest, HelpRound
from forum.superfans.routing import Choice, Question, choose
from forum.threads.post import Post
from forum.threads.thread import Kind, Thread

AT_ONCE = 20
STALE_AFTER = timedelta(days=7)  # nobody is asked out of the blue for what is so old, as after a long standstill
NEWCOMER = "newcomer"  # the reason of whoever has the newcomers' place


@dataclass(frozen=True)
class Telling:
    """Telling holds the account until the transaction ends, so it waits until all who are told are known."""

    account_id: int
    event: Event
    about: About


def seek_help(session: Session, thread: Thread, now: datetime) -> None:
    """Begin the search for a new question, in the commit that opens it; other kinds of threads need no answer."""
    if thread.kind == Kind.QUESTION:
        session.add(HelpRound(thread_id=thread.id, begun_at=now, due_at=now))


def ask_for_help(session: Session, subjects: Subjects, now: datetime) -> int:
    """Take the steps that are due, and say how many; the caller commits and asks again until 0."""
    take_turns(session, "help")
    due = select(HelpRound).where(HelpRound.due_at <= now).order_by(HelpRound.due_at, HelpRound.thread_id)
    rounds = session.scalars(due.limit(AT_ONCE).with_for_update(skip_locked=True)).all()
    tellings = [telling for one in rounds for telling in _take_step(session, one, subjects, now)]
    for telling in sorted(tellings, key=lambda one: one.account_id):  # as everybody who holds several accounts
        tell(session, telling.account_id, telling.event, telling.about, now)
    session.flush()
    return len(rounds)


def _take_step(session: Session, one: HelpRound, subjects: Subjects, now: datetime) -> Iterable[Telling]:
    """Take what step is due, and say who is to be told of it."""
    thread = session.get_one(Thread, one.thread_id)
    stale = now - one.begun_at > STALE_AFTER
    if stale or not waits_for_an_answer(thread) or not _is_for_the_community(session, thread):
        one.due_at = None
        return ()
    target = target_of(session, thread)
    planned = next_step(one.begun_at, one.wave, target)
    if planned.at > now:  # its day was put off by a new target
        one.due_at = planned.at
        return ()
    if planned.step == Step.MEMBERS:
        one.wave += 1
        one.due_at = next_step(one.begun_at, one.wave, target).at
        return _ask_members(session, thread, one.wave, subjects, now)
    one.due_at = None
    return [
        Telling(staff, UNANSWERED, About(f"unanswered:{thread.id}", thread_id=thread.id)) for staff in _staff(session)
    ]


def waits_for_an_answer(thread: Thread) -> bool:
    """Nobody but the asker has replied, and everybody may."""
    closed = thread.solved_at or thread.locked_at or thread.hidden_at or thread.first_reply_at
    return thread.kind == Kind.QUESTION and closed is None


def target_of(session: Session, thread: Thread) -> timedelta:
    """The time within which the company wants an answer: of the thread's network, else of all, else TARGET."""
    kinds = select(Connection.kind).where(Connection.title == thread.origin_network)
    rows = session.scalars(
        select(ResponseTarget)
        .where(ResponseTarget.minutes > 0)
        .where((ResponseTarget.network == "") | ResponseTarget.network.in_(kinds))
        .order_by(ResponseTarget.network == "", ResponseTarget.id.desc())
    ).all()
    own = [one for one in rows if one.network == rows[0].network]
    return timedelta(minutes=min(one.minutes for one in own)) if own else TARGET


def _is_for_the_community(session: Session, thread: Thread) -> bool:
    """A mention that somebody has routed away meanwhile is no longer for members."""
    routes = session.scalars(select(Mention.route).where(Mention.thread_id == thread.id, Mention.opens_thread)).all()
    return not routes or Route.COMMUNITY in routes


def _ask_members(session: Session, thread: Thread, wave: int, subjects: Subjects, now: datetime) -> Iterable[Telling]:
    text = session.scalar(select(Post.plain).where(Post.thread_id == thread.id, Post.number == 1)) or ""
    fields = fields_of_thread(session, thread, text, subjects)
    found = find_candidates(session, thread, fields, now)
    chosen = choose(Question(thread.id, fields), found.candidates, found.rarity)
    return [_ask(session, thread, choice, wave, now) for choice in chosen]


def _ask(session: Session, thread: Thread, choice: Choice, wave: int, now: datetime) -> Telling:
    reasons = [str(field) for field in choice.fields] + [NEWCOMER] * choice.explored
    session.add(
        HelpRequest(
            thread_id=thread.id,
            account_id=choice.account_id,
            wave=wave,
            score=choice.score,
            reasons=reasons,
            asked_at=now,
        )
    )
    session.flush()
    event = MENTION_WAITING if thread.origin_network else HELP_WANTED
    details = {"reasons": reasons, "path": f"/help-now/{thread.id}"}  # the answer's box, in focus
    about = About(f"help:{thread.id}", thread_id=thread.id, by_id=thread.author_id, details=details)
    return Telling(choice.account_id, event, about)


def _staff(session: Session) -> Iterable[int]:
    return session.scalars(
        select(Account.id).where(Account.role.in_(STAFF), Account.closed_at.is_(None)).order_by(Account.id)
    ).all()
