"""All of Answerback as `make run` starts it: real Redis, web server, workers and schedule in one tree."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue

from tests.running.waiting import command_of, descendants, is_alive, parent_of, until
from tests.services.process import free_port, own_folder
from workers import setup
from workers.tree import ECHO

pytestmark = pytest.mark.running
ROOT = Path(__file__).parents[2]
SUPERVISE = (sys.executable, "-m", "workers.supervise")


class Running:
    """One started tree: its output so far, its processes, its address."""

    def __init__(self, folder: Path, command: Sequence[str], **environ: str) -> None:
        self.port = free_port()
        self.data_dir = folder / "var"
        self.log = folder / f"log-{time.monotonic_ns()}"
        given = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PORT": str(self.port),
            "DATA_DIR": str(self.data_dir),
            **environ,
        }
        self.begun = time.monotonic()
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=given, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
            )

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def until_ready(self, within: float = 60) -> float:
        """Seconds from the start until it said that it is ready."""
        until(lambda: "is ready at" in self.said or self.process.poll() is not None, within, "ready")
        assert self.process.poll() is None, self.said
        return time.monotonic() - self.begun

    def until_settled(self) -> None:
        """Until every worker has said to Redis that it is there."""
        with self.redis() as redis:
            until(lambda: redis.scard("rq:workers") == 2, what="two workers")

    def redis(self) -> Redis:
        return Redis(unix_socket_path=str(self.data_dir / "redis" / "redis.sock"))

    def pids(self, command: str) -> list[int]:
        return [pid for pid in descendants(self.process.pid) if command in command_of(pid)]

    def children(self, command: str) -> list[int]:
        """Those that the supervisor itself started: no worker's fork for a job, which comes and goes."""
        return [pid for pid in self.pids(command) if parent_of(pid) == self.process.pid]

    def is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


Start = Callable[..., Running]


@pytest.fixture
def folder() -> Iterator[Path]:
    with own_folder("answerback-run-") as made:
        yield made


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    started: list[Running] = []

    def begin(command: Sequence[str] = SUPERVISE, **environ: str) -> Running:
        one = Running(folder, command, **{"SAMPLE": "no", **environ})
        started.append(one)
        return one

    yield begin
    for one in started:
        below = descendants(one.process.pid)
        if one.process.poll() is None:
            os.killpg(one.process.pid, signal.SIGKILL)
        one.process.wait(10)
        until(lambda: not any(is_alive(pid) for pid in below), what="all gone")  # noqa: B023  runs at once


def test_one_tree_runs_and_sigterm_ends_all_of_it_in_order(start: Start) -> None:
    tree = start()
    tree.until_ready()
    tree.until_settled()
    assert tree.is_healthy()
    below = descendants(tree.process.pid)
    names = ("redis-server", "gunicorn", "workers.main", "workers.schedule")
    # A worker forks for a job, and its fork carries its name as long as the job lasts.
    until(
        lambda: [len(tree.pids(name)) for name in names] == [1, 3, 2, 1], within=30, what="one tree, and no job in hand"
    )
    tree.process.send_signal(signal.SIGTERM)
    assert tree.process.wait(30) == 0
    assert tree.said.splitlines()[-1] == "Stopped."
    assert not any(is_alive(pid) for pid in below)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", tree.port)) != 0
    assert "Traceback" not in tree.said


def test_a_killed_supervisor_leaves_no_process_and_no_hindrance(start: Start) -> None:
    tree = start()
    tree.until_ready()
    tree.until_settled()
    below = descendants(tree.process.pid)
    assert len(below) >= 7
    tree.process.kill()
    tree.process.wait()
    until(lambda: not any(is_alive(pid) for pid in below), within=10, what="all gone")
    again = start()
    again.until_ready()
    assert again.is_healthy()


