"""The whole sample as `make run` plants it: a finance report with a past, which recompute holds to its events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from forum.actions.recompute_period import recompute
from forum.kernel.database import prepare
from forum.ledger.claim import Claim, Reason
from forum.ledger.closed_period import ClosedPeriod
from forum.ledger.entry import Entry
from forum.ledger.period import Period, periods
from forum.outbox.delivery import Delivery, State
from forum.outbox.delivery import Kind as DeliveryKind
from forum.people.account import Account
from forum.reports.deflection_report import deflection_report
from forum.reports.deflection_scope import latest
from forum.sample.finance import latest_closable
from forum.threads.thread import Thread
from tests.browser.fixtures import planted  # noqa: F401  found by name

pytestmark = pytest.mark.running

ZONE = ZoneInfo("UTC")
MONTHS = 6


@pytest.fixture(scope="module")
def forum(planted: Path) -> Iterator[Session]:  # noqa: F811
    engine = prepare(create_engine(f"sqlite:///{planted / 'answerback.db'}"))
    with Session(engine) as session:
        yield session
    engine.dispose()


def test_every_month_satisfies_recompute(forum: Session) -> None:
    for period in months():
        result = recompute(forum, period, ZONE, 7)
        assert result.differences == [], (period, [str(one) for one in result.differences[:3]])


def test_the_report_has_figures_money_and_ranges(forum: Session) -> None:
    report = deflection_report(forum, latest(months()[-1], MONTHS), currency="EUR", zone=ZONE, now=datetime.now(UTC))
    assert report.total.low < report.total.likely < report.total.high
    assert report.total.money
    assert report.total.money > 500
    assert report.unpriced == 0
    assert {line.key for line in report.kinds.lines if line.figure.quantity} == {"direct", "social", "indirect"}
    assert {line.key for line in report.kinds.direct if line.figure.quantity} == {"checked", "stated"}
    enough = [month.enough for month in report.survey if month.answered]
    assert not enough[0]  # the earliest month has too few answers, and says so
    assert all(enough[-3:-1])
    assert report.programme is not None


def test_some_replies_wait_for_an_agent(forum: Session) -> None:
    waiting = select(Thread.language).join(Delivery, Delivery.thread_id == Thread.id)
    waiting = waiting.where(Delivery.kind == DeliveryKind.REPLY, Delivery.state == State.HELD)
    assert sorted(forum.scalars(waiting)) == ["en", "en", "zh-Hans"]


def test_the_older_months_are_closed_and_the_last_that_can_be_is_left_to_do(forum: Session) -> None:
    closed, left = set(forum.scalars(select(ClosedPeriod.name))), latest_closable(datetime.now(UTC), ZONE, 7)
    assert len(closed) >= 2
    assert left.moved(-1).name in closed
    assert left.name not in closed
    assert forum.scalar(select(func.count()).where(Entry.reverses_id.is_not(None)))  # corrections are to be seen


def test_some_askers_contacted_us_all_the_same(forum: Session) -> None:
    contacted = forum.scalar(select(func.count()).where(Claim.reason == Reason.CONTACTED)) or 0
    assert 1 <= contacted <= 30
    numbers = forum.scalars(select(Account.customer_number).where(Account.customer_number.is_not(None))).all()
    assert len(numbers) > 15


def months() -> list[Period]:
    today = Period.of(datetime.now(UTC).date())
    return list(periods(today.moved(1 - MONTHS), today))
