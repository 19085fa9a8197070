"""Fixtures of the fault tests: one nursery for all of them, works of each test's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from forum.wiring.parts import Parts
from tests.faults.nursery import Nursery, nursery
from tests.faults.scene import Works
from tests.services.redis import RedisServer


@pytest.fixture(scope="session")
def worker_nursery() -> Iterator[Nursery]:
    with nursery() as made:
        yield made


@pytest.fixture
def allow() -> str:
    """host:port that the processes may reach on loopback; a module that needs one overrides this."""
    return ""


@pytest.fixture
def works(worker_nursery: Nursery, parts: Parts, redis_server: RedisServer, allow: str) -> Iterator[Works]:
    made = Works(worker_nursery, parts, redis_server, allow=allow)
    made.flush_redis()
    yield made
    made.kill_all()
    made.redis.close()
