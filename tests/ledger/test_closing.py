"""Closing a month: when it may be done, what it seals, and what lands where afterwards."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, text

from forum.actions.close_period import Freeze, close_period, why_not_yet
from forum.actions.recompute_period import recompute
from forum.kernel.database import writing
from forum.kernel.errors import Conflict, NotAllowed
from forum.ledger.claim import Claim
from forum.ledger.closed_period import ClosedPeriod, Frozen
from forum.ledger.entry import Entry
from forum.ledger.period import Period
from forum.ledger.sealing_rows import seal_of
from forum.ledger.totals import EntryTotal
from forum.moderation.log import LogEntry
from forum.threads.thread import Thread
from tests.ledger.world import DAYS, START, ZONE, World, check

SEPTEMBER = Period(2026, 9)
FROZEN = Frozen({"seen": "parameters"}, {"seen": "figures"}, 1927, 10_000)


@pytest.fixture
def world(any_database_url: str) -> Iterator[World]:
    world = World(any_database_url)
    yield world
    world.end()


def solved(world: World) -> Thread:
    thread = world.ask(world.cast.ada)
    world.accept(thread, world.answer(thread, world.cast.bob))
    return thread


def freeze(_session: object, _period: Period) -> Frozen:
    return FROZEN


def close(world: World, period: Period = SEPTEMBER, freeze: Freeze = freeze) -> ClosedPeriod:
    with writing():
        closed = close_period(
            world.session, period, world.cast.fay, freeze=freeze, zone=ZONE, days=DAYS, now=world.clock()
        )
        world.session.commit()
    return closed


def why(world: World, period: Period) -> str:
    found = why_not_yet(world.session, period, zone=ZONE, days=DAYS, now=world.clock())
    world.session.rollback()
    return str(found)


def test_a_closed_month_keeps_rows_hash_and_report(world: World) -> None:
    solved(world)
    world.days_pass(22)
    world.work()
    closed = close(world)
    assert (closed.name, closed.rows, closed.seed, closed.draws) == ("2026-09", 1, 1927, 10_000)
    assert (closed.parameters, closed.figures) == (FROZEN.parameters, FROZEN.figures)
    assert closed.sha256 == seal_of(world.session, SEPTEMBER).sha256
    noted = world.session.scalars(select(LogEntry).where(LogEntry.about == "period:2026-09")).one()
    assert noted.by_id == world.cast.fay.id and noted.details == {"rows": 1, "sha256": closed.sha256}
    check(world)


def test_only_finance_and_admins_close(world: World) -> None:
    with pytest.raises(NotAllowed):
        close_period(world.session, SEPTEMBER, world.cast.cleo, freeze=freeze, zone=ZONE, days=DAYS, now=world.clock())


def test_a_month_waits_for_its_days_and_for_every_unit_of_it(world: World) -> None:
    solved(world)
    world.clock.now = datetime(2026, 10, 7, 21, 59, tzinfo=START.tzinfo)  # a minute before midnight in Berlin
    assert "2026-10-08" in why(world, SEPTEMBER)
    world.clock.pass_by(minutes=1)
    assert "claims: 1" in why(world, SEPTEMBER)
    world.work()
    assert why(world, SEPTEMBER) == "None"


def test_a_month_waits_for_what_is_marked_for_another_look(world: World) -> None:
    solved(world)
    world.view("r1", world.session.scalars(select(Thread)).one())
    world.days_pass(13)
    world.work()
    claim = world.session.scalars(select(Claim)).one()
    claim.review_from = world.clock()
    world.session.commit()
    world.days_pass(12)
    world.work()
    assert why(world, SEPTEMBER) == "None"
    claim.review_from = datetime(2026, 9, 30, 21, 59, tzinfo=START.tzinfo)
    world.session.commit()
    assert "claims: 1" in why(world, SEPTEMBER)
    claim.review_from = datetime(2026, 9, 30, 22, 0, tzinfo=START.tzinfo)  # October in Berlin
    world.session.commit()
    assert why(world, SEPTEMBER) == "None"


def test_months_are_closed_in_their_order_and_once(world: World) -> None:
    solved(world)
    world.days_pass(60)
    world.work()
    assert "2026-09 is still open" in why(world, Period(2026, 10))
    close(world)
    assert why(world, SEPTEMBER) == "2026-09 is closed already."
    with pytest.raises(Conflict):
        close(world)
    world.session.rollback()
    close(world, Period(2026, 10))
    assert "later month" in why(world, Period(2026, 8))


def test_what_comes_after_the_closing_is_booked_in_the_next_open_month_and_named(world: World) -> None:
    thread = solved(world)
    world.days_pass(22)
    world.work()
    closed = close(world)
    world.clock.now = datetime(2026, 9, 30, 12, tzinfo=START.tzinfo)  # a clock that was put back
    world.withdraw(thread)
    back = world.session.scalars(select(Entry).where(Entry.reverses_id.is_not(None))).one()
    assert (back.day, back.valued_on, back.why, back.quantity) == (
        date(2026, 10, 1),
        date(2026, 9, 23),
        "withdrawn",
        -1,
    )
    assert seal_of(world.session, SEPTEMBER).sha256 == closed.sha256


def test_recompute_names_what_somebody_changed_behind_the_ledgers_back(world: World) -> None:
    solved(world)
    world.days_pass(22)
    world.work()
    close(world)
    assert recompute(world.session, SEPTEMBER, ZONE, DAYS).found == 0
    world.session.execute(text("UPDATE ledger_entries SET grade = 'checked'"))
    found = recompute(world.session, SEPTEMBER, ZONE, DAYS)
    assert found.found == len(found.differences) == 4  # the unit, a total too few and one too many, the hash
    told = " ".join(one.what for one in found.differences)
    assert "acceptance:1" in told and "entry_totals" in told and "closed 2026-09" in told


def test_recompute_names_a_row_without_an_event_and_a_total_that_is_off(world: World) -> None:
    solved(world)
    world.days_pass(22)
    world.work()
    row = world.session.scalars(select(Entry)).one()
    row.day = row.day + timedelta(days=1)
    world.session.flush()
    told = [one.what for one in recompute(world.session, SEPTEMBER, ZONE, DAYS).differences]
    assert told[0] == f"acceptance:1, row {row.id}" and any(what.startswith("entry_totals") for what in told)
    world.session.rollback()
    total = world.session.scalars(select(EntryTotal)).one()
    total.quantity = 2
    world.session.flush()
    [difference] = recompute(world.session, SEPTEMBER, ZONE, DAYS).differences
    assert (difference.expected, difference.found) == ("1 of 1 rows", "2 of 1 rows")


@pytest.mark.postgres
def test_no_row_slips_into_a_month_that_is_being_closed(postgres_url: str) -> None:
    """While finance closes, a withdrawal waits; its row then stands in the next month and the hash holds."""
    world = World(postgres_url)
    try:
        thread = solved(world)
        world.days_pass(22)
        world.work()
        world.clock.now = datetime(2026, 9, 30, 12, tzinfo=START.tzinfo)
        begun, waits = threading.Event(), []

        def withdraw() -> None:
            begun.wait()
            other = World.__new__(World)
            other.__dict__.update(world.__dict__)
            other.session = world.sessions()
            other.withdraw(other.session.get_one(Thread, thread.id))
            other.session.close()

        worker = threading.Thread(target=withdraw)
        worker.start()

        def freeze_slowly(session: object, _period: Period) -> Frozen:
            begun.set()
            waits.append(_until_somebody_waits(world))
            return FROZEN

        at = datetime(2026, 10, 9, 12, tzinfo=START.tzinfo)
        closed = close_period(
            world.session, SEPTEMBER, world.cast.fay, freeze=freeze_slowly, zone=ZONE, days=DAYS, now=at
        )
        world.session.commit()
        worker.join(timeout=20)
        assert waits == [True]
        assert [row.day for row in world.rows()] == [date(2026, 9, 23), date(2026, 10, 1)]
        assert seal_of(world.session, SEPTEMBER).sha256 == closed.sha256
    finally:
        world.end()


def _until_somebody_waits(world: World) -> bool:
    deadline = datetime.now(tz=START.tzinfo) + timedelta(seconds=15)
    while datetime.now(tz=START.tzinfo) < deadline:
        with world.sessions() as session:
            if session.scalar(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")):
                return True
    return False
