"""The same events, heard of in two orders, with workers and closings at other times: the same units stand in the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.threads.thread import Thread
from tests.ledger.test_any_order import FEW, MODERATE, copies_of
from tests.ledger.world import START, World, check
from tests.services.postgres import Postgres

BRIEF = settings(MODERATE, max_examples=10)  # each plays two communities
LENGTH = 40  # days on which something happens; all is heard of 60 days later at the latest
DAY = st.integers(0, LENGTH)
READERS = ("ada", "bob", "mallory", "r1", "r2")


@dataclass(frozen=True)
class Event:
    """Something that is known at once, or (`heard` of two orders) so many days after it happened."""

    day: int
    what: str
    thread: int
    who: str = ""
    heard: tuple[int, int] = (0, 0)


def heard_later() -> st.SearchStrategy[tuple[int, int]]:
    days = st.sampled_from([0, 1, 6, 15, 45])
    return st.tuples(days, days)


AT_ONCE = st.builds(Event, DAY, st.sampled_from(["withdraw", "accept", "yes", "no", "move"]), st.integers(0, 2))
LATER = st.builds(
    Event, DAY, st.sampled_from(["view", "view", "view", "contact", "covered", "unsolved", "bot"]), st.integers(0, 2),
    st.sampled_from(READERS), heard_later(),
)  # fmt: skip
WORK = st.sets(
    st.integers(0, LENGTH + 50), max_size=12
)  # days on which the workers run; on some of them a month is closed


def play(world: World, events: Sequence[Event], order: int, work: set[int]) -> set[tuple[Any, ...]]:
    """What stands after all of it was heard of. What happened is at the same moment in both orders."""
    threads = _threads(world)
    agenda: list[tuple[int, int, Callable[[], None]]] = []
    for number, event in enumerate(events):
        at = START + timedelta(days=event.day, hours=2, minutes=10 * number)
        agenda.append((event.day + event.heard[order], number, _happening(world, event, threads, at)))
    agenda += [(day, 1_000, lambda: _work(world)) for day in work]
    for day, number, happen in sorted(agenda, key=lambda one: one[:2]):
        world.clock.now = START + timedelta(days=day, hours=2, minutes=10 * number if number < 1_000 else 1_000)
        happen()
    world.clock.now = START + timedelta(days=LENGTH + 60)
    world.work()
    check(world)
    return world.standing()


def _threads(world: World) -> list[Thread]:
    threads = [world.ask(world.cast.ada), world.ask(world.cast.mallory, 1), world.mention()]
    for thread in threads:
        world.accept(thread, world.answer(thread, world.cast.bob))
    return threads


def _work(world: World) -> None:
    world.work()
    world.close()


def _happening(world: World, event: Event, threads: Sequence[Thread], at: datetime) -> Callable[[], None]:
    thread = threads[event.thread]

    def happen() -> None:
        world.session.refresh(thread)
        if event.what == "view":
            world.view(event.who, thread, at)
        elif event.what == "contact":
            asker = {one.id: one for one in world.cast.everybody()}.get(thread.author_id or 0)
            world.contact_file([(asker, at)] if asker else [], None)
        elif event.what == "covered":
            world.contact_file([(world.cast.sue, at)], (START.date(), at.date()))
        elif event.what == "unsolved" and thread.author_id is None:
            world.says_unsolved(thread, at)
        elif event.what == "bot":
            _bot(world, event.who, at)
        elif event.what == "withdraw" and thread.solved_at is not None:
            world.withdraw(thread)
        elif event.what == "accept" and thread.solved_at is None:
            world.accept(thread, world.answer(thread, world.cast.sue))
        elif event.what in {"yes", "no"}:
            _intend(world, thread, event.what)

    return happen


def _bot(world: World, reader: str, at: datetime) -> None:
    """Of a reader of that week, whether or not a view of theirs was counted by now: it is then said again later."""
    who = world.reader(reader, at)
    world.bots.add((who.week, who.key))
    world.say_bots()


def _intend(world: World, thread: Thread, intent: str) -> None:
    claim = world.waiting_claim(thread)
    if claim is not None and thread.author_id is not None:
        world.intend(claim, thread, intent, "phone")


def hold(new: Callable[[], str], how: settings) -> None:
    @settings(how)
    @given(st.lists(AT_ONCE, max_size=6), st.lists(LATER, min_size=3, max_size=10), WORK, WORK)
    def same_in_both(at_once: list[Event], later: list[Event], work: set[int], other_work: set[int]) -> None:
        events = sorted([*at_once, *later], key=lambda event: event.day)
        stands = []
        for order, days in ((0, work), (1, other_work)):
            world = World(new())
            try:
                stands.append(play(world, events, order, days))
            finally:
                world.end()
        assert stands[0] == stands[1]

    same_in_both()


def test_the_order_in_which_things_are_heard_of_changes_no_sum(empty_sqlite: Path) -> None:
    with copies_of(empty_sqlite) as new:
        hold(new, BRIEF)


@pytest.mark.postgres
def test_the_order_in_which_things_are_heard_of_changes_no_sum_on_postgresql(
    postgres_server: Postgres, empty_postgres: str
) -> None:
    hold(lambda: postgres_server.new_database(like=empty_postgres), FEW)
