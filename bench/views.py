"""What counting readers costs: `python -m bench.views [sqlite] [postgres]` from the project's root.

The worker: views as they come in life, in batches of 5,000, on a community of 50,000 solved threads whose tables hold a
season of reader-weeks already. Told as views a second of one core, which on PostgreSQL the server's own work shares.
The page: what a thread's page does for its reader, beside the whole of building that page.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import Engine, create_engine, func, insert, select
from sqlalchemy.orm import Session

import forum.models  # noqa: F401  the metadata must be whole
from forum.actions.count_views import count_views
from forum.kernel.base import Base
from forum.kernel.database import prepare, writing
from forum.kernel.settings import Settings
from forum.ledger.reader_week import ReaderWeek
from forum.ledger.viewing import Reader, View, due_of, week_of
from forum.people.account import Account
from forum.threads.acceptance import Acceptance
from forum.threads.board import Board
from forum.threads.post import Post
from forum.threads.thread import Thread
from forum.web.app import create_app
from forum.web.reader import reader_at_hand
from forum.wiring.parts import Parts
from forum.wiring.waiting_views import BATCH
from tests.services.postgres import postgres, why_not_postgres
from tests.services.redis import redis_server

THREADS = 50_000
KEPT = 500_000  # reader-weeks that stand there already
BATCHES = 20
NOW = datetime(2026, 6, 3, 12, tzinfo=UTC)
PROMISED = 500  # views a second


def main() -> None:
    names = sys.argv[1:] or ["sqlite", "postgres"]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if "sqlite" in names:
            worker("SQLite", prepare(create_engine(f"sqlite:///{folder / 'views.db'}")))
        if "postgres" in names:
            if (reason := why_not_postgres()) is not None:
                print(f"PostgreSQL: not measured, {reason}")
            else:
                worker("PostgreSQL", create_engine(stack.enter_context(postgres()).new_database()))
        page(folder)


def worker(name: str, engine: Engine) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session, writing():
        plant(session)
    chance, took, cpu = random.Random(11), [], time.process_time()
    for number in range(BATCHES):
        views = list(some_views(chance, BATCH))
        with writing(), Session(engine) as session:
            begin = time.perf_counter()
            done = count_views(session, str(number), views, zone=UTC, days=7, now=NOW)
            session.commit()
            took.append(time.perf_counter() - begin)
            assert done == BATCH
    cpu = time.process_time() - cpu
    with Session(engine) as session:
        weeks = session.scalar(select(func.count()).select_from(ReaderWeek))
    speed = BATCH * BATCHES / sum(took)
    print(
        f"{name}: {speed:,.0f} views a second, {speed / PROMISED:.0f} times the promised {PROMISED}; a batch of {BATCH:,} "
        f"takes {statistics.median(took) * 1e3:.0f} ms, {max(took) * 1e3:.0f} at most, {cpu / BATCHES * 1e3:.0f} ms of it "
        f"the worker's own; {weeks:,} reader-weeks stand at its end",
        flush=True,
    )
    engine.dispose()


def plant(session: Session) -> None:
    """Solved threads in bulk, and reader-weeks of the weeks before."""
    long_ago = NOW - timedelta(days=300)
    session.add(Board(id=1, slug="wifi", name="Wifi", created_at=long_ago))
    session.add(
        Account(id=1, name="bob", name_key="bob", display_name="Bob", email="b@x", email_key="b@x", created_at=long_ago)
    )
    session.flush()
    ids = range(1, THREADS + 1)
    told: dict[str, Any] = {"created_at": long_ago}
    bulk(session, Thread, ({"id": n, "board_id": 1, "title": "T", "last_post_at": long_ago, **told} for n in ids))
    post: dict[str, Any] = {"author_id": 1, "number": 2, "text": "", "plain": "", "html": "", **told}
    bulk(session, Post, ({"id": n, "thread_id": n, **post} for n in ids))
    accepted: dict[str, Any] = {"accepted_by_id": 1, "accepted_at": long_ago}
    bulk(session, Acceptance, ({"id": n, "thread_id": n, "post_id": n, **accepted} for n in ids))
    chance, this = random.Random(5), week_of(NOW, UTC)
    bulk(session, ReaderWeek, (a_week(chance, this - timedelta(days=7 * (n % 13 + 1))) for n in range(KEPT)))
    session.commit()


def a_week(chance: random.Random, week: date) -> dict[str, Any]:
    key = f"{chance.getrandbits(256):064x}"
    at = datetime.combine(week, datetime.min.time(), UTC)
    return {"week": week, "reader": key, "first_at": at, "last_at": at, "views": 1, "due_at": due_of(week, UTC, 7)}


def bulk(session: Session, model: type[Base], rows: Iterator[dict[str, Any]]) -> None:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == 10_000:
            session.execute(insert(model), batch)
            batch = []
    if batch:
        session.execute(insert(model), batch)


def some_views(chance: random.Random, number: int) -> Iterator[View]:
    """Two views of a reader on the average, of some 100,000 a week; some threads are read far more than others."""
    week = week_of(NOW, UTC)
    for _ in range(number):
        key = f"{random.Random(chance.randrange(100_000)).getrandbits(256):064x}"
        thread = min(int(chance.paretovariate(0.5)), THREADS)
        at = NOW - timedelta(seconds=chance.random() * 3600)
        yield View(thread, Reader(week, key, None, False, 1, False, 1000), at)


def page(folder: Path) -> None:
    """Against the promise of 0.2 ms."""
    with redis_server() as redis:
        environ = {
            "DATA_DIR": str(folder / "data"), "DATABASE_URL": f"sqlite:///{folder / 'page.db'}", "SAMPLE": "no",
            "REDIS_URL": redis.url, "SECRET_KEY": "k" * 40, "CREDENTIALS_KEY": Fernet.generate_key().decode(),
        }  # fmt: skip
        parts = Parts(Settings.from_environment(environ))
        engine = prepare(create_engine(environ["DATABASE_URL"]))
        Base.metadata.create_all(engine)
        parts.salts.of(week_of(datetime.now(UTC), UTC), datetime.now(UTC))
        app = create_app(parts)
        agent = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
        with app.test_request_context("/threads/1", headers={"User-Agent": agent}):
            assert reader_at_hand() is not None
            known = median(reader_at_hand, 2000)
        print(f"the page: knowing its reader takes {known * 1e3:.3f} ms of the promised 0.2")


def median(work: Callable[[], object], times: int) -> float:
    took = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        took.append(time.perf_counter() - begin)
    return statistics.median(took)


if __name__ == "__main__":
    main()
