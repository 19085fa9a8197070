"""The schedule finds in the database whatever is due, one of many rings for it, and every job may run twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.actions.pause_connection import pause_connection
from forum.actions.settle_rights import settle_rights
from forum.kernel.settings import Settings
from forum.ledger.claim import Claim
from forum.ledger.entry import Entry
from forum.ledger.report_view import SavedView
from forum.listening.mention import Mention
from forum.notices.notice import Notice
from forum.outbox.claiming import claim
from forum.outbox.delivery import Delivery, State
from forum.outbox.mail import mail_delivery
from forum.outbox.making import index_thread
from forum.superfans.grant import SuperfanGrant
from forum.threads.thread import Thread
from forum.wiring.bell import DEFAULT, URGENT, RedisBell
from forum.wiring.parts import Parts
from tests.application import QuietParts
from tests.cast import Cast
from tests.looping import SandboxLoop
from tests.scene import Clock
from tests.services.redis import RedisServer
from workers import jobs
from workers.schedule import LEASE, Schedule, ring_for_due

Ring = tuple[str, tuple[int, ...]]


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def redis(redis_server: RedisServer) -> Iterator[Redis]:
    with Redis.from_url(redis_server.url) as redis:
        redis.flushall()
        yield redis


@pytest.fixture
def parts(settings: Settings, redis_server: RedisServer) -> Iterator[QuietParts]:
    """The bell is silent and told, Redis is real: jobs tell it that they have begun. Their clock is the test's."""
    made = QuietParts(replace(settings, redis_url=redis_server.url), Clock())
    yield made
    made.sessions.kw["bind"].dispose()


@pytest.fixture
def loop(parts: QuietParts, session: Session, cast: Cast) -> SandboxLoop:
    loop = SandboxLoop(parts, session, cast)
    loop.stage.clock = loop.clock = parts.clock  # type: ignore[assignment]
    return loop


def rung(loop: SandboxLoop) -> set[Ring]:
    bell = QuietParts.bell.func(loop.parts)
    loop.session.rollback()
    ring_for_due(loop.session, bell, loop.clock())
    return set(bell.rung)


class TestWhatIsDue:
    @pytest.fixture
    def loop(self, loop: SandboxLoop) -> SandboxLoop:
        """A stage on which nothing is due."""
        with loop.writes():
            loop.connection.poll_due_at = loop.clock() + timedelta(days=30)
        assert rung(loop) == set()
        return loop

    def test_a_reply_and_its_retraction_ring_for_delivering(self, loop: SandboxLoop) -> None:
        reply = loop.accepted()
        assert ("deliver_due", ()) in rung(loop)
        loop.mirror(reply)
        assert ("deliver_due", ()) not in rung(loop)
        loop.withdraw(reply)
        assert ("deliver_due", ()) in rung(loop)

    def test_what_waits_for_its_time_or_is_being_sent_rings_when_that_is_over(self, loop: SandboxLoop) -> None:
        reply = loop.accepted()
        with loop.parts.sessions.begin() as session:
            assert claim(session, reply.id, loop.clock())
        assert ("deliver_due", ()) not in rung(loop)
        loop.clock.pass_by(seconds=61)
        assert ("deliver_due", ()) in rung(loop)

    def test_a_mail_and_a_changed_thread_ring_for_theirs(self, loop: SandboxLoop) -> None:
        with loop.writes():
            loop.session.add(mail_delivery("1", "ada@example.com", "Hello", "Hello", loop.clock()))
        assert rung(loop) == {("mail_due", ())}
        with loop.writes():
            loop.stage.thread(loop.cast.ada, loop.stage.board("mesh"))
        assert ("index_due", ()) in rung(loop)

    def test_a_connection_rings_when_it_is_to_be_read_and_not_while_it_is_read_or_paused(
        self, loop: SandboxLoop
    ) -> None:
        ring = ("import_mentions", (loop.connection.id,))
        with loop.writes():
            loop.connection.poll_due_at = loop.clock()
        assert rung(loop) == {ring}
        with loop.writes():
            loop.connection.poll_lease_until = loop.clock() + timedelta(minutes=2)
        assert rung(loop) == set()
        loop.clock.pass_by(minutes=3)
        assert rung(loop) == {ring}
        with loop.writes():
            pause_connection(loop.session, loop.connection, loop.cast.max, loop.clock())
        assert rung(loop) == set()

    def test_a_mention_that_was_stored_and_never_triaged_rings(self, loop: SandboxLoop) -> None:
        loop.customer_posts()
        loop.hear()
        with loop.writes():
            mention = loop.session.scalars(select(Mention)).one()
            mention.route, loop.connection.poll_due_at = None, loop.clock() + timedelta(days=1)
            loop.session.query(Delivery).delete()
        assert rung(loop) == set()
        loop.clock.pass_by(seconds=31)
        assert rung(loop) == {("import_mentions", (loop.connection.id,))}

    def test_a_claim_rings_on_its_day(self, loop: SandboxLoop) -> None:
        loop.accepted()
        assert ("qualify_due", ()) not in rung(loop)
        loop.clock.pass_by(days=7)
        assert ("qualify_due", ()) in rung(loop)


