"""The nightly job: rung for once a night, safe to run twice, and it finishes what a verdict left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from redis import Redis
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.actions.settle_suspicion import Verdict, settle_suspicion
from forum.kernel.settings import Settings
from forum.superfans.suspicion import Suspicion, SuspicionKind
from forum.threads.post import Kudos
from tests.actions.gaming_scene import NIGHT, GamingScene
from tests.application import QuietParts
from tests.cast import Cast
from tests.scene import Clock
from tests.services.redis import RedisServer
from workers import jobs
from workers.schedule import Schedule


@pytest.fixture
def parts(settings: Settings, redis_server: RedisServer) -> Iterator[QuietParts]:
    with Redis.from_url(redis_server.url) as redis:
        redis.flushall()
    made = QuietParts(replace(settings, redis_url=redis_server.url), Clock(NIGHT))
    jobs.work_with(made)
    yield made
    made.sessions.kw["bind"].dispose()


def voided(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).where(Kudos.voided_at.is_not(None))) or 0


def test_it_is_rung_for_once_a_night(parts: QuietParts) -> None:
    one, now, rings = Schedule(parts, "one"), parts.clock(), []
    for hours in range(0, 72, 6):
        parts.bell.rung.clear()
        one.look(now + timedelta(hours=hours))
        rings.append(("find_gaming", ()) in parts.bell.rung)
    assert rings.count(True) in {3, 4}  # when it starts, and each night


def test_running_it_twice_voids_and_tells_once(parts: QuietParts, session: Session, cast: Cast) -> None:
    scene = GamingScene(session)
    (gil,) = scene.people("gil")
    scene.series(gil, cast.bob, cast.ada, 6, NIGHT - timedelta(hours=9))
    jobs.find_gaming()
    jobs.find_gaming()
    assert voided(session) == 6
    assert len(scene.suspicions(SuspicionKind.SERIAL)) == 1
    session.refresh(cast.cleo)
    assert cast.cleo.unread_notices == 1


def test_what_a_verdict_on_many_kudos_left_is_done_by_the_job(parts: QuietParts, session: Session, cast: Cast) -> None:
    scene = GamingScene(session)
    scene.ring(cast.ada, scene.people("rhea", "rolf", "rita", "ross"))
    jobs.find_gaming()
    (ring,) = session.scalars(select(Suspicion)).all()
    assert settle_suspicion(session, ring, Verdict.VOID, cast.cleo, seen="open", now=NIGHT) == 84
    session.commit()
    assert voided(session) == 50
    jobs.finish_settling()
    jobs.finish_settling()
    assert voided(session) == 84
