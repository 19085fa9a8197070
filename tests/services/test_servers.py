"""The servers of the tests are real, empty, and gone afterwards, however a run ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis
import sqlalchemy as sa

from tests.services.postgres import Postgres, postgres
from tests.services.process import listens
from tests.services.redis import RedisServer
from tests.services.redis import redis_server as start_redis

ROOT = Path(__file__).parents[2]


@pytest.mark.postgres
def test_every_new_database_is_empty_and_knows_all_characters(postgres_server: Postgres) -> None:
    first, second = postgres_server.new_database(), postgres_server.new_database()
    assert first != second
    for url in (first, second):
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            assert sa.inspect(connection).get_table_names() == []
            connection.execute(sa.text("CREATE TABLE word (text text)"))
            connection.execute(sa.text("INSERT INTO word VALUES ('路由器')"))
            assert connection.scalar(sa.text("SELECT text FROM word")) == "路由器"
        engine.dispose()


def test_redis_answers_on_its_socket_and_on_loopback(redis_server: RedisServer) -> None:
    for url in (redis_server.url, f"redis://{redis_server.address}"):
        with redis.Redis.from_url(url) as client:
            assert client.ping()


@pytest.mark.postgres
def test_servers_and_folders_are_gone_after_a_failure() -> None:
    with pytest.raises(ZeroDivisionError), postgres() as database, start_redis(tcp=True) as cache:
        assert listens(database.port)
        raise ZeroDivisionError
    assert not listens(database.port)
    assert not listens(cache.port or 0)
    assert not database.socket_folder.exists()
    assert not cache.socket.parent.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that the one who started it died")
def test_a_server_does_not_outlive_tests_that_were_killed() -> None:
    program = (
        "import time\n"
        "from tests.services.redis import redis_server\n"
        "with redis_server(tcp=True) as server:\n"
        "    print(server.port, server.socket.parent, flush=True)\n"
        "    time.sleep(60)\n"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=ROOT, env=env) as tests:
        assert tests.stdout is not None
        said, folder = tests.stdout.readline().decode().split()
        port = int(said)
        assert listens(port)
        tests.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while listens(port):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    shutil.rmtree(folder)  # the one thing that nobody is left to do
