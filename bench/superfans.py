"""What pages, events and reviews cost as the points ledger grows: `python -m bench.superfans [--times 100]` from the project's root.

On SQLite, in one process: milliseconds with a short ledger and with one that is so many times as long, and their ratio.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import forum.models  # noqa: F401  the metadata must be whole
from bench.superfans_world import LongLedger
from forum.actions.accept_answer import accept_answer
from forum.actions.give_kudos import give_kudos
from forum.actions.give_points import review_soon
from forum.actions.recount_points import recount_points
from forum.actions.recount_sums import recount_sums
from forum.actions.review_members import mark_stale, review_due
from forum.actions.ship_ranks import ship_ranks
from forum.kernel.base import Base
from forum.kernel.clock import utc_now
from forum.kernel.settings import Settings
from forum.people.account import Account
from forum.threads.board import Board
from forum.threads.post import Post
from forum.threads.thread import Thread
from forum.web.app import create_app
from tests.application import CREDENTIALS_KEY, QuietParts
from tests.cast import add_cast, person
from tests.scene import Clock, Stage

HELPERS, ROUNDS = 12, 15
PAGES = (
    "/",
    "/boards/wifi",
    "/threads/1",
    "/people/helper11",
    "/leaderboards",
    "/leaderboards?span=all&by=kudos",
    "/badges",
)


def main() -> None:
    options = argparse.ArgumentParser(description="Pages, events and reviews with a short and a long ledger.")
    options.add_argument("--times", type=int, default=100)
    times = options.parse_args().times
    with tempfile.TemporaryDirectory() as folder:
        parts = _parts(Path(folder))
        app = create_app(parts)
        with parts.sessions() as session:
            Base.metadata.create_all(session.get_bind())
            bench = Bench(app, session)
            short = bench.measure(1)
            long = bench.measure(times - 1)
    print(f"{'milliseconds':40} {'ledger':>9} {f'{times} times':>9} {'ratio':>7}")
    for what, before in short.items():
        print(f"{what:40} {before:9.1f} {long[what]:9.1f} {long[what] / before:7.1f}")


class Bench:
    def __init__(self, app: Flask, session: Session) -> None:
        self._app, self._session = app, session
        self._now = utc_now().replace(microsecond=0)
        self._stage = Stage(session, Clock(self._now - timedelta(hours=2)))
        ship_ranks(session, self._now - timedelta(days=100))
        self._cast = add_cast(session)
        self._boards = [self._stage.board("wifi"), self._stage.board("mesh")]
        self._people = [person(f"helper{one}", created_at=self._now - timedelta(days=300)) for one in range(HELPERS)]
        session.add_all(self._people)
        session.flush()
        hot = self._stage.thread(self._cast.ada, self._boards[0])
        for number in range(50):
            self._stage.answer(hot, self._people[number % HELPERS])
        session.commit()

    def measure(self, lots: int) -> Mapping[str, float]:
        """After so many lots more."""
        ids, boards = [one.id for one in self._people], [one.id for one in self._boards]
        LongLedger(self._session.connection(), ids, boards, self._now).grow(lots)
        review_soon(self._session, ids, self._now)
        self._session.commit()
        took = {"review of 12 helpers": self._took(lambda: review_due(self._session, utc_now(), zone=UTC, quiet=True))}
        took |= {f"page {address}": self._page(address) for address in PAGES}
        took["event: kudos"] = median(self._event(self._thank) for _ in range(ROUNDS))
        took["event: acceptance"] = median(self._event(self._accept) for _ in range(ROUNDS))
        tomorrow = self._now + timedelta(days=1)
        took["marking for the night"] = self._took(lambda: mark_stale(self._session, tomorrow, zone=UTC))
        took["superfans recount"] = self._took(lambda: self._recount(tomorrow))
        return took

    def _page(self, address: str) -> float:
        client = self._app.test_client()
        client.get(address, follow_redirects=True)
        return median(self._took(lambda: client.get(address, follow_redirects=True)) for _ in range(ROUNDS))

    def _event(self, act: Callable[[datetime], Callable[[], object]]) -> float:
        happening = act(utc_now())
        self._session.commit()
        return self._took(happening)

    def _thank(self, now: datetime) -> Callable[[], object]:
        thread, post = self._answered()
        giver = self._session.get_one(Account, self._cast.mallory.id)
        return lambda: give_kudos(self._session, thread, post, giver, now)

    def _accept(self, now: datetime) -> Callable[[], object]:
        thread, post = self._answered()
        return lambda: accept_answer(self._session, thread, post, self._cast.ada, now=now)

    def _answered(self) -> tuple[Thread, Post]:
        board = self._session.scalars(select(Board)).first()
        thread = self._stage.thread(self._cast.ada, board)
        return thread, self._stage.answer(thread, self._people[-1])

    def _recount(self, now: datetime) -> None:
        found = [*recount_points(self._session), *recount_sums(self._session, now)]
        if found:
            raise RuntimeError(f"the ledger differs: {found[:3]}")

    def _took(self, act: Callable[[], object]) -> float:
        began = time.perf_counter()
        act()
        self._session.commit()
        return (time.perf_counter() - began) * 1e3


def _parts(folder: Path) -> QuietParts:
    told = {
        "DATA_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder / 'forum.db'}", "SAMPLE": "no", "SECRET_KEY": "k" * 40,
        "CREDENTIALS_KEY": CREDENTIALS_KEY,
    }  # fmt: skip
    return QuietParts(replace(Settings.from_environment(told), redis_url="memory://"))


if __name__ == "__main__":
    main()
