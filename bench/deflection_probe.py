"""One measure of `bench.deflection` in a process of its own: `python -m bench.deflection_probe WHAT`, settings in the environment.

Says one line of JSON. Pages are asked for through Flask's test client by the finance account that the world holds.
"""

from __future__ import annotations

import gc
import json
import os
import random
import re
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select

import forum.models  # noqa: F401  the metadata must be whole
import forum.web.threads as thread_pages
from bench.deflection_world import FINANCE
from forum.actions.count_views import count_views
from forum.actions.recompute_period import recompute
from forum.kernel.database import writing
from forum.kernel.settings import Settings
from forum.ledger.closed_period import ClosedPeriod
from forum.ledger.entry import Entry
from forum.ledger.period import Period, periods
from forum.ledger.viewing import Reader, View, week_of
from forum.people.account import Account
from forum.people.sessions import begin_session
from forum.threads.thread import Thread
from forum.web.app import create_app
from forum.wiring.parts import Parts
from forum.wiring.waiting_views import BATCH

YEAR = "/reports/deflection?span=12"
WARM, VIEWS, BATCHES = 12, 300, 6


def main() -> None:
    parts = Parts(Settings.from_environment(os.environ))
    print(json.dumps(MEASURES[sys.argv[1]](parts)))


def report(parts: Parts) -> dict[str, float]:
    """The year's report: the first opening of a process, and the usual one. Seconds, and this process's own share of them."""
    client = _finance(parts)
    cold = _seconds(lambda: _get(client, YEAR))
    began = time.process_time()
    warm = [_seconds(lambda: _get(client, YEAR)) for _ in range(WARM)]
    return {
        "cold": cold,
        "warm": statistics.median(warm),
        "best": min(warm),
        "cpu": (time.process_time() - began) / WARM,
    }


def closing(parts: Parts) -> dict[str, Any]:
    """Closes every month but the last complete one, as life would have; the longest, and how many rows it had."""
    client, took = _finance(parts), {}
    with parts.sessions() as session:
        first = session.scalar(select(func.min(Entry.day)))
    assert first is not None
    for period in periods(Period.of(first), Period.of(datetime.now(UTC).date()).moved(-2)):
        path = f"/reports/deflection/periods/{period.name}/closing"
        took[period.name] = _seconds(lambda path=path: _post(client, path))
    with parts.sessions() as session:
        rows = dict(session.execute(select(ClosedPeriod.name, ClosedPeriod.rows)).tuples().all())
    longest = max(took, key=lambda name: took[name])
    return {
        "longest": took[longest],
        "median": statistics.median(took.values()),
        "rows": rows[longest],
        "months": len(took),
    }


def audit(parts: Parts) -> dict[str, Any]:
    """Recomputes the last closed month and the open one."""
    today, told = Period.of(datetime.now(UTC).date()), {}
    for name, period in (("closed", today.moved(-2)), ("open", today)):
        with parts.sessions() as session:
            began = time.perf_counter()
            result = recompute(session, period, UTC, parts.settings.deflection_days)
            told[name] = {"seconds": time.perf_counter() - began, "rows": result.rows, "differences": result.found}
            told[name]["first"] = [str(one) for one in result.differences[:3]]
    return told


def page(parts: Parts) -> dict[str, float]:
    """A solved thread's page with and without what it does for its reader, by turns, in this process's own time."""
    app = create_app(parts)
    with parts.sessions() as session:
        solved = session.scalars(select(Thread.id).where(Thread.solved_at.is_not(None)).limit(50)).all()
    parts.salts.of(week_of(datetime.now(UTC), UTC), datetime.now(UTC))
    client, usual = app.test_client(), (thread_pages.asks, thread_pages.counts_views)
    took: dict[bool, list[float]] = {True: [], False: []}
    for number in range(VIEWS * 2):
        with_it = number % 2 == 0
        thread_pages.asks, thread_pages.counts_views = usual if with_it else (_no, _no)
        path = f"/threads/{solved[number // 2 % len(solved)]}-question-number-{solved[number // 2 % len(solved)]}"
        began = time.process_time()
        _get(client, path)
        took[with_it].append(time.process_time() - began)
    more, less = (statistics.median(took[key]) for key in (True, False))
    return {
        "with": more,
        "without": less,
        "cost": statistics.median(a - b for a, b in zip(took[True], took[False], strict=True)),
    }


def _no(*_given: Any) -> bool:
    return False


def counting(parts: Parts) -> dict[str, float]:
    """Views in batches as the worker counts them, into tables that hold two years already."""
    now, chance = datetime.now(UTC), random.Random(11)
    week, views = week_of(now, UTC), []
    with parts.sessions() as session:
        most = session.scalar(select(func.max(Thread.id))) or 1
    for _ in range(BATCHES):
        readers = [f"{chance.randrange(100_000):064x}" for _ in range(BATCH)]
        views.append([
            View(1 + int(most * chance.random() ** 2) % most, Reader(week, key, None, False, 1, False, 1000), now - timedelta(seconds=1))
            for key in readers
        ])  # fmt: skip
    began = time.perf_counter()
    for number, batch in enumerate(views):
        with writing(), parts.sessions.begin() as session:
            count_views(session, f"{os.getpid()}-{number}", batch, zone=UTC, days=7, now=now)
    return {"views_a_second": BATCH * BATCHES / (time.perf_counter() - began)}


MEASURES: dict[str, Callable[[Parts], dict[str, Any]]] = {
    "report": report, "closing": closing, "audit": audit, "page": page, "counting": counting,
}  # fmt: skip


def _finance(parts: Parts) -> FlaskClient:
    app = create_app(parts)
    client = app.test_client()
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    gc.freeze()  # as gunicorn's processes do
    with writing(), parts.sessions.begin() as session:
        account = session.get_one(Account, FINANCE)
        secret = begin_session(session, account, "bench", "127.0.0.1", datetime.now(UTC))
    with client.session_transaction() as cookie:
        cookie.permanent = True
        cookie["_user_id"], cookie["_fresh"] = secret, True
    return client


def _get(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status, answer.get_data(as_text=True)[:2000])
    return answer.get_data(as_text=True)


def _post(client: FlaskClient, path: str) -> None:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', _get(client, path))
    answer = client.post(path, data={"csrf_token": token[1]} if token else {})
    assert answer.status_code == 303, (path, answer.status, answer.get_data(as_text=True)[:3000])


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
