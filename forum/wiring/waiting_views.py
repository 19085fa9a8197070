"""Views on their way from the web to the worker that counts them: a list in Redis, taken a batch at a time.

A batch is moved to a list of its own before it is counted and removed after; a worker killed in between leaves it to
the next, and its key, noted in the database with what it changed, sees to it that it is counted once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from uuid import uuid4

from redis import Redis
from redis.exceptions import RedisError

from forum.ledger.viewing import Reader, View, end_of

log = logging.getLogger(__name__)

LIST, TAKEN = "views", "views:taken"
BATCH = 5_000  # views
MOST = 1_000_000  # that may wait, some 150 MB; were no worker to come for longer, the oldest go

# One step for Redis, so that no view is in both lists or in none, wherever the worker is killed.
TAKE = """
local taken = redis.call('LRANGE', KEYS[1], -ARGV[2], -1)
if #taken == 0 then return 0 end
redis.call('RPUSH', KEYS[2], unpack(taken))
redis.call('LTRIM', KEYS[1], 0, -ARGV[2] - 1)
redis.call('SADD', KEYS[3], ARGV[1])
return #taken
"""


@dataclass(frozen=True)
class Batch:
    key: str
    views: list[View]


class WaitingViews:
    def __init__(self, redis: Callable[[], Redis]) -> None:
        self._redis = redis

    def put(self, view: View) -> None:
        """A view that cannot be noted is not counted: nobody waits for it."""
        try:
            if int(str(self._redis().lpush(LIST, view.written()))) > MOST:
                self._redis().ltrim(LIST, 0, MOST - 1)
        except RedisError as error:
            log.warning("a view was not counted: %s", error)

    def any(self) -> bool:
        try:
            return bool(self._redis().exists(LIST, TAKEN))
        except RedisError:
            return False

    def batches(self, most: int) -> Iterator[Batch]:
        """What a killed worker left, then what waits. Call `done` for each after its commit."""
        for left in sorted(_text(key) for key in self._redis().smembers(TAKEN)):
            yield self._batch(left)
        for _ in range(most):
            key = str(uuid4())
            if not self._redis().eval(TAKE, 3, LIST, _batch_key(key), TAKEN, key, str(BATCH)):
                return
            yield self._batch(key)

    def done(self, batch: Batch) -> None:
        with self._redis().pipeline() as together:
            together.delete(_batch_key(batch.key))
            together.srem(TAKEN, batch.key)
            together.execute()

    def _batch(self, key: str) -> Batch:
        views = []
        for line in self._redis().lrange(_batch_key(key), 0, -1):
            try:
                views.append(View.read(line))
            except ValueError:
                log.warning("a view that cannot be read is left out")
        return Batch(key, views)


class Asked:
    """On which thread a reader was asked the survey in a week, so that the next thread does not ask again."""

    def __init__(self, redis: Callable[[], Redis], zone: tzinfo) -> None:
        self._redis = redis
        self._zone = zone

    def on(self, reader: Reader, thread_id: int) -> bool:
        """Whether it may ask here: nothing was asked yet, or it was here. Forgotten with the week."""
        key = f"asked:{reader.week}:{reader.key}"
        until: datetime = end_of(reader.week, self._zone)
        try:
            self._redis().set(key, str(thread_id), nx=True, exat=int(until.timestamp()))
            return _text(self._redis().get(key)) == str(thread_id)
        except RedisError:
            return False


def _batch_key(key: str) -> str:
    return f"views:batch:{key}"


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