class TestTheLease:
    def test_of_two_schedules_one_rings_and_the_other_takes_over(self, parts: QuietParts) -> None:
        one, two, now = Schedule(parts, "one"), Schedule(parts, "two"), parts.clock()
        assert [one.look(now), two.look(now)] == [True, False]
        for second in range(1, 40):
            later = now + timedelta(seconds=second)
            assert [two.look(later), one.look(later)] == [False, True]
        after = later + LEASE + timedelta(seconds=1)
        assert [two.look(after), one.look(after)] == [True, False]

    @pytest.mark.parametrize("job", ["keep_programme", "forget_old_notices", "find_gaming", "learn_expertise_anew"])
    def test_what_is_for_the_night_is_done_once_a_night(self, parts: QuietParts, job: str) -> None:
        one, now = Schedule(parts, "one"), parts.clock()
        rings = []
        for hours in range(0, 72, 6):
            parts.bell.rung.clear()
            one.look(now + timedelta(hours=hours))
            rings.append((job, ()) in parts.bell.rung)
        assert rings.count(True) == 4  # when it starts, and in three nights

    def test_one_that_stops_gives_its_place_back_at_once(self, parts: QuietParts) -> None:
        one, two, now = Schedule(parts, "one"), Schedule(parts, "two"), parts.clock()
        assert one.look(now)
        stopped = threading.Event()
        stopped.set()
        one.run(stopped)
        assert two.look(now + timedelta(seconds=1))

    def test_one_that_stops_does_not_end_the_lease_of_another(self, parts: QuietParts) -> None:
        one, two, three, now = Schedule(parts, "one"), Schedule(parts, "two"), Schedule(parts, "three"), parts.clock()
        assert one.look(now)
        stopped = threading.Event()
        stopped.set()
        two.run(stopped)
        assert not three.look(now + timedelta(seconds=1))


class TestTheBell:
    def test_a_ring_waits_once_and_counts_again_when_its_job_has_begun(self, redis: Redis, loop: SandboxLoop) -> None:
        bell, queue = RedisBell(redis), Queue(DEFAULT, connection=redis)
        for _ in range(5):
            bell.ring("deliver_due")
        assert [job.func_name for job in queue.jobs] == ["workers.jobs.deliver_due"]
        jobs.work_with(loop.parts)
        jobs.deliver_due()
        bell.ring("deliver_due")
        assert len(queue.jobs) == 2

    def test_each_connection_has_a_ring_of_its_own(self, redis: Redis) -> None:
        bell = RedisBell(redis)
        for number in (1, 2, 1):
            bell.ring("import_mentions", number)
        assert [job.args for job in Queue(URGENT, connection=redis).jobs] == [(1,), (2,)]

    def test_what_redis_lost_is_rung_for_again(self, redis: Redis, loop: SandboxLoop) -> None:
        loop.accepted()

        def queued() -> set[str]:
            names = (URGENT, DEFAULT)
            return {job.func_name for name in names for job in Queue(name, connection=redis).jobs}

        loop.session.rollback()
        ring_for_due(loop.session, RedisBell(redis), loop.clock())
        before = queued()
        assert "workers.jobs.deliver_due" in before
        redis.flushall()
        assert queued() == set()
        ring_for_due(loop.session, RedisBell(redis), loop.clock())
        assert queued() == before

    def test_a_redis_that_is_away_stops_nobody(self, tmp_path: Path) -> None:
        with Redis.from_url(f"unix://{tmp_path}/nobody.sock") as away:
            RedisBell(away).ring("deliver_due")


