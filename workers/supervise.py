"""Runs all of Answerback as one tree of processes: Redis, web server, workers and schedule.

Whatever hinders a start is said in one sentence, with exit code 1. The order of a stop: the web takes no more
requests, the workers finish the jobs in hand, the schedule ends, then Redis.
"""

from __future__ import annotations

import os
import socket
import sys
import time
from pathlib import Path

from forum.kernel.settings import Settings, SettingsError
from workers import redis_server
from workers.address import is_healthy, open_listener
from workers.folder import lock_folder
from workers.schema import is_prepared
from workers.tree import CannotStart, Child, Program, StopAsked, Tree, how_it_ended, say

ROOT = Path(__file__).resolve().parent.parent
LONGEST_START = 120.0  # seconds until the web server must answer
LONGEST_JOB_WAIT = 90.0  # seconds that a worker may take for its job in hand


def main() -> int:
    """Run until somebody asks to stop; 0 then, 1 where the start was hindered."""
    try:
        settings = Settings.from_environment(os.environ)
        return Supervisor(settings).run()
    except (SettingsError, CannotStart) as error:
        sys.stderr.write(f"{error}\n")
        return 1


class Supervisor:
    """Holds the folder's lock and the listening socket, and the tree that uses them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._tree = Tree(say)
        self._environ = child_environment(settings)
        self._web: list[Child] = []
        self._workers: list[Child] = []
        self._schedule: list[Child] = []
        self._redis: list[Child] = []

    def run(self) -> int:
        os.chdir(ROOT)
        os.umask(0o077)  # what we keep is for our own user alone
        self._tree.hold_signals()
        lock = lock_folder(self._settings)
        listener = open_listener(self._settings)
        try:
            self._start(listener)
            self._greet()
            while True:
                self._tree.pause(3600)
        except StopAsked:
            self._stop(listener)
        finally:
            self._tree.kill()
            listener.close()
            lock.truncate(0)
            lock.close()
        say("Stopped.")
        return 0

    def _start(self, listener: socket.socket) -> None:
        settings = self._settings
        prepared = is_prepared(settings, ROOT / "migrations")
        if not settings.redis_url:
            binary = redis_server.find_binary()
            say(f"Starting Redis in {settings.redis_folder}.")
            self._redis = [self._tree.start(redis_server.redis_program(binary, settings.redis_folder, self._environ))]
        if not prepared:
            self._prepare()
        say("Starting the web server, the workers and the schedule.")
        self._web = [self._tree.start(web_program(listener, self._environ))]
        self._await_redis()
        self._await_web()
        # Only now: loading the application once more for each would double the time until somebody can see a page.
        self._workers = [
            self._tree.start(self._python("worker" if number == 0 else f"worker {number + 1}", "workers.main"))
            for number in range(settings.job_workers)
        ]
        self._schedule = [self._tree.start(self._python("the schedule", "workers.schedule"))]

    def _python(self, name: str, module: str) -> Program:
        patience = LONGEST_JOB_WAIT if module == "workers.main" else 15
        return Program(name.capitalize(), [sys.executable, "-m", module], self._environ, patience)

    def _prepare(self) -> None:
        argv = [sys.executable, "-m", "workers.prepare"]
        child = self._tree.start(Program("Preparation", argv, self._environ, patience=5, once=True))
        while (code := self._tree.finished(child)) is None:
            self._tree.pause(1)
        if code == 1:  # it has said why
            raise CannotStart("Nothing was started.")
        if code:
            raise CannotStart(f"The preparation of the database {how_it_ended(code)}, so nothing was started.")

    def _await_redis(self) -> None:
        deadline = time.monotonic() + 60
        while self._redis and not redis_server.answers(self._settings.redis_folder):
            if self._redis[0].deaths or time.monotonic() > deadline:
                log = self._settings.redis_folder / "redis.log"
                raise CannotStart(f"Redis does not start; {log} says why.")
            self._tree.pause(0.02)

    def _await_web(self) -> None:
        deadline = time.monotonic() + LONGEST_START
        while not is_healthy(self._settings):
            if self._web[0].deaths:
                raise CannotStart("The web server does not start; what it said stands above.")
            if time.monotonic() > deadline:
                raise CannotStart(
                    f"The web server gave no good answer within {LONGEST_START:.0f} s, so all was stopped."
                )
            self._tree.pause(0.05)

    def _greet(self) -> None:
        settings = self._settings
        say(f"\nAnswerback is ready at {settings.public_url} (Ctrl-C stops it).")
        if settings.sample:
            if settings.sample_accounts_file.exists():
                say(settings.sample_accounts_file.read_text(encoding="utf-8").rstrip())
        else:
            argv = [sys.executable, "-m", "flask", "--app", "wsgi", "people", "setup-link"]
            self._tree.start(Program("Set-up link", argv, self._environ, patience=5, once=True))

    def _stop(self, listener: socket.socket) -> None:
        say("\nStopping: jobs in hand are finished first (Ctrl-C again stops at once).")
        listener.close()  # the last copy but the web server's own
        once = [child for child in self._tree.children if child.program.once]
        self._tree.stop([[*self._web, *once], self._workers, self._schedule, self._redis])


def child_environment(settings: Settings) -> dict[str, str]:
    """Ours, with the paths made absolute: children run in the project's folder, wherever we were started."""
    return {
        **os.environ,
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "PYTHONUNBUFFERED": "1",
    }


def web_program(listener: socket.socket, environ: dict[str, str]) -> Program:
    """gunicorn on a socket that we opened, so that a restart of it loses no connection."""
    bind = f"fd://{listener.fileno()}"
    argv = [sys.executable, "-m", "gunicorn", "-c", "python:workers.gunicorn_settings", "--bind", bind, "wsgi:app"]
    return Program("The web server", argv, environ, patience=25, keeps=(listener.fileno(),))


if __name__ == "__main__":
    sys.exit(main())
