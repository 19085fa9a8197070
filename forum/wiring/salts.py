"""The weekly salts under which signed-out readers are hashed. A salt stands in Redis and in memory, nowhere else.

It ends with its week: the key expires, and the embedded Redis writes its file anew so that no old one lies on disk.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from redis import Redis
from redis.exceptions import RedisError, ResponseError
from sqlalchemy.orm import Session, sessionmaker

from forum.actions.note_salt import note_salt
from forum.kernel.database import writing
from forum.ledger.viewing import WEEK, end_of

log = logging.getLogger(__name__)

AFTER_THE_WEEK = timedelta(hours=1)  # for a process whose clock is behind
MAKING = 10  # seconds that one process has for making a salt


@dataclass(frozen=True)
class Salt:
    """`number` above 1: an earlier salt of this week was lost, so readers under this one may stand there twice."""

    week: date
    number: int
    secret: bytes

    def __repr__(self) -> str:
        return f"Salt({self.week}, {self.number})"  # never the secret, which a traceback might print


class Salts:
    """One per process. `held` asks nobody, `known` asks Redis, `of` makes the salt where there is none."""

    def __init__(
        self, redis: Callable[[], Redis], sessions: sessionmaker[Session], zone: tzinfo, *, embedded: bool
    ) -> None:
        self._redis = redis
        self._sessions = sessions
        self._zone = zone
        self._embedded = embedded
        self._held: Salt | None = None

    def held(self, week: date) -> Salt | None:
        """What this process remembers; the salt of another week is forgotten here."""
        held = self._held
        if held is not None and held.week != week:
            self._held = held = None
        return held

    def known(self, week: date) -> Salt | None:
        """None: there is none yet, or Redis is gone."""
        return self._asked(lambda: self._read(week), week)

    def of(self, week: date, now: datetime) -> Salt | None:
        """None: Redis is gone, or another process is making the salt at this moment.

        Noting it takes the database's write lock, so the caller may not hold that itself.
        """
        return self._asked(lambda: self._read(week) or self._make(week, now), week)

    def _asked(self, read: Callable[[], Salt | None], week: date) -> Salt | None:
        held = self.held(week)
        if held is not None:
            return held
        try:
            self._held = read()
        except RedisError as error:
            log.warning("readers are not known while Redis is silent: %s", error)
        return self._held

    def _read(self, week: date) -> Salt | None:
        value = self._redis().get(_key(week))
        if not isinstance(value, bytes):
            return None
        number, _, secret = value.decode().partition(":")
        return Salt(week, int(number), bytes.fromhex(secret))

    def _make(self, week: date, now: datetime) -> Salt | None:
        """Noted first: should this process die in between, the week has a number too many, never one too few."""
        redis = self._redis()
        if not redis.set(f"{_key(week)}:making", "1", nx=True, ex=MAKING):
            return None
        try:
            if (made := self._read(week)) is not None:
                return made
            with writing(), self._sessions.begin() as session:
                number = note_salt(session, week, now)
            value = f"{number}:{secrets.token_hex(32)}"
            until = end_of(week, self._zone) + AFTER_THE_WEEK
            redis.set(_key(week), value, nx=True, exat=int(until.timestamp()))
            self._destroy(week - WEEK)
            return self._read(week)
        finally:
            redis.delete(f"{_key(week)}:making")

    def _destroy(self, week: date) -> None:
        """An append-only file keeps what was set until it is written anew. Another's Redis is its operator's to keep."""
        self._redis().delete(_key(week))
        if self._embedded:
            with suppress(ResponseError):  # it is being written anew already
                self._redis().bgrewriteaof()


def _key(week: date) -> str:
    return f"salt:{week}"