class TestTwice:
    @pytest.fixture
    def parts(self, parts: QuietParts) -> Parts:
        jobs.work_with(parts)
        return parts

    def count(self, loop: SandboxLoop, model: type) -> int:
        loop.session.rollback()
        return loop.session.scalar(select(func.count()).select_from(model)) or 0

    def test_importing(self, loop: SandboxLoop) -> None:
        loop.customer_posts()
        for _ in range(2):
            jobs.import_mentions(loop.connection.id)
        assert (self.count(loop, Mention), self.count(loop, Thread)) == (1, 1)

    def test_delivering(self, loop: SandboxLoop) -> None:
        reply = loop.accepted()
        for _ in range(2):
            jobs.deliver_due()
        assert (loop.now(reply).state, len(loop.standing())) == (State.SENT, 1)
        loop.withdraw(reply)
        for _ in range(2):
            jobs.deliver_due()
        assert loop.standing() == []

    def test_keeping_the_programme(self, loop: SandboxLoop) -> None:
        with loop.writes():
            grant = loop.session.scalars(select(SuperfanGrant)).one()
            grant.probation_until = loop.clock()
            settle_rights(loop.session, loop.cast.sue, loop.clock())
        assert "send_without_approval" not in loop.cast.sue.rights
        for _ in range(2):
            jobs.keep_programme()
        loop.session.rollback()
        loop.session.refresh(loop.cast.sue)
        assert "send_without_approval" in loop.cast.sue.rights

    def test_forgetting_old_notices(self, loop: SandboxLoop) -> None:
        now = loop.clock()
        with loop.writes():
            for key, read_at in (("old", now - timedelta(days=200)), ("new", now)):
                loop.session.add(
                    Notice(account_id=loop.cast.bob.id, event="named", key=key, made_at=read_at, read_at=read_at)
                )
        for _ in range(2):
            jobs.forget_old_notices()
        loop.session.rollback()
        assert loop.session.scalars(select(Notice.key).where(Notice.account_id == loop.cast.bob.id)).all() == ["new"]

    def test_mailing(self, loop: SandboxLoop) -> None:
        with loop.writes():
            for number in range(25):  # more than a job takes at once
                loop.session.add(mail_delivery(str(number), "ada@example.com", "Hello", "Hello", loop.clock()))
        for _ in range(2):
            jobs.mail_due()
        assert len(list((loop.parts.settings.data_dir / "mail").iterdir())) == 25

    def test_mailing_a_months_report(self, loop: SandboxLoop, cast: Cast) -> None:
        asked = loop.clock() - timedelta(days=90)
        with loop.writes():
            loop.session.add(
                SavedView(account_id=cast.fay.id, name="Mine", query="", made_at=asked, mailed_since=asked)
            )
        for _ in range(2):
            jobs.mail_reports()
        for _ in range(2):
            jobs.mail_due()
        (letter,) = (loop.parts.settings.data_dir / "mail").iterdir()
        assert b"application/pdf" in letter.read_bytes()

    def test_indexing(self, loop: SandboxLoop) -> None:
        thread = loop.asked()
        with loop.writes():
            loop.session.add(index_thread(thread.id, loop.clock()))
        for _ in range(2):
            jobs.index_due()
        assert loop.parts.index.count() == 1
        assert self.count(loop, Delivery) == 0
        jobs.mend_index()
        assert loop.parts.index.count() == 1

    def test_mending_an_index_that_was_lost(self, loop: SandboxLoop) -> None:
        loop.asked()
        jobs.index_due()
        loop.parts.index.clear()
        for _ in range(2):
            jobs.mend_index()
        assert loop.parts.index.count() == 1

    def test_qualifying(self, loop: SandboxLoop) -> None:
        loop.accepted()
        jobs.deliver_due()
        loop.clock.pass_by(days=7)
        for _ in range(2):
            jobs.qualify_due()
        assert (self.count(loop, Claim), self.count(loop, Entry)) == (1, 1)

    def test_reading_on_in_conversations(self, loop: SandboxLoop) -> None:
        asked = loop.customer_posts()
        loop.hear()
        loop.customer_posts("It is the R6 by the way", under=asked)
        for _ in range(2):
            jobs.read_conversations()
        assert (self.count(loop, Mention), self.count(loop, Thread)) == (2, 1)
