"""The tree of processes: what dies is started again, a stop has an order, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.running.waiting import is_alive, until
from workers.tree import ECHO

pytestmark = pytest.mark.running
ROOT = Path(__file__).parents[2]
Grow = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def grow(tmp_path: Path) -> Iterator[Grow]:
    """Starts a grove with these children and waits until all of them run."""
    started: list[subprocess.Popen[str]] = []

    def start(*names: str, patience: float = 10) -> subprocess.Popen[str]:
        grove = subprocess.Popen(
            [sys.executable, "-m", "tests.running.grove", str(tmp_path), str(patience), *names],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        started.append(grove)
        until(lambda: all((tmp_path / f"{name}.pid").exists() for name in names), what=f"{names} run")
        return grove

    yield start
    for grove in started:
        if grove.poll() is None:
            grove.kill()
        grove.communicate()


def pid_of(folder: Path, name: str) -> int:
    return int((folder / f"{name}.pid").read_text())


def test_a_stop_goes_from_first_to_last_and_leaves_nothing(tmp_path: Path, grow: Grow) -> None:
    grove = grow("web", "workers", "redis")
    pids = [pid_of(tmp_path, name) for name in ("web", "workers", "redis")]
    grove.send_signal(signal.SIGTERM)
    said, _ = grove.communicate(timeout=15)
    assert grove.returncode == 0, said
    assert (tmp_path / "stopped").read_text().split() == ["web", "workers", "redis"]
    assert not any(is_alive(pid) for pid in pids)


def test_a_killed_child_is_started_again_and_that_is_said(tmp_path: Path, grow: Grow) -> None:
    grove = grow("web", "redis")
    first = pid_of(tmp_path, "web")
    os.kill(first, signal.SIGKILL)
    until(lambda: pid_of(tmp_path, "web") != first, what="a second web")
    assert is_alive(pid_of(tmp_path, "redis"))
    grove.send_signal(signal.SIGINT)
    said, _ = grove.communicate(timeout=15)
    assert "web was ended by SIGKILL; starting it again in 0.5 s." in said


def test_what_keeps_dying_is_started_ever_more_slowly(tmp_path: Path, grow: Grow) -> None:
    grove = grow("frail", "web")
    until(lambda: (tmp_path / "born").read_text().count("frail") == 4, what="the fourth attempt")
    grove.send_signal(signal.SIGTERM)
    said, _ = grove.communicate(timeout=15)
    assert [f"frail ended with exit code 3; starting it again in {wait} s." in said for wait in ("0.5", "1", "2")] == [
        True
    ] * 3


def test_a_killed_supervisor_takes_its_children_along(tmp_path: Path, grow: Grow) -> None:
    grove = grow("web", "workers")
    pids = [pid_of(tmp_path, name) for name in ("web", "workers")]
    grove.kill()
    until(lambda: not any(is_alive(pid) for pid in pids), within=5, what="the children are gone")


def test_a_second_signal_stops_at_once(tmp_path: Path, grow: Grow) -> None:
    grove = grow("stubborn", "redis", patience=300)
    stubborn, redis = pid_of(tmp_path, "stubborn"), pid_of(tmp_path, "redis")
    grove.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):  # it waits for the stubborn one, as long as it may take
        grove.wait(timeout=ECHO + 0.2)
    grove.send_signal(signal.SIGINT)
    said, _ = grove.communicate(timeout=5)
    assert "Stopping at once." in said
    assert not is_alive(stubborn)
    assert not is_alive(redis)


def test_a_signal_that_comes_twice_at_once_is_one_wish(tmp_path: Path, grow: Grow) -> None:
    grove = grow("web", "redis")
    grove.send_signal(signal.SIGTERM)
    grove.send_signal(signal.SIGINT)
    said, _ = grove.communicate(timeout=15)
    assert "Stopping at once." not in said
    assert (tmp_path / "stopped").read_text().split() == ["web", "redis"]


def test_what_does_not_stop_in_its_time_is_killed_and_that_is_said(tmp_path: Path, grow: Grow) -> None:
    grove = grow("stubborn", "redis", patience=1)
    grove.send_signal(signal.SIGTERM)
    said, _ = grove.communicate(timeout=15)
    assert "stubborn did not stop in 1 s and was killed." in said
    assert (tmp_path / "stopped").read_text().split() == ["redis"]


def test_ctrl_c_in_the_terminal_does_not_reach_the_children(tmp_path: Path, grow: Grow) -> None:
    grove = grow("web")
    assert os.getsid(pid_of(tmp_path, "web")) != os.getsid(grove.pid)
