"""A real PostgreSQL server of Debian's (or any) packages, started for tests in a folder of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg

from tests.services.process import as_user, free_port, identity, own_folder, running

_FAST = {
    "fsync": "off",  # the data is gone with the tests
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "autovacuum": "on",
}


@dataclass(frozen=True)
class Postgres:
    """A running server. Each test that writes takes a database of its own."""

    port: int
    socket_folder: Path
    _numbers: Iterator[int] = field(default_factory=lambda: count(1), repr=False)

    @property
    def url(self) -> str:
        """SQLAlchemy's URL of the server's first database."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def plain_url_of(self, database: str) -> str:
        """The URL as libpq and node know it."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def new_database(self, like: str = "template1") -> str:
        """Makes a database, empty or as the one named `like`, and returns SQLAlchemy's URL of it."""
        return self.url_of(self.new_database_name(like))

    def new_database_name(self, like: str = "template1") -> str:
        name = f"t_{os.getpid()}_{next(self._numbers)}"
        with psycopg.connect(self.plain_url_of("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}".encode())
        return name


def why_not_postgres() -> str | None:
    """Why no server can be started here; None where one can."""
    if _binaries() is None:
        return "PostgreSQL's server programs are not installed (Debian: apt-get install postgresql)"
    if os.geteuid() == 0 and _servant() is None:
        return "PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody"
    return None


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A server on a free loopback port and a unix socket, stopped at the end."""
    if (reason := why_not_postgres()) is not None:
        raise RuntimeError(reason)
    owner = _servant()
    with own_folder("ab-pg-", owner) as folder:
        _make_cluster(folder, owner)
        for _ in range(2):  # somebody else may take the port between our look and the server's start
            try:
                with _server(folder, free_port(), owner) as server:
                    yield server
                    return
            except PortTaken:
                continue
        with _server(folder, free_port(), owner) as server:
            yield server


class PortTaken(Exception):
    pass


@contextmanager
def _server(folder: Path, port: int, owner: pwd.struct_passwd | None) -> Iterator[Postgres]:
    log = folder / "log"
    settings = {**_FAST, "listen_addresses": "127.0.0.1", "unix_socket_directories": str(folder), "port": str(port)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    server = Postgres(port, folder)

    def ready(_: subprocess.Popen[bytes]) -> bool:
        if "Address already in use" in log.read_text(errors="replace"):
            raise PortTaken
        try:
            psycopg.connect(server.plain_url_of("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    command: list[str | Path] = [_program("postgres"), "-D", folder / "data", *options]
    with running(command, log=log, ready=ready, within=30, owner=owner, cwd=folder, stop_by=signal.SIGINT):
        yield server


def _make_cluster(folder: Path, owner: pwd.struct_passwd | None) -> None:
    command: list[str | Path] = [
        _program("initdb"),
        "-D",
        folder / "data",
        "-U",
        "postgres",
        "--auth=trust",
        "--no-sync",
    ]
    command += ["--encoding=UTF8", "--locale=C.UTF-8"]
    made = subprocess.run(
        as_user(command, owner),
        cwd=folder,
        capture_output=True,
        check=False,
        env={"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LC_ALL": "C.UTF-8"},
        **identity(owner),  # type: ignore[call-overload]
    )
    if made.returncode:
        raise RuntimeError(f"initdb failed: {made.stderr.decode(errors='replace')[-2000:]}")


def _servant() -> pwd.struct_passwd | None:
    """Whom the server runs as: ourselves, but as root somebody else, for PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


def _program(name: str) -> Path:
    folder = _binaries()
    assert folder is not None
    return folder / name


def _binaries() -> Path | None:
    """The folder with initdb and postgres: Debian keeps it off the PATH; the newest version wins."""
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()]
    candidates = sorted(found, key=lambda path: int(path.parent.name), reverse=True)
    if (config := shutil.which("pg_config")) is not None:
        said = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False).stdout.strip()
        candidates.append(Path(said))
    if (initdb := shutil.which("initdb")) is not None:
        candidates.append(Path(initdb).resolve().parent)
    return next((path for path in candidates if (path / "initdb").exists() and (path / "postgres").exists()), None)
