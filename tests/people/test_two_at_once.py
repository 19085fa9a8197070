"""Two people at once want one name, on a database that lets both write."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from forum.actions.sign_up import sign_up
from forum.kernel.clock import utc_now
from forum.kernel.errors import Invalid
from forum.people.account import Account
from tests.application import QuietParts
from tests.cast import PASSWORD

pytestmark = pytest.mark.postgres
NOW = utc_now()
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


@pytest.fixture
def database_url(postgres_url: str) -> str:
    return postgres_url


def join(parts: QuietParts, email: str) -> int:
    with parts.sessions.begin() as session:
        return sign_up(session, name="grace", email=email, password=PASSWORD, now=NOW).id


def wait_until_somebody_waits(session: Session) -> None:
    deadline = time.monotonic() + 20
    while not session.scalar(WAITING):
        session.rollback()
        assert time.monotonic() < deadline, "nobody waits for a lock"
        time.sleep(0.01)


def test_the_slower_of_two_is_told_that_the_name_is_taken(parts: QuietParts, session: Session) -> None:
    with parts.sessions() as first, ThreadPoolExecutor(1) as thread:
        sign_up(first, name="Grace", email="one@example.com", password=PASSWORD, now=NOW)
        slower = thread.submit(join, parts, "two@example.com")
        wait_until_somebody_waits(session)
        first.commit()
        with pytest.raises(Invalid) as refused:
            slower.result(timeout=20)
    assert set(refused.value.fields) == {"name"}
    assert session.scalar(select(func.count(Account.id))) == 1
