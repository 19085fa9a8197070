"""The doorbell: tells a worker that something is due. It may be lost; a scheduled sweep finds due rows all the same."""

from __future__ import annotations

import logging
from typing import Protocol

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue

log = logging.getLogger(__name__)

URGENT, DEFAULT = "urgent", "default"
QUEUE_OF = {
    "index_due": URGENT,
    "import_mentions": URGENT,
    "mend_index": URGENT,
    "deliver_due": DEFAULT,
    "tell_due": DEFAULT,
    "mail_due": DEFAULT,
    "ask_for_help": DEFAULT,
    "learn_expertise": DEFAULT,
    "learn_expertise_anew": DEFAULT,
    "find_gaming": DEFAULT,
    "finish_settling": DEFAULT,
    "count_views": DEFAULT,
    "review_members": DEFAULT,
    "import_contacts_due": DEFAULT,
    "take_dropped_contacts": DEFAULT,
    "qualify_due": DEFAULT,
    "mail_reports": DEFAULT,
    "mail_impact": DEFAULT,
    "keep_programme": DEFAULT,
    "forget_old_notices": DEFAULT,
    "read_conversations": DEFAULT,
}


class Bell(Protocol):
    def ring(self, job: str, *arguments: int) -> None: ...


class RedisBell:
    """Enqueues a job by its name in workers/jobs.py unless the same ring is waiting already."""

    def __init__(self, connection: Redis) -> None:
        self._connection = connection

    def ring(self, job: str, *arguments: int) -> None:
        try:
            if self._connection.set(ring_key(job, *arguments), "1", nx=True, ex=30):
                queue = Queue(QUEUE_OF[job], connection=self._connection)
                queue.enqueue(f"workers.jobs.{job}", *arguments, result_ttl=0, failure_ttl=86_400, job_timeout=300)
        except RedisError as error:
            log.warning("the doorbell is silent, the sweep will find the work: %s", error)


class SilentBell:
    """For commands and tests that run the work themselves."""

    def __init__(self) -> None:
        self.rung: list[tuple[str, tuple[int, ...]]] = []

    def ring(self, job: str, *arguments: int) -> None:
        self.rung.append((job, arguments))


def ring_key(job: str, *arguments: int) -> str:
    """The key that is set while a ring waits; the job removes it first thing, so that later rings count again."""
    return ":".join(["bell", job, *map(str, arguments)])
