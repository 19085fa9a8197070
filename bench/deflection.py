"""Finance's report under load: `python -m bench.deflection [full|tenth|hundredth] [postgres|sqlite]` from the project's root.

Without words the whole on PostgreSQL and a tenth on SQLite. Each measure runs in a new process, so "cold" is its first opening of the
report; the operating system's own cache of the database's files is not dropped. Ends with 1 where a promise is missed
by more than other work on the machine explains.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

import forum.models  # noqa: F401  the metadata must be whole
from bench.deflection_span import FULL, HUNDREDTH, TENTH, Scale
from bench.deflection_world import World
from tests.services.postgres import postgres, why_not_postgres
from tests.services.redis import redis_server, why_not_redis

SCALES = {"full": FULL, "tenth": TENTH, "hundredth": HUNDREDTH}
DATABASES = ("postgres", "sqlite")


@dataclass(frozen=True)
class Promise:
    what: str
    measured: float
    promised: float
    unit: str
    at_least: bool = False

    @property
    def is_time(self) -> bool:
        return self.unit != ""

    @property
    def ratio(self) -> float:
        """Under 1 it is kept."""
        return self.promised / self.measured if self.at_least else self.measured / self.promised

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<"
        kept = "kept" if self.ratio <= 1 else "MISSED"
        return f"  {self.what:46} {self.measured:12,.3f} {sign:>2} {self.promised:8,.1f} {self.unit:8} {self.ratio:6.2f}  {kept}"


def main() -> int:
    words = sys.argv[1:]
    if (reason := why_not_redis()) is not None:
        print(f"not measured: {reason}")
        return 1
    chosen = [word for word in words if word in DATABASES] or list(DATABASES)
    kept = True
    for database in chosen:
        scale = next((SCALES[word] for word in words if word in SCALES), FULL if database == "postgres" else TENTH)
        if database == "postgres" and (reason := why_not_postgres()) is not None:
            print(f"PostgreSQL: not measured, {reason}")
            continue
        with _database(database) as url:
            kept &= measure(database, url, scale)
    return 0 if kept else 1


def measure(database: str, url: str, scale: Scale) -> bool:
    began = time.perf_counter()
    world = World(url, scale, datetime.now(UTC).replace(microsecond=0))
    world.make()
    counts = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in world.counts().items())
    print(f"{database}: {scale.views:,} views; {counts}; made in {time.perf_counter() - began:.0f} s", flush=True)
    with _environment(url) as environ:
        open_months = _probe("report", environ)
        _say("with every month open", open_months)
        closing = _probe("closing", environ)
        _say("closing", closing)
        report, audit, page, counting = (_probe(what, environ) for what in ("report", "audit", "page", "counting"))
        _say("with all but two months closed", report)
        _say("recompute", audit)
        _say("thread page", page)
    promises = [
        Promise("the year's report, warm", report["warm"] * 1e3, 500, "ms"),
        Promise("the year's report, first of a process", report["cold"], 2, "s"),
        Promise("closing the longest month", closing["longest"], 60, "s"),
        Promise("what a view costs its page", page["cost"] * 1e3, 0.2, "ms"),
        Promise("views that a worker counts", counting["views_a_second"], 500, "a second", at_least=True),
        Promise(
            "differences that recompute finds, and one", sum(one["differences"] for one in audit.values()) + 1, 1, ""
        ),
    ]
    crowd = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    print("\n".join(str(promise) for promise in promises), flush=True)
    print(f"  {crowd:.1f} processes wanted each core at the end; a time may be missed by as much", flush=True)
    return all(promise.ratio <= (crowd if promise.is_time else 1) for promise in promises)


def _say(what: str, told: dict[str, Any]) -> None:
    print(f"  {what}: {json.dumps(told, default=str)}", flush=True)


def _probe(what: str, environ: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.deflection_probe", what], env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{what}: {done.stderr[-3000:]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


@contextmanager
def _database(name: str) -> Iterator[str]:
    with ExitStack() as stack:
        if name == "postgres":
            yield stack.enter_context(postgres()).url
        else:
            yield f"sqlite:///{Path(stack.enter_context(tempfile.TemporaryDirectory())) / 'answerback.db'}"


@contextmanager
def _environment(url: str) -> Iterator[dict[str, str]]:
    """What the product reads its settings from."""
    with redis_server() as redis, tempfile.TemporaryDirectory() as folder:
        yield {
            **{name: value for name, value in os.environ.items() if not name.endswith("_URL")},
            "DATA_DIR": folder, "DATABASE_URL": url, "REDIS_URL": redis.url, "SAMPLE": "no", "CURRENCY": "EUR",
            "TIME_ZONE": "UTC", "SECRET_KEY": "k" * 40, "CREDENTIALS_KEY": Fernet.generate_key().decode(),
        }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
