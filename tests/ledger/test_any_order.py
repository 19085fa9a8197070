"""Whatever happens in whatever order: nothing counts twice, closed months stay, rows, totals and recompute agree."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from forum.ledger.claim import Claim
from forum.ledger.contact import ContactFile
from forum.ledger.reader_week import ReaderWeek
from forum.threads.post import Post
from forum.threads.thread import Thread
from tests.ledger.world import START, World, check, check_figures
from tests.services.postgres import Postgres

MODERATE = settings(
    report_multiple_bugs=False,
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
FEW = settings(MODERATE, max_examples=6)

READERS = ("ada", "bob", "sue", "ann", "mallory", "r1", "r2")
ASKERS = ("ada", "sue", "mallory")
ANSWERERS = ("bob", "sue", "ann")
LATE = (0, 0, 0, 2, 12, 40)  # days
PICK = st.integers(0, 9)


class LedgerMachine(RuleBasedStateMachine):
    """A community of a few people over some months; `new_url` gives each run a database of its own."""

    new_url: ClassVar[Callable[[], str]]

    @initialize()
    def begin(self) -> None:
        self.world = World(type(self).new_url())
        self.threads: list[Thread] = []
        self.files: list[ContactFile] = []
        self.checked = 0
        self.ask_and_accept("ada", "bob", 0)
        self.ask_and_accept("mallory", "sue", 1)
        self.mention_and_accept("bob")
        self.views(["r1", "sue", "ada"], 0, 0)
        self.views(["r1", "r2", "mallory", "bob"], 1, 0)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            try:
                self.world.work()
                check(self.world)
                check_figures(self.world)
            finally:
                self.world.end()

    @invariant()
    def what_must_hold(self) -> None:
        self.checked = getattr(self, "checked", 0) + 1
        if hasattr(self, "world") and self.checked % 6 == 0:
            check(self.world)

    @rule(by=st.sampled_from(ASKERS), answerer=st.sampled_from(ANSWERERS), board=st.integers(0, 1))
    def ask_and_accept(self, by: str, answerer: str, board: int) -> None:
        asker = getattr(self.world.cast, by)
        if asker.id not in self.world.gone and by != answerer and len(self.threads) < 8:
            thread = self.world.ask(asker, board)
            self.threads.append(thread)
            self.world.accept(thread, self.world.answer(thread, self._answerer(answerer)))

    @rule(answerer=st.sampled_from(ANSWERERS))
    def mention_and_accept(self, answerer: str) -> None:
        if len(self.threads) < 8:
            thread = self.world.mention()
            self.threads.append(thread)
            self.world.accept(thread, self.world.answer(thread, self._answerer(answerer)))

    @precondition(lambda self: self.threads)
    @rule(pick=PICK, answerer=st.sampled_from(ANSWERERS))
    def accept_another(self, pick: int, answerer: str) -> None:
        thread = self._thread(pick)
        if thread.author_id is None or thread.author_id != self._answerer(answerer).id:
            self.world.accept(thread, self.world.answer(thread, self._answerer(answerer)))

    @precondition(lambda self: self.threads)
    @rule(pick=PICK)
    def accept_an_old_one_again(self, pick: int) -> None:
        thread = self._thread(pick)
        posts = self.world.session.scalars(select(Post).where(Post.thread_id == thread.id, Post.number == 2)).all()
        self.world.accept(thread, posts[0])

    @precondition(lambda self: self.threads)
    @rule(pick=PICK)
    def withdraw(self, pick: int) -> None:
        thread = self._thread(pick)
        if thread.solved_at is not None:
            self.world.withdraw(thread)

    @precondition(lambda self: self.threads)
    @rule(pick=PICK, intent=st.sampled_from(["yes", "no"]), channel=st.sampled_from([None, "phone", "chat"]))
    def state_intent(self, pick: int, intent: str, channel: str | None) -> None:
        thread = self._thread(pick)
        claim = self.world.session.scalar(select(Claim).where(Claim.thread_id == thread.id).order_by(Claim.id.desc()))
        if claim and thread.author_id and claim.decided_at is None and claim.intent is None:
            self.world.intend(claim, thread, intent, channel)

    @precondition(lambda self: self.threads)
    @rule(readers=st.sets(st.sampled_from(READERS), min_size=1, max_size=4), pick=PICK, late=st.sampled_from(LATE))
    def views(self, readers: Iterable[str], pick: int, late: int) -> None:
        for reader in sorted(readers):
            self.world.view(reader, self._thread(pick), self.world.clock() - timedelta(days=late) if late else None)

    @precondition(lambda self: self.threads)
    @rule(reader=st.sampled_from(READERS), pick=PICK, answers=st.lists(st.sampled_from(["yes", "no"]), max_size=4))
    def survey(self, reader: str, pick: int, answers: list[str]) -> None:
        known = {one.name: one for one in self.world.cast.everybody()}.get(reader)
        if known is None or known.id not in self.world.gone:
            self.world.survey(reader, self._thread(pick), answers)

    @rule(who=st.sampled_from(ASKERS), ago=st.integers(0, 30), covers=st.booleans())
    def contact_file(self, who: str, ago: int, covers: bool) -> None:
        now = self.world.clock()
        span = (START.date() - timedelta(days=1), now.date()) if covers else None
        self.files.append(self.world.contact_file([(getattr(self.world.cast, who), now - timedelta(days=ago))], span))

    @precondition(lambda self: self.files)
    @rule(pick=PICK)
    def withdraw_file(self, pick: int) -> None:
        self.world.withdraw_file(self.files.pop(pick % len(self.files)))

    @precondition(lambda self: self.threads)
    @rule(pick=PICK, ago=st.integers(0, 20))
    def says_unsolved(self, pick: int, ago: int) -> None:
        thread = self._thread(pick)
        if thread.author_id is None:
            self.world.says_unsolved(thread, self.world.clock() - timedelta(days=ago))

    @rule(pick=PICK)
    def bot(self, pick: int) -> None:
        weeks = self.world.session.scalars(select(ReaderWeek).order_by(ReaderWeek.id)).all()
        if weeks:
            self.world.bot(weeks[pick % len(weeks)])

    @precondition(lambda self: not self.world.gone)
    @rule(who=st.sampled_from(["ada", "mallory"]))
    def erase(self, who: str) -> None:
        self.world.erase(getattr(self.world.cast, who))

    @precondition(lambda self: self.threads)
    @rule(pick=PICK, board=st.integers(0, 1))
    def move(self, pick: int, board: int) -> None:
        self.world.moves(self._thread(pick), board)

    @rule(days=st.sampled_from([0.3, 1, 5, 8, 8, 16]), work=st.booleans())
    def days_pass(self, days: float, work: bool) -> None:
        self.world.days_pass(days)
        if work:
            self.world.work()

    @rule(days=st.sampled_from([8, 16, 31]))
    def weeks_pass(self, days: int) -> None:
        self.days_pass(days, True)

    @rule()
    def work(self) -> None:
        self.world.work()

    @rule(days=st.sampled_from([0, 31]))
    def close(self, days: int) -> None:
        self.days_pass(days, True)
        if self.world.close() is not None:
            check(self.world)

    def _thread(self, pick: int) -> Thread:
        thread = self.threads[pick % len(self.threads)]
        self.world.session.refresh(thread)
        return thread

    def _answerer(self, name: str) -> Any:
        return getattr(self.world.cast, name)


@contextmanager
def copies_of(path: Path) -> Iterator[Callable[[], str]]:
    with tempfile.TemporaryDirectory() as folder:
        numbers = count()

        def new() -> str:
            copy = Path(folder) / f"{next(numbers)}.db"
            shutil.copyfile(path, copy)
            return f"sqlite:///{copy}"

        yield new


def test_any_sequence_leaves_the_ledger_whole(empty_sqlite: Path) -> None:
    with copies_of(empty_sqlite) as new:
        run(new, MODERATE)


@pytest.mark.postgres
def test_any_sequence_leaves_the_ledger_whole_on_postgresql(postgres_server: Postgres, empty_postgres: str) -> None:
    run(lambda: postgres_server.new_database(like=empty_postgres), FEW)


def run(new: Callable[[], str], how: settings) -> None:
    run_state_machine_as_test(type("OneRun", (LedgerMachine,), {"new_url": staticmethod(new)}), settings=how)
