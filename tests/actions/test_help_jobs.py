"""The jobs that learn and ask: rung for when something is due, safe to run twice, and a mention's thread asks for help too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from redis import Redis
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.actions.triage_mentions import triage_mentions
from forum.kernel.settings import Settings
from forum.listening.mention import Mention
from forum.notices.notice import Notice
from forum.superfans.helping import Availability, ExpertiseDue, HelpRequest, HelpRound
from forum.threads.thread import Thread
from tests.actions.help_scene import HelpScene
from tests.application import QuietParts
from tests.cast import Cast
from tests.scene import Clock, Stage
from tests.services.redis import RedisServer
from workers import jobs
from workers.schedule import Schedule, ring_for_help


@pytest.fixture
def parts(settings: Settings, redis_server: RedisServer) -> Iterator[QuietParts]:
    with Redis.from_url(redis_server.url) as redis:
        redis.flushall()
    made = QuietParts(replace(settings, redis_url=redis_server.url), Clock())
    jobs.work_with(made)
    yield made
    made.sessions.kw["bind"].dispose()


@pytest.fixture
def scene(parts: QuietParts, session: Session, cast: Cast) -> HelpScene:
    stage = Stage(session, parts.clock)  # type: ignore[arg-type]
    made = HelpScene(parts.sessions, session, cast, stage, stage.board())
    made.knows(cast.bob, "mesh", 2)
    session.commit()
    return made


def rung(scene: HelpScene, parts: QuietParts) -> set[str]:
    scene.session.rollback()
    parts.bell.rung.clear()
    ring_for_help(scene.session, parts.bell, scene.clock())
    return {job for job, _arguments in parts.bell.rung}


def count(scene: HelpScene, model: type) -> int:
    scene.session.rollback()
    return scene.session.scalar(select(func.count()).select_from(model)) or 0


def test_an_answer_rings_for_learning_and_a_question_for_asking(scene: HelpScene, parts: QuietParts) -> None:
    assert rung(scene, parts) == {"learn_expertise", "ask_for_help"}  # the questions that Bob answered end their search
    jobs.learn_expertise()
    jobs.ask_for_help()
    assert rung(scene, parts) == set()
    scene.question()
    scene.session.commit()
    assert rung(scene, parts) == {"ask_for_help"}


def test_the_jobs_run_twice_do_the_work_of_once(scene: HelpScene, parts: QuietParts) -> None:
    thread = scene.question()
    scene.session.commit()
    for _time in range(2):
        jobs.learn_expertise()
        jobs.ask_for_help()
    assert scene.asked(thread) == ["bob"]
    assert (count(scene, ExpertiseDue), count(scene, HelpRequest)) == (0, 1)
    assert scene.session.scalar(select(func.count()).where(Notice.thread_id == thread.id)) == 1


def test_the_second_wave_and_staff_are_rung_for_when_their_time_comes(scene: HelpScene, parts: QuietParts) -> None:
    thread = scene.question()
    scene.session.commit()
    jobs.learn_expertise()
    jobs.ask_for_help()
    for hours in (1, 23):
        assert rung(scene, parts) == set()
        scene.clock.pass_by(hours=hours)
        assert rung(scene, parts) == {"ask_for_help"}
        jobs.ask_for_help()
    scene.clock.pass_by(days=9)
    assert rung(scene, parts) == set()
    assert scene.session.get_one(HelpRound, thread.id).due_at is None


def test_nightly_whoever_was_learnt_long_ago_is_learnt_anew(scene: HelpScene, parts: QuietParts) -> None:
    jobs.learn_expertise()
    first = scene.session.get_one(Availability, scene.cast.bob.id).learnt_at
    scene.session.rollback()
    scene.clock.pass_by(days=31)
    parts.bell.rung.clear()
    jobs.learn_expertise_anew()
    assert ("learn_expertise", ()) in parts.bell.rung
    jobs.learn_expertise()
    scene.session.rollback()
    later = scene.session.get_one(Availability, scene.cast.bob.id).learnt_at
    assert first is not None
    assert later is not None
    assert later - first == timedelta(days=31)


def test_the_schedule_looks_for_both(scene: HelpScene, parts: QuietParts) -> None:
    scene.question()
    scene.session.commit()
    schedule = Schedule(parts, "one")
    assert schedule.look(scene.clock())
    names = {job for job, _arguments in parts.bell.rung}
    assert {"ask_for_help", "learn_expertise"} <= names


def test_a_mention_that_goes_to_the_community_asks_its_members_and_one_for_staff_asks_nobody(
    scene: HelpScene, parts: QuietParts
) -> None:
    connection = scene.stage.connection(scene.board)
    for number, text in enumerate(
        ("My mesh satellites are lost, what can I do?", "My mesh router caught fire, call my lawyer")
    ):
        facts = {"author_id": "m", "author_handle": "mira", "author_name": "Mira", "permalink": "https://x.example/1"}
        scene.session.add(
            Mention(
                connection_id=connection.id,
                remote_id=str(number),
                conversation_id=str(number),
                text=text,
                created_at=scene.clock(),
                addressed=True,
                imported_at=scene.clock(),
                **facts,
            )
        )
    scene.session.flush()
    triage_mentions(scene.session, scene.stage.markup, scene.clock())
    scene.session.commit()
    jobs.learn_expertise()
    jobs.ask_for_help()
    thread = scene.session.scalars(select(Thread).where(Thread.origin_network.is_not(None))).one()
    assert scene.asked(thread) == ["bob"]
    assert count(scene, HelpRequest) == 1
    event = scene.session.scalar(
        select(Notice.event).where(Notice.account_id == scene.cast.bob.id, Notice.thread_id == thread.id)
    )
    assert event == "mention_waiting"
