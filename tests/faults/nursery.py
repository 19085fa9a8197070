"""Starts workers and schedules quickly: a process that has imported everything forks one for each order it reads.

What runs is the product's own `workers.main.work` and `workers.schedule.keep`, composed with a clock and networks that
listen to cues. As a program it reads orders from its input; `Nursery` is the test's side of it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import IO

from forum.kernel.settings import Settings
from forum.listening.triage import triage
from forum.networks.port import Network, Networks
from forum.wiring.bell import DEFAULT, URGENT
from forum.wiring.parts import Parts
from tests.faults.cues import CuedNetwork, Cues
from workers.lifeline import die_with_parent

_QUICKLY = 0.1  # seconds between two looks of the schedule


class CuedParts(Parts):
    """The real parts; the sandbox alone listens to cues, other networks fail by their proxies."""

    @cached_property
    def networks(self) -> Networks:
        return CuedNetworks(super().networks, Cues(self.settings.data_dir / "cues"))


class CuedNetworks:
    def __init__(self, networks: Networks, cues: Cues) -> None:
        self._networks = networks
        self._cues = cues

    def open(self, kind: str, settings: Mapping[str, str], secrets: Mapping[str, str]) -> Network:
        network = self._networks.open(kind, settings, secrets)
        return CuedNetwork(network, self._cues) if kind == "sandbox" else network


class Nursery:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, role: str, environment: Mapping[str, str]) -> int:
        """`role` is worker, sender (a worker that neither imports nor indexes) or schedule; the new process's id."""
        return int(self._order({"start": role, "environment": dict(environment)}))

    def kill(self, pid: int) -> None:
        """kill -9, and wait until it is gone."""
        self._order({"kill": pid})

    def _order(self, order: Mapping[str, object]) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().strip()
        assert answer, "the nursery has ended"
        return answer


@contextmanager
def nursery() -> Iterator[Nursery]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.nursery"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        yield Nursery(process)
        assert process.stdin is not None
        process.stdin.close()  # it takes its children with it


def main(orders: IO[str], answers: IO[str]) -> None:
    _import_everything()
    children: set[int] = set()
    for line in orders:
        order = json.loads(line)
        if "start" in order:
            children.add(answer := _fork(order["start"], order["environment"]))
        else:
            answer = _end(order["kill"])
            children.discard(answer)
        answers.write(f"{answer}\n")
        answers.flush()
    for child in children:
        _end(child)


def _fork(role: str, environment: Mapping[str, str]) -> int:
    nursery_pid = os.getpid()
    if child := os.fork():
        return child
    status = 1
    try:
        die_with_parent(nursery_pid)
        os.environ.update(environment)
        log = os.open(Path(environment["DATA_DIR"]) / f"{role}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for stream in (1, 2):
            os.dup2(log, stream)
        with Path(os.devnull).open() as nothing:
            os.dup2(nothing.fileno(), 0)
        status = _run(role)
    finally:
        os._exit(status)


def _run(role: str) -> int:
    from workers import main as worker
    from workers import schedule

    settings = Settings.from_environment(os.environ)
    parts = CuedParts(settings, Cues(settings.data_dir / "cues").clock)
    if role == "schedule":
        return schedule.keep(parts, every=_QUICKLY)
    return worker.work(parts, (DEFAULT,) if role == "sender" else (URGENT, DEFAULT))


def _end(pid: int) -> int:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return pid


def _import_everything() -> None:
    for name in (
        "forum.markup.renderer",
        "forum.networks.bluesky.adapter",
        "forum.networks.sandbox.network",
        "forum.search.whoosh_index",
        "workers.jobs",
        "workers.main",
        "workers.schedule",
    ):
        import_module(name)
    triage("warm", None)  # its language model is then read once for all workers


if __name__ == "__main__":
    main(sys.stdin, sys.stdout)
