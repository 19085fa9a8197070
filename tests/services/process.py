"""Starts a server's process so that it can never outlive the tests, and stops it in order."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_POLL = 0.02  # seconds between two looks at a condition


def free_port() -> int:
    """A TCP port of loopback that nobody listens on now; who uses it tries again should another be quicker."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def own_folder(prefix: str, owner: pwd.struct_passwd | None = None) -> Iterator[Path]:
    """A temporary folder with a name short enough for unix sockets, gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    if len(str(folder)) > 60 and Path("/tmp").is_dir():  # a socket's path ends at about 100 characters
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))
    try:
        if owner is not None:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(
    command: Sequence[str | Path],
    *,
    log: Path,
    ready: Callable[[subprocess.Popen[bytes]], bool],
    within: float,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    owner: pwd.struct_passwd | None = None,
    stop_by: signal.Signals = signal.SIGTERM,
    stdin: int = subprocess.DEVNULL,
) -> Iterator[subprocess.Popen[bytes]]:
    """Runs `command` until the block ends. Raises RuntimeError with the log's end if it is not ready within seconds."""
    with log.open("wb") as out:
        process = _start(command, out, env, cwd, owner, stop_by, stdin)
        try:
            _wait_until_ready(process, ready, within, log)
            yield process
        finally:
            _stop(process, stop_by)


def as_user(
    command: Sequence[str | Path], owner: pwd.struct_passwd | None, dies_by: signal.Signals | None = None
) -> list[str]:
    """The command line that runs `command` as `owner`, and that gets `dies_by` when the one who started it dies."""
    wrapped = [str(part) for part in command]
    if (setpriv := shutil.which("setpriv")) is None:
        return wrapped
    options: list[str] = []
    if owner is not None:
        options += [f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    if dies_by is not None:
        options.append(f"--pdeathsig={dies_by.name}")
    return [setpriv, *options, "--", *wrapped] if options else wrapped


def identity(owner: pwd.struct_passwd | None) -> dict[str, int | list[int]]:
    """What subprocess needs to change user where there is no setpriv."""
    if owner is None or shutil.which("setpriv"):
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _start(
    command: Sequence[str | Path],
    out: IO[bytes],
    env: Mapping[str, str] | None,
    cwd: Path | None,
    owner: pwd.struct_passwd | None,
    stop_by: signal.Signals,
    stdin: int,
) -> subprocess.Popen[bytes]:
    process: subprocess.Popen[bytes] = subprocess.Popen(
        as_user(command, owner, dies_by=stop_by),
        stdin=stdin,
        stdout=out,
        stderr=subprocess.STDOUT,
        env=None if env is None else dict(env),
        cwd=cwd,
        start_new_session=True,  # Ctrl-C reaches the tests first; they stop their servers in order
        **identity(owner),  # type: ignore[call-overload]
    )
    return process


def _wait_until_ready(
    process: subprocess.Popen[bytes], ready: Callable[[subprocess.Popen[bytes]], bool], within: float, log: Path
) -> None:
    deadline = time.monotonic() + within
    while not ready(process):
        ended = process.poll() is not None
        if ended or time.monotonic() > deadline:
            what = f"ended with {process.returncode}" if ended else f"was not ready within {within:.0f} s"
            raise RuntimeError(f"{process.args!r} {what}:\n{log.read_text(errors='replace')[-3000:]}")
        time.sleep(_POLL)


def _stop(process: subprocess.Popen[bytes], by: signal.Signals) -> None:
    if process.stdin is not None:
        process.stdin.close()
    if process.poll() is None:
        process.send_signal(by)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait(20)
