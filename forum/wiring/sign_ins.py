"""Keeps networks' sign-ins for all processes, sealed, in Redis: a forked worker must not sign in for every job.

Losing them costs one sign-in each.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from redis import Redis
from redis.exceptions import RedisError

from forum.kernel.errors import Conflict
from forum.kernel.sealing import Seal

log = logging.getLogger(__name__)
KEPT_FOR = 60 * 60 * 24 * 30  # seconds; a network ends its sessions sooner


class SealedSignIns:
    def __init__(self, connect: Callable[[], Redis], seal: Seal) -> None:
        self._connect = connect
        self._seal = seal

    def load(self, name: str) -> str | None:
        try:
            kept = self._connect().get(f"sign-in:{name}")
        except RedisError as error:
            log.info("no sign-in could be read: %s", error)
            return None
        if not isinstance(kept, bytes):
            return None
        try:
            return self._seal.open(kept.decode()).get("session")
        except Conflict:  # sealed with an earlier key
            return None

    def save(self, name: str, session: str) -> None:
        try:
            self._connect().set(f"sign-in:{name}", self._seal.close({"session": session}), ex=KEPT_FOR)
        except RedisError as error:
            log.info("a sign-in could not be kept: %s", error)
