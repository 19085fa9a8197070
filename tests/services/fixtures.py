"""The servers as pytest fixtures, one of each for the whole run: `pytest_plugins = ["tests.services.fixtures"]`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.services import bluesky, postgres, redis


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Postgres]:
    if (reason := postgres.why_not_postgres()) is not None:
        pytest.skip(reason)
    with postgres.postgres() as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[redis.RedisServer]:
    """On a unix socket and a TCP port of loopback."""
    if (reason := redis.why_not_redis()) is not None:
        pytest.skip(reason)
    with redis.redis_server(tcp=True) as server:
        yield server


@pytest.fixture(scope="session")
def bluesky_network(postgres_server: postgres.Postgres) -> Iterator[bluesky.BlueskyNetworkServer]:
    """With a Redis of its own, so that tests may flush theirs."""
    if (reason := bluesky.why_not_bluesky()) is not None:
        pytest.skip(reason)
    with (
        redis.redis_server(tcp=True) as cache,
        bluesky.bluesky_network(postgres_server, cache) as network,
    ):
        yield network
