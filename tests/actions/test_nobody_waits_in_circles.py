"""Two who do different things about one answer at once, on a database that lets both write: the slower waits and both get through."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.actions.approve_reply import approve_reply
from forum.actions.decline_reply import decline_reply
from forum.actions.give_kudos import give_kudos, take_back_kudos
from forum.actions.give_points import hold_members
from forum.actions.withdraw_acceptance import withdraw_acceptance
from forum.kernel.database import lock
from forum.outbox.delivery import Delivery, State
from forum.people.account import Account
from forum.superfans.points import PointEntry
from forum.threads.acceptance import Acceptance
from forum.threads.post import Kudos, Post
from forum.threads.thread import Thread
from tests.actions.listening_world import ListeningWorld, an_answered_mention, listening_world
from tests.application import QuietParts
from tests.cast import Cast
from tests.scene import Clock, Stage

pytestmark = pytest.mark.postgres
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


@pytest.fixture
def database_url(postgres_url: str) -> str:
    return postgres_url


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session, Clock())


def wait_until_somebody_waits(parts: QuietParts) -> None:
    deadline = time.monotonic() + 30
    with parts.sessions() as session:
        while not session.scalar(WAITING):
            session.rollback()
            assert time.monotonic() < deadline, "nobody waits for a lock"
            time.sleep(0.01)


def meanwhile(
    parts: QuietParts, first: Callable[[], object], act: Callable[[Session], object], then: Callable[[], object]
) -> object:
    """`act` begins in a session of its own once `first` is done, waits, and goes on when `then` is done and committed."""

    def do() -> object:
        with parts.sessions.begin() as session:
            return act(session)

    first()
    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(do)
        wait_until_somebody_waits(parts)
        then()
        return waiting.result(timeout=30)


@pytest.mark.parametrize("taken_back", [False, True])
def test_kudos_and_the_withdrawal_of_the_acceptance(
    parts: QuietParts, session: Session, cast: Cast, stage: Stage, taken_back: bool
) -> None:
    thread = stage.thread(cast.ada)
    answer = stage.answer(thread, cast.bob)
    accept_answer(session, thread, answer, cast.ada, now=stage.clock.pass_by(minutes=1))
    if taken_back:
        give_kudos(session, thread, answer, cast.mallory, stage.clock())
    session.commit()
    now, ids = stage.clock.pass_by(minutes=1), (thread.id, answer.id, cast.mallory.id)

    def thank(other: Session) -> object:
        found = other.get_one(Thread, ids[0]), other.get_one(Post, ids[1]), other.get_one(Account, ids[2])
        return (take_back_kudos if taken_back else give_kudos)(other, *found, now)

    def withdraw() -> None:
        withdraw_acceptance(session, thread, cast.ada, now=now)
        session.commit()

    meanwhile(parts, lambda: lock(session, thread), thank, withdraw)
    session.expire_all()
    standing = 0 if taken_back else 1
    assert session.scalar(select(func.count(Kudos.id)).where(Kudos.taken_back_at.is_(None))) == standing
    assert (answer.kudos_count, thread.kudos_count) == (standing, standing)
    assert session.scalars(select(Acceptance.withdrawn_at)).one() is not None
    ledger = session.scalar(select(func.sum(PointEntry.points)).where(PointEntry.account_id == cast.bob.id))
    assert cast.bob.points == ledger and cast.bob.solutions == 0


@pytest.mark.parametrize("verdict", ["approve", "decline"])
def test_a_verdict_on_a_reply_and_the_withdrawal_of_its_acceptance(
    parts: QuietParts, session: Session, cast: Cast, verdict: str
) -> None:
    world: ListeningWorld = listening_world(parts.sessions)
    remote_id = world.posts("@routerly my wifi drops")[0]
    reply = an_answered_mention(session, world.connection_id, world.board_id, remote_id, cast.bob, State.HELD)
    session.commit()
    thread, now, ids = session.get_one(Thread, reply.thread_id), world.clock(), (reply.id, cast.ann.id)

    def decide(other: Session) -> object:
        delivery, ann = other.get_one(Delivery, ids[0]), other.get_one(Account, ids[1])
        if verdict == "approve":
            return approve_reply(other, delivery, ann, now=now)
        return decline_reply(other, delivery, ann, reason="Not so.", now=now)

    def begin() -> None:
        lock(session, thread)
        hold_members(session, [cast.bob.id])

    def withdraw() -> None:
        withdraw_acceptance(session, thread, cast.cleo, now=now)
        session.commit()

    assert meanwhile(parts, begin, decide, withdraw) is False  # there was nothing to decide any more
    session.expire_all()
    assert (reply.state, reply.refused_why, reply.approved_at) == (State.CANCELLED, None, None)