def test_each_killed_child_is_started_again(start: Start) -> None:
    tree = start()
    tree.until_ready()
    tree.until_settled()
    for count, name in enumerate(("gunicorn", "workers.main", "workers.schedule", "redis-server"), 1):
        before = set(tree.children(name))
        killed = min(before)
        os.kill(killed, signal.SIGKILL)
        said = " was ended by SIGKILL; starting it again in 0.5 s."
        until(lambda: tree.said.count(said) >= count, 30, f"{name} is missed")  # noqa: B023  runs at once
        until(lambda: len(set(tree.children(name)) - {killed}) == len(before), 30, f"{name} again")  # noqa: B023
        assert tree.said.count(said) == count
        until(tree.is_healthy, 30, "healthy again")


def test_a_stop_waits_for_the_job_in_hand(start: Start, folder: Path) -> None:
    tree = start()
    tree.until_ready()
    tree.until_settled()
    done = folder / "job.done"
    with tree.redis() as redis:
        Queue("default", connection=redis).enqueue("tests.running.slow_job.write_slowly", str(done), 2)
    until(done.with_suffix(".begun").exists, what="the job has begun")
    tree.process.send_signal(signal.SIGINT)
    assert tree.process.wait(30) == 0
    assert done.exists()


def test_a_second_ctrl_c_does_not_wait_for_it(start: Start, folder: Path) -> None:
    tree = start()
    tree.until_ready()
    tree.until_settled()
    done = folder / "job.done"
    with tree.redis() as redis:
        Queue("default", connection=redis).enqueue("tests.running.slow_job.write_slowly", str(done), 30)
    until(done.with_suffix(".begun").exists, what="the job has begun")
    below = descendants(tree.process.pid)
    tree.process.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        tree.process.wait(ECHO + 0.2)
    tree.process.send_signal(signal.SIGINT)
    assert tree.process.wait(20) == 0
    assert not done.exists()
    until(lambda: not any(is_alive(pid) for pid in below), within=15, what="all gone")


def test_a_database_that_cannot_be_reached_stops_the_start(start: Start) -> None:
    tree = start(DATABASE_URL=f"postgresql://nobody@127.0.0.1:{free_port()}/none")
    assert tree.process.wait(60) == 1
    assert "Traceback" not in tree.said
    assert "DATABASE_URL: the database cannot be used: " in tree.said
    assert not tree.pids("redis-server")


def test_make_run_starts_at_once_the_second_time(start: Start) -> None:
    if shutil.which("make") is None:
        pytest.skip("there is no make here")
    if setup.read_installed().get("requirements.txt") != setup.fingerprint("requirements.txt"):
        pytest.skip("this environment was not set up by make")
    first = start(("make", "run"), PYTHON=sys.executable, SAMPLE="yes")
    first.until_ready(within=90)
    assert f"Answerback is ready at http://127.0.0.1:{first.port}" in first.said
    accounts = (first.data_dir / "sample-accounts.txt").read_text(encoding="utf-8").strip()
    until(lambda: accounts in first.said, what="the accounts are printed")
    stop(first)
    took = []
    for _ in range(3):  # other work on the machine may slow one of them
        again = start(("make", "run"), PYTHON=sys.executable, SAMPLE="yes")
        took.append(again.until_ready())
        until(lambda: accounts in again.said, what="the accounts are printed")  # noqa: B023  runs at once
        stop(again)
        if took[-1] < max(3.0, 2.5 * seconds_to_load()):
            return
    raise AssertionError(f"a second start took {took} s")


def stop(tree: Running) -> None:
    """As Ctrl-C in a terminal does: the signal goes to make and to the supervisor."""
    os.killpg(tree.process.pid, signal.SIGINT)
    tree.process.wait(30)
    assert "Stopped." in tree.said


def seconds_to_load() -> float:
    """How long this machine, as busy as it is now, takes to load the application alone; 1 s on two idle cores."""
    keys = {"SECRET_KEY": "s" * 32, "CREDENTIALS_KEY": "A" * 43 + "="}  # so that it keeps none in the project's folder
    begun = time.monotonic()
    subprocess.run([sys.executable, "-c", "import wsgi"], cwd=ROOT, env={**os.environ, **keys}, check=True)
    return time.monotonic() - begun
