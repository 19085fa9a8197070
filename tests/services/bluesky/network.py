"""Starts the Bluesky test network for as long as a block runs. Every start is a new, empty world."""

from __future__ import annotations

import json
import os
import random
import string
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.services.bluesky.install import installed, node
from tests.services.postgres import Postgres
from tests.services.process import free_port, own_folder, running
from tests.services.redis import RedisServer


@dataclass(frozen=True)
class BlueskyNetworkServer:
    pds_url: str  # what a client talks to
    appview_url: str  # public reading without an account
    control_url: str

    def settle(self) -> None:
        """Returns once everything that was written can be listed: of a thousand posts, minutes beside other work."""
        httpx.post(f"{self.control_url}/settle", timeout=240, trust_env=False).raise_for_status()


@contextmanager
def bluesky_network(postgres: Postgres, redis: RedisServer) -> Iterator[BlueskyNetworkServer]:
    """`redis` must have been started with tcp=True. Takes 3 to 13 s to be ready and about 0.5 GB."""
    folder_of_packages = installed()
    ports = {name: free_port() for name in ("PLC_PORT", "PDS_PORT", "BSKY_PORT", "OZONE_PORT")}
    with own_folder("ab-bsky-") as folder:
        log = folder / "log"
        env = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "NODE_ENV": "test",
            "LOG_ENABLED": "0",
            "REDIS_HOST": redis.address,
            "DB_POSTGRES_URL": postgres.plain_url_of(postgres.new_database_name()),
            "DB_POSTGRES_SCHEMA": "s_" + "".join(random.choices(string.ascii_lowercase, k=10)),
            **{name: str(port) for name, port in ports.items()},
        }
        command = [node(), folder_of_packages / "network.mjs"]
        with running(
            command,
            log=log,
            ready=lambda _: _announced(log) is not None,
            within=120,
            env=env,
            cwd=folder_of_packages,
            stdin=subprocess.PIPE,
        ):
            announced = _announced(log)
            assert announced is not None
            yield BlueskyNetworkServer(
                pds_url=f"http://127.0.0.1:{ports['PDS_PORT']}",
                appview_url=f"http://127.0.0.1:{ports['BSKY_PORT']}",
                control_url=f"http://127.0.0.1:{announced['control']}",
            )


def _announced(log: Path) -> dict[str, int] | None:
    """The line of JSON that the network prints when it is ready."""
    for line in log.read_text(errors="replace").splitlines():
        if line.startswith('{"ready":true'):
            announced: dict[str, int] = json.loads(line)
            return announced
    return None
