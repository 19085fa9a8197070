"""A real worker and schedule at work on a test's own database, to be killed and robbed at will."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import redis
from sqlalchemy import select

from forum.outbox.delivery import LEASE, Delivery, Kind, State
from forum.wiring.parts import Parts
from tests.application import CREDENTIALS_KEY
from tests.faults.cues import Cues, until
from tests.faults.nursery import Nursery
from tests.services.redis import RedisServer

UNSETTLED = (State.WAITING, State.SENDING, State.UNCERTAIN)


class Works:
    """One installation's processes."""

    def __init__(self, nursery: Nursery, parts: Parts, server: RedisServer, *, allow: str = "") -> None:
        self._nursery = nursery
        self._sessions = parts.sessions
        self._environment = {
            "DATA_DIR": str(parts.settings.data_dir),
            "DATABASE_URL": parts.settings.database_url,
            "REDIS_URL": server.url,
            "SAMPLE": "no",
            "SECRET_KEY": "a key for tests alone, long enough to be one",
            "CREDENTIALS_KEY": CREDENTIALS_KEY,
            "PUBLIC_URL": "https://forum.example",
            "ALLOW_PRIVATE_HOSTS": allow,
        }
        self._running: dict[int, str] = {}
        self.redis = redis.Redis.from_url(server.url)
        self.cues = Cues(parts.settings.data_dir / "cues")

    def start(self, *roles: str) -> None:
        """What the nursery knows; a sender and the schedule where nothing is said."""
        for role in roles or ("sender", "schedule"):
            self._running[self._nursery.start(role, self._environment)] = role

    def kill_worker(self) -> None:
        """The one that forks; its child of the moment is tied to it and goes too."""
        for pid, role in list(self._running.items()):
            if role != "schedule":
                self._end(pid)

    def kill_all(self) -> None:
        for pid in list(self._running):
            self._end(pid)

    def flush_redis(self) -> None:
        self.redis.flushall()

    def let_the_lease_end(self) -> None:
        self.cues.pass_by(seconds=LEASE.total_seconds() + 1)

    def until_settled(self) -> None:
        """Until nothing is left to deliver; where something waits for its time, that time is made to come."""
        until(self._all_is_settled, within=60)

    def until_state(self, delivery: Delivery, *states: State) -> None:
        until(lambda: self._state(delivery) in states)

    def _state(self, delivery: Delivery) -> State:
        with self._sessions() as session:
            return State(session.get_one(Delivery, delivery.id).state)

    def _all_is_settled(self) -> bool:
        left = self._left()
        now = self.cues.clock()
        due = [row.lease_until if row.state == State.SENDING else row.due_at for row in left]
        if left and all(time is not None and time > now for time in due) and self._nobody_sends(left):
            first = min(time for time in due if time)
            self.cues.pass_by(seconds=(first - now + timedelta(seconds=1)).total_seconds())
        return not left

    def _left(self) -> Sequence[Delivery]:
        kinds = (Kind.REPLY, Kind.RETRACTION)
        with self._sessions() as session:
            return session.scalars(
                select(Delivery).where(Delivery.state.in_(UNSETTLED), Delivery.kind.in_(kinds))
            ).all()

    def _nobody_sends(self, left: Sequence[Delivery]) -> bool:
        """A delivery in good hands is waited for; only a person with a clock may end a dead worker's lease."""
        return all(row.state != State.SENDING for row in left)

    def _end(self, pid: int) -> None:
        del self._running[pid]
        self._nursery.kill(pid)
