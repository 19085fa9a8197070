"""The threads with the largest share are kept from one look to the next: never longer than they are the largest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from forum.kernel.clock import utc_now
from forum.kernel.database import open_engine
from forum.ledger.booking import book
from forum.ledger.entry import Entry
from forum.reports.answer_share import TOP
from forum.reports.deflection_report import deflection_report
from forum.reports.deflection_shape import TopThread
from forum.threads.thread import Thread
from tests.cast import Cast
from tests.reports.ledger_scene import LedgerScene
from tests.scene import Clock


@pytest.fixture
def scene(session: Session, cast: Cast) -> LedgerScene:
    return LedgerScene(session, cast, Clock(utc_now() - timedelta(days=90)))


def test_a_kept_look_names_the_threads_that_a_first_look_names(scene: LedgerScene) -> None:
    threads = [scene.solved("yes" if number % 3 else "no") for number in range(TOP + 3)]
    silent = [scene.solved() for _ in range(3)]
    scene.days_pass()
    seen = [_looks(scene)]
    scene.withdraw(threads[1])
    seen.append(_looks(scene))
    scene.solved("yes"), scene.days_pass()
    seen.append(_looks(scene))
    scene.days_pass(35), scene.solved("no"), scene.solved("yes"), scene.days_pass()
    seen.append(_looks(scene))
    assert silent and len({tuple(one.id for one in look) for look in seen}) > 2  # they did change on the way


def test_a_row_more_is_seen_at_once_even_where_no_rate_changes(scene: LedgerScene) -> None:
    threads = [scene.solved("yes") for _ in range(TOP + 2)]
    scene.days_pass()
    assert threads[-1].id not in [one.id for one in _looks(scene)]
    _book_again(scene, threads[-1])
    assert _looks(scene)[0].id == threads[-1].id


def test_a_narrowed_look_is_kept_apart(scene: LedgerScene) -> None:
    scene.solved("yes"), scene.mentioned("1"), scene.days_pass()
    whole = _looks(scene)
    assert _looks(scene, kind="social") != whole
    assert _looks(scene) == whole


def _book_again(scene: LedgerScene, thread: Thread) -> None:
    """As if another unit had saved a contact through the same answer."""
    table = inspect(Entry).local_table
    row = scene.session.execute(select(table).where(table.c.thread_id == thread.id)).mappings().one()
    again = {**row, "basis": "another", "claim_id": None}
    again.pop("id")
    book(scene.session, [again])
    scene.session.commit()


def _looks(scene: LedgerScene, **narrowed: Any) -> Sequence[TopThread]:
    """Twice as this process sees it, once from a connection that has kept nothing."""
    first, kept = (scene.report(**narrowed).top_threads for _ in range(2))
    scene.session.commit()
    engine = open_engine(scene.session.get_bind().engine.url.render_as_string(hide_password=False))
    with Session(engine) as session:
        scope = replace(scene.scope(), **narrowed)
        fresh = deflection_report(session, scope, currency="EUR", zone=UTC, now=scene.clock()).top_threads
    assert first == kept == fresh
    return fresh
