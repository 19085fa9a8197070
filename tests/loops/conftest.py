"""The jobs tell their bell that they are done, so they need a real Redis."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from forum.kernel.settings import Settings
from tests.application import CREDENTIALS_KEY
from tests.services.redis import RedisServer


@pytest.fixture
def allow() -> frozenset[str]:
    """host:port on loopback that may be reached; a module with a network there overrides this."""
    return frozenset()


@pytest.fixture
def settings(tmp_path: Path, database_url: str, redis_server: RedisServer, allow: frozenset[str]) -> Settings:
    read = Settings.from_environment(
        {
            "DATA_DIR": str(tmp_path / "data"),
            "DATABASE_URL": database_url,
            "SAMPLE": "no",
            "SECRET_KEY": "a key for tests alone, long enough to be one",
            "CREDENTIALS_KEY": CREDENTIALS_KEY,
            "PUBLIC_URL": "https://forum.example",
        }
    )
    return replace(read, redis_url=redis_server.url, allow_private_hosts=allow)
