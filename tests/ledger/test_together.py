"""Two workers at once, and a withdrawal in the middle: one row stands in the end, or none. PostgreSQL alone lets them meet."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.actions.match_contacts import hold_contacts
from forum.actions.qualify_claims import qualify_claims, review_claims
from forum.actions.settle_due import settle_due
from forum.actions.settle_reader_weeks import qualify_reader_weeks, review_reader_weeks
from forum.actions.withdraw_acceptance import withdraw_acceptance
from forum.ledger.claim import Claim
from forum.ledger.contact import ContactMatch
from forum.ledger.entry import Entry
from forum.ledger.reader_week import ReaderWeek
from forum.people.account import Account
from forum.threads.thread import Thread
from tests.ledger.world import DAYS, KEYS, ZONE, World, check

pytestmark = pytest.mark.postgres

Step = Callable[[Session], object]


@pytest.fixture
def world(postgres_url: str) -> Iterator[World]:
    """Ada's question is solved, three people read it, and everything has come to its day."""
    world = World(postgres_url)
    thread = world.ask(world.cast.ada)
    world.accept(thread, world.answer(thread, world.cast.bob))
    for reader in ("r1", "r2", "mallory"):
        world.view(reader, thread)
    world.days_pass(22)
    yield world
    world.end()


def together(world: World, *works: Callable[[], object]) -> None:
    """Begin all at one moment and wait for each; whatever one of them raises is raised here."""
    begin, raised = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        begin.wait()
        try:
            work()
        except BaseException as error:  # noqa: BLE001  raised again by the test
            raised.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=30)
    assert not any(one.is_alive() for one in threads)
    if raised:
        raise raised[0]


def settle(world: World) -> None:
    settle_due(world.sessions, ZONE, world.clock(), days=DAYS, keys=KEYS)


def withdraw(world: World) -> None:
    with world.sessions.begin() as session:
        thread, cleo = session.scalars(select(Thread)).one(), session.get_one(Account, world.cast.cleo.id)
        withdraw_acceptance(session, thread, cleo, zone=ZONE, now=world.clock() + timedelta(minutes=1))


def standing(world: World) -> int:
    found = world.session.scalar(select(func.coalesce(func.sum(Entry.quantity), 0)))
    world.session.rollback()
    return int(found or 0)


def test_four_workers_settle_each_unit_once(world: World) -> None:
    together(world, *[lambda: settle(world)] * 4)
    assert (standing(world), len(world.rows())) == (4, 4)
    check(world)


def test_four_workers_review_each_unit_once(world: World) -> None:
    settle(world)
    now = world.clock()
    for week in world.session.scalars(select(ReaderWeek)):
        week.bot_at, week.review_from = now, now
    world.session.commit()
    together(world, *[lambda: settle(world)] * 4)
    assert (standing(world), len(world.rows())) == (1, 7)
    check(world)


@pytest.mark.parametrize("_round", range(4))
def test_a_withdrawal_amid_the_workers_leaves_nothing_standing(world: World, _round: int) -> None:
    together(world, lambda: settle(world), lambda: withdraw(world), lambda: settle(world))
    settle(world)
    assert standing(world) == 0
    check(world)


@pytest.mark.parametrize(
    ("decide", "review"),
    [
        (lambda session, at: qualify_reader_weeks(session, ZONE, at), lambda session, at: review_reader_weeks(session, ZONE, at)),
        (lambda session, at: qualify_claims(session, ZONE, at), lambda session, at: review_claims(session, ZONE, at)),
    ],
    ids=["readers", "claims"],
)  # fmt: skip
def test_a_withdrawal_waits_for_a_worker_that_has_read_what_stood_before(
    world: World, decide: Callable[..., int], review: Callable[..., int]
) -> None:
    """The worker has weighed and not committed when the withdrawal comes; it must not be overlooked."""
    worker = world.sessions()
    assert decide(worker, world.clock()) > 0
    withdrawal = threading.Thread(target=withdraw, args=(world,))
    withdrawal.start()
    withdrawal.join(timeout=0.5)
    assert withdrawal.is_alive()  # it waits
    worker.commit()
    worker.close()
    withdrawal.join(timeout=20)
    settle(world)
    assert standing(world) == 0
    check(world)


def test_a_contact_that_arrives_while_a_claim_is_decided_is_not_overlooked(world: World) -> None:
    worker = world.sessions()
    assert qualify_claims(worker, ZONE, world.clock(), days=DAYS, keys=KEYS) == 1
    arrived = threading.Event()

    def arrive() -> None:
        with world.sessions.begin() as session:
            hold_contacts(session)
            arrived.set()

    arrival = threading.Thread(target=arrive)
    arrival.start()
    assert not arrived.wait(timeout=0.5)
    worker.commit()
    worker.close()
    arrival.join(timeout=20)
    asked = world.session.scalars(select(Claim)).one().opened_at
    world.contact_file([(world.cast.ada, asked + timedelta(days=1))], None)
    assert world.session.scalar(select(func.count()).select_from(ContactMatch)) == 1
    settle(world)
    claim = world.session.scalars(select(Claim).execution_options(populate_existing=True)).one()
    assert (claim.outcome, claim.reason) == ("lapsed", "contacted")
    check(world)
