"""Starts one RQ worker, which forks for every job. The application is loaded first, so a fork finds it in memory."""

from __future__ import annotations

import logging
import os
import socket
import sys
from typing import TYPE_CHECKING

from redis import Redis
from rq import Queue, Worker
from rq.job import Job

from forum.kernel.settings import Settings, SettingsError
from forum.wiring.bell import DEFAULT, URGENT
from forum.wiring.parts import Parts
from workers.lifeline import die_with_parent

if TYPE_CHECKING:
    from collections.abc import Sequence

# A killed worker's job is found again after these, in 97 s at most (RQ's own defaults: 412 s).
WORKER_TTL = 60
MAINTENANCE_INTERVAL = 30


class TiedWorker(Worker):
    """A worker whose forked child goes when it goes: otherwise a second copy of a job starts beside the first."""

    max_connection_wait_time = 5.0  # the embedded Redis is back soon after it died

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        assert self.pid is not None
        die_with_parent(self.pid)
        super().main_work_horse(job, queue)


def make_worker(connection: Redis, queues: Sequence[str] = (URGENT, DEFAULT)) -> TiedWorker:
    return TiedWorker(
        list(queues),
        name=f"{socket.gethostname()}-{os.getpid()}-{os.urandom(3).hex()}",
        connection=connection,
        worker_ttl=WORKER_TTL,
        maintenance_interval=MAINTENANCE_INTERVAL,
        log_job_description=False,
    )


def main() -> int:
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return work(Parts(settings))


def work(parts: Parts, queues: Sequence[str] = (URGENT, DEFAULT)) -> int:
    """Work until SIGTERM: the job in hand is finished first."""
    from workers.jobs import warm, work_with  # noqa: PLC0415  every job and what it needs, before the first fork

    settings = parts.settings
    work_with(parts)
    warm()

    level = "WARNING" if settings.log_level == "info" else settings.log_level.upper()  # a line a job is too much
    logging.basicConfig(level=level)
    make_worker(Redis.from_url(settings.redis_address), queues).work(logging_level=level)
    return 0


if __name__ == "__main__":
    sys.exit(main())
