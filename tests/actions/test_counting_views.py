"""Views become reader-weeks, readings and the month's views: once each, in any order, on both databases."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.actions.answer_survey import answer_survey
from forum.actions.count_views import count_views, forget_view_batches
from forum.actions.find_bots import MOST_THREADS_IN_AN_HOUR, MOST_VIEWS_IN_A_WEEK
from forum.actions.forget_reader import forget_reader
from forum.actions.settle_reader_weeks import qualify_reader_weeks, review_reader_weeks
from forum.actions.withdraw_acceptance import withdraw_acceptance
from forum.kernel.database import writing
from forum.kernel.settings import Settings
from forum.ledger.claim import Kind, Reason
from forum.ledger.entry import Entry
from forum.ledger.reader_week import MonthViews, ReaderWeek, Reading, ThreadViews, ViewBatch
from forum.ledger.survey import Survey
from forum.ledger.viewing import Reader, View, due_of, end_of, is_drawn, week_of
from forum.people.account import Account
from forum.threads.thread import Thread
from forum.wiring.waiting_views import Batch, WaitingViews
from tests.application import QuietParts
from tests.cast import Cast
from tests.scene import Clock, Stage
from tests.services.redis import RedisServer
from workers import jobs
from workers.schedule import Schedule

BERLIN = ZoneInfo("Europe/Berlin")
KEYS = count(1)


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@dataclass
class Scene:
    """Ada's questions, Bob's answers, and people who read them."""

    session: Session
    cast: Cast
    clock: Clock = field(default_factory=Clock)  # Monday noon

    def __post_init__(self) -> None:
        self.stage = Stage(self.session, self.clock)
        self.board = self.stage.board()

    def solved(self, by: Account | None = None) -> Thread:
        thread = self.stage.thread(self.cast.ada, self.board)
        post = self.stage.answer(thread, by or self.cast.bob)
        accept_answer(self.session, thread, post, self.cast.ada, now=self.clock.pass_by(minutes=1))
        self.session.commit()
        return thread

    def view(self, thread: Thread, who: str = "hash", at: datetime | None = None, **facts: Any) -> View:
        moment = at or self.clock.pass_by(seconds=10)
        told = {"account_id": None, "by_staff": False, "salt_number": 1, "drawn": False, "draw_share": 1000, **facts}
        return View(thread.id, Reader(week=week_of(moment, UTC), key=who, **told), moment)

    def signed_in(self, thread: Thread, who: Account, **facts: Any) -> View:
        return self.view(thread, f"a:{who.id}", account_id=who.id, **facts)

    def counted(self, *views: View, key: str | None = None) -> int:
        done = count_views(self.session, key or str(uuid4()), views, zone=UTC, days=7, now=self.clock())
        self.session.commit()
        return done

    def week(self, who: str = "hash") -> ReaderWeek:
        self.session.expire_all()
        return self.session.scalars(select(ReaderWeek).where(ReaderWeek.reader == who)).one()

    def readings(self) -> list[Reading]:
        return list(self.session.scalars(select(Reading).order_by(Reading.first_at)))

    def decide(self) -> None:
        """Weeks later all who read come to their day."""
        self.clock.pass_by(days=20)
        qualify_reader_weeks(self.session, UTC, self.clock())
        self.session.commit()

    def review(self) -> int:
        reviewed = review_reader_weeks(self.session, UTC, self.clock())
        self.session.commit()
        return reviewed

    def standing(self) -> int:
        return (
            self.session.scalar(select(func.coalesce(func.sum(Entry.quantity), 0)).where(Entry.kind == Kind.INDIRECT))
            or 0
        )


@pytest.fixture
def scene(session: Session, cast: Cast) -> Scene:
    return Scene(session, cast)


class TestWeeks:
    def test_a_week_begins_on_monday_in_the_companys_zone(self) -> None:
        sunday_evening = datetime(2026, 3, 8, 23, 30, tzinfo=UTC)
        assert week_of(sunday_evening, UTC) == date(2026, 3, 2)
        assert week_of(sunday_evening, BERLIN) == date(2026, 3, 9)

    def test_its_end_and_its_day_are_midnights_there_also_when_the_clocks_change(self) -> None:
        assert end_of(date(2026, 3, 23), BERLIN) == datetime(2026, 3, 29, 22, tzinfo=UTC)
        assert due_of(date(2026, 3, 16), BERLIN, 7) == datetime(2026, 3, 29, 22, tzinfo=UTC)
        assert due_of(date(2026, 3, 16), BERLIN, 0) == datetime(2026, 3, 22, 23, tzinfo=UTC)


class TestTheDraw:
    def test_it_takes_its_share_and_the_same_readers_each_time(self) -> None:
        drawn = [is_drawn("secret", date(2026, 3, 2), f"reader {number}", 1000) for number in range(5000)]
        assert 400 < sum(drawn) < 600
        assert drawn == [is_drawn("secret", date(2026, 3, 2), f"reader {number}", 1000) for number in range(5000)]

    def test_it_is_another_each_week(self) -> None:
        weeks = [
            is_drawn("secret", date(2026, 3, 2) + timedelta(days=7 * number), "a:7", 1000) for number in range(500)
        ]
        assert 20 < sum(weeks) < 80

    def test_nobody_and_everybody(self) -> None:
        assert not any(is_drawn("secret", date(2026, 3, 2), str(number), 0) for number in range(2000))
        assert all(is_drawn("secret", date(2026, 3, 2), str(number), 10_000) for number in range(2000))


def test_a_view_is_the_same_after_its_way_through_a_list(scene: Scene) -> None:
    view = scene.signed_in(scene.solved(), scene.cast.mallory, drawn=True)
    assert View.read(view.written()) == view
    assert len(view.written()) < 120


@pytest.mark.parametrize("line", ["", "{}", "[]", "[1,2,3]", '["x",0,0,0,0,0,0,0,0]', "null", "[1,1,1,1,1,1,1,1,1e99]"])
def test_a_line_that_is_no_view_is_refused(line: str) -> None:
    with pytest.raises(ValueError):
        View.read(line)


class TestCounting:
    def test_a_reader_stands_once_a_week_with_all_that_they_read(self, scene: Scene) -> None:
        one, two = scene.solved(), scene.solved()
        views = [scene.view(one), scene.view(one), scene.view(two)]
        assert scene.counted(*views[:2]) == 2
        assert scene.counted(views[2]) == 1
        week = scene.week()
        assert (week.views, week.first_at, week.last_at) == (3, views[0].at, views[2].at)
        assert (week.week, week.due_at) == (date(2026, 3, 2), datetime(2026, 3, 16, tzinfo=UTC))
        assert [(row.thread_id, row.first_at) for row in scene.readings()] == [
            (one.id, views[0].at),
            (two.id, views[2].at),
        ]
        assert {row.thread_id: row.views for row in scene.session.scalars(select(ThreadViews))} == {
            one.id: 2,
            two.id: 1,
        }

    def test_an_earlier_view_that_comes_later_is_the_first_all_the_same(self, scene: Scene) -> None:
        thread = scene.solved()
        early, late = scene.view(thread), scene.view(thread)
        scene.counted(late)
        scene.counted(early)
        assert scene.week().first_at == scene.readings()[0].first_at == early.at
        assert scene.week().last_at == late.at

    def test_the_next_week_is_another_reader_week(self, scene: Scene) -> None:
        thread = scene.solved()
        scene.counted(scene.view(thread), scene.view(thread, at=scene.clock() + timedelta(days=7)))
        assert scene.session.scalar(select(func.count()).select_from(ReaderWeek)) == 2

    def test_only_what_a_member_had_solved_when_it_was_read(self, scene: Scene) -> None:
        open_one = scene.stage.thread(scene.cast.ada, scene.board)
        by_staff, hidden, thread = scene.solved(scene.cast.ann), scene.solved(), scene.solved()
        hidden.hidden_at = scene.clock()
        scene.session.commit()
        before = scene.view(thread, at=scene.clock() - timedelta(minutes=5))
        nowhere = replace(scene.view(thread), thread_id=999_999)
        assert scene.counted(*(scene.view(one) for one in (open_one, by_staff, hidden)), before, nowhere) == 0
        assert scene.session.scalar(select(func.count()).select_from(ReaderWeek)) == 0

    def test_a_view_counts_for_the_answer_that_stood_then_though_it_was_withdrawn_since(self, scene: Scene) -> None:
        thread = scene.solved()
        read, late = scene.view(thread), scene.clock() + timedelta(days=1)
        withdraw_acceptance(scene.session, thread, scene.cast.cleo, now=scene.clock.pass_by(minutes=1))
        post = scene.stage.answer(thread, scene.cast.sue)
        second = accept_answer(scene.session, thread, post, scene.cast.ada, now=scene.clock.pass_by(minutes=1))
        scene.session.commit()
        assert scene.counted(read, scene.view(thread, at=late)) == 2
        first, last = scene.readings()
        assert first.acceptance_id != second.id == last.acceptance_id

    def test_an_account_that_was_closed_since_is_left_out(self, scene: Scene) -> None:
        view = scene.signed_in(scene.solved(), scene.cast.mallory)
        scene.cast.mallory.closed_at = scene.clock()
        scene.session.commit()
        assert scene.counted(view, replace(view, reader=replace(view.reader, account_id=999_999))) == 0

    def test_a_view_of_a_decided_week_asks_for_another_look(self, scene: Scene) -> None:
        thread, late = scene.solved(), scene.solved()
        view = scene.view(late)
        scene.counted(scene.view(thread))
        assert scene.week().review_from is None
        scene.decide()
        marked_at = scene.clock.pass_by(hours=1)
        scene.counted(view)
        assert scene.week().review_from == marked_at
        scene.clock.pass_by(hours=1)
        scene.counted(view)
        assert scene.week().review_from == marked_at
        assert scene.review() == 1
        assert scene.standing() == 1


class TestWhoDoesNotCount:
    def reason(self, scene: Scene, *views: View) -> str | None:
        scene.counted(*views)
        scene.decide()
        week = scene.week(views[0].reader.key)
        assert scene.standing() == (week.reason is None)
        return week.reason

    def test_a_visitor_and_a_stranger_do(self, scene: Scene) -> None:
        thread = scene.solved()
        scene.counted(scene.view(thread), scene.signed_in(thread, scene.cast.mallory))
        scene.decide()
        assert scene.standing() == 2

    def test_staff(self, scene: Scene) -> None:
        assert (
            self.reason(scene, scene.signed_in(scene.solved(), scene.cast.ann, by_staff=True)) == Reason.READ_BY_STAFF
        )

    def test_the_asker_counts_as_asker_alone(self, scene: Scene) -> None:
        assert self.reason(scene, scene.signed_in(scene.solved(), scene.cast.ada)) == Reason.COUNTED_ELSEWHERE

    def test_who_wrote_there(self, scene: Scene) -> None:
        assert self.reason(scene, scene.signed_in(scene.solved(), scene.cast.bob)) == Reason.OWN_THREADS

    def test_who_was_first_seen_after_the_salt_was_lost(self, scene: Scene) -> None:
        assert self.reason(scene, scene.view(scene.solved(), salt_number=2)) == Reason.SALT_LOST

    def test_a_bot_by_the_number_of_threads_in_an_hour(self, scene: Scene) -> None:
        threads = [scene.solved() for _ in range(MOST_THREADS_IN_AN_HOUR + 1)]
        scene.counted(*(scene.view(thread) for thread in threads[1:]))
        assert scene.week().bot_at is None
        assert self.reason(scene, scene.view(threads[0])) == Reason.BOT
        assert scene.week().bot_why == "threads_in_an_hour"

    def test_not_who_reads_as_many_in_a_day(self, scene: Scene) -> None:
        threads = [scene.solved() for _ in range(MOST_THREADS_IN_AN_HOUR + 1)]
        views = [scene.view(thread, at=scene.clock.pass_by(minutes=2)) for thread in threads]
        assert self.reason(scene, *views) is None

    def test_a_bot_by_the_number_of_views_also_when_it_is_found_late(self, scene: Scene) -> None:
        thread = scene.solved()
        views = [scene.view(thread) for _ in range(MOST_VIEWS_IN_A_WEEK + 1)]
        scene.counted(*views[1:])
        scene.decide()
        assert scene.standing() == 1
        scene.counted(views[0])
        assert scene.week().bot_why == "views_in_a_week"
        scene.review()
        assert (scene.standing(), scene.week().reason) == (0, Reason.BOT)


class TestForgetting:
    def test_the_person_is_cut_and_the_sums_stay(self, scene: Scene) -> None:
        scene.counted(scene.signed_in(scene.solved(), scene.cast.mallory))
        scene.decide()
        assert forget_reader(scene.session, scene.cast.mallory.id) == 1
        scene.session.commit()
        week = scene.session.scalars(select(ReaderWeek)).one()
        assert week.account_id is None
        assert week.reader.startswith("gone:")
        self.look_again(scene, week)
        assert scene.standing() == 1

    @pytest.mark.parametrize("decided", [True, False])
    def test_what_did_not_count_does_not_afterwards(self, scene: Scene, decided: bool) -> None:
        own, other = scene.solved(), scene.solved(scene.cast.sue)
        scene.counted(scene.signed_in(own, scene.cast.ada), scene.signed_in(other, scene.cast.ada))
        scene.counted(scene.signed_in(own, scene.cast.bob))
        if decided:
            scene.decide()
        for person in (scene.cast.ada, scene.cast.bob):
            forget_reader(scene.session, person.id)
        scene.session.commit()
        scene.decide()
        for week in scene.session.scalars(select(ReaderWeek)):
            self.look_again(scene, week)
        assert scene.standing() == 0

    def look_again(self, scene: Scene, week: ReaderWeek) -> None:
        week.review_from = scene.clock()
        scene.session.commit()
        scene.review()


class TestTheSurvey:
    def answer(self, scene: Scene, view: View, question: str, answer: str, **more: Any) -> Survey | None:
        told = {"channel": None, "zone": UTC, "days": 7, "now": scene.clock.pass_by(seconds=5), **more}
        given = answer_survey(
            scene.session, view.reader, view.thread_id, question=question, answer=answer, **told
        )  # fmt: skip
        scene.session.commit()
        return given

    def test_an_answer_before_its_views_are_counted_makes_the_reader_week(self, scene: Scene) -> None:
        view = scene.view(scene.solved(), drawn=True)
        self.answer(scene, view, "problem", "yes")
        assert (scene.week().views, scene.readings()) == (0, [])
        scene.counted(view)
        week = scene.week()
        assert (week.views, week.drawn, week.draw_share, len(scene.readings())) == (1, True, 1000, 1)
        assert week.first_at == view.at

    def test_all_four_yes_are_the_one_joint_yes(self, scene: Scene) -> None:
        view = scene.view(scene.solved(), drawn=True)
        for question in ("problem", "found", "contact", "enough"):
            given = self.answer(scene, view, question, "yes", channel="phone" if question == "contact" else None)
            assert given is not None
            assert given.joint == (question == "enough")
        assert (given.channel, given.next_question) == ("phone", None)

    def test_a_form_sent_twice_or_out_of_order_or_from_another_thread_changes_nothing(self, scene: Scene) -> None:
        view, elsewhere = (scene.view(scene.solved(), drawn=True) for _ in range(2))
        assert self.answer(scene, view, "found", "yes") is None
        self.answer(scene, view, "problem", "yes")
        for thread, question, answer in ((view, "problem", "no"), (view, "enough", "yes"), (elsewhere, "found", "yes")):
            given = self.answer(scene, thread, question, answer)
            assert given is not None
            assert (given.problem, given.found, given.enough) == ("yes", None, None)
        self.answer(scene, view, "found", "no")
        given = self.answer(scene, view, "contact", "yes")
        assert given is not None
        assert given.contact is None

    def test_who_was_not_drawn_is_not_heard(self, scene: Scene) -> None:
        view = scene.view(scene.solved())
        assert self.answer(scene, view, "problem", "yes") is None
        scene.counted(view)
        later = replace(view, reader=replace(view.reader, drawn=True))  # the share was raised within the week
        assert self.answer(scene, later, "problem", "yes") is None
        assert scene.session.scalar(select(func.count()).select_from(Survey)) == 0

    def test_an_answer_after_the_day_moves_what_was_counted(self, scene: Scene) -> None:
        first, second = scene.solved(), scene.solved()
        views = [scene.view(first, drawn=True), scene.view(second, drawn=True)]
        scene.counted(*views)
        scene.decide()
        self.answer(scene, views[1], "problem", "yes")
        assert scene.week().review_from is not None
        self.answer(scene, views[1], "found", "yes")
        scene.review()
        stands = select(Entry.thread_id).group_by(Entry.thread_id).having(func.sum(Entry.quantity) > 0)
        assert scene.session.scalars(stands.where(Entry.kind == Kind.INDIRECT)).all() == [second.id]


class TestBatches:
    """Through a real Redis and the job itself."""

    @pytest.fixture
    def parts(self, settings: Settings, redis_server: RedisServer) -> Iterator[QuietParts]:
        made = QuietParts(replace(settings, redis_url=redis_server.url), Clock())
        made.redis.flushall()
        yield made
        made.redis.close()
        made.sessions.kw["bind"].dispose()

    @pytest.fixture
    def scene(self, parts: QuietParts, session: Session, cast: Cast) -> Scene:
        jobs.work_with(parts)
        return Scene(session, cast, parts.clock)  # type: ignore[arg-type]

    def views_of(self, scene: Scene) -> int:
        scene.session.rollback()
        return scene.session.scalar(select(func.coalesce(func.sum(ReaderWeek.views), 0))) or 0

    def test_the_schedule_rings_while_views_wait_and_the_job_counts_them(self, scene: Scene, parts: QuietParts) -> None:
        view = scene.view(scene.solved())
        schedule = Schedule(parts, "one")
        schedule.look(scene.clock.pass_by(seconds=10))
        assert ("count_views", ()) not in QuietParts.bell.func(parts).rung and (
            "count_views",
            (),
        ) not in parts.bell.rung
        for _ in range(3):
            parts.views.put(view)
        schedule.look(scene.clock.pass_by(seconds=10))
        assert ("count_views", ()) in parts.bell.rung
        jobs.count_views()
        assert self.views_of(scene) == 3
        assert not parts.views.any()
        jobs.count_views()
        assert self.views_of(scene) == 3

    def test_a_worker_killed_after_its_commit_has_counted_once(self, scene: Scene, parts: QuietParts) -> None:
        self.put(scene, parts, 4)
        batch = next(parts.views.batches(1))
        scene.counted(*batch.views, key=batch.key)  # and here it was killed
        assert parts.views.any()
        self.put(scene, parts, 2)
        jobs.count_views()
        assert self.views_of(scene) == 6
        assert not parts.views.any()

    def test_a_worker_killed_before_its_commit_leaves_the_batch_to_the_next(
        self, scene: Scene, parts: QuietParts
    ) -> None:
        self.put(scene, parts, 4)
        batch = next(parts.views.batches(1))
        count_views(scene.session, batch.key, batch.views, zone=UTC, days=7, now=scene.clock())
        scene.session.rollback()
        jobs.count_views()
        assert self.views_of(scene) == 4

    def test_a_batch_is_taken_whole_and_at_most_five_thousand(self, scene: Scene, parts: QuietParts) -> None:
        self.put(scene, parts, 5003)
        sizes = [len(batch.views) for batch in self.all_of(parts.views)]
        assert sizes == [5000, 3]

    def test_a_line_that_cannot_be_read_does_not_stop_the_others(self, scene: Scene, parts: QuietParts) -> None:
        parts.redis.lpush("views", "what an older version wrote")
        self.put(scene, parts, 1)
        jobs.count_views()
        assert self.views_of(scene) == 1
        assert not parts.views.any()

    def test_batches_are_forgotten_after_two_weeks(self, scene: Scene) -> None:
        scene.counted(key="old")
        with writing():
            scene.session.rollback()
            forget_view_batches(scene.session, scene.clock.pass_by(days=13))
            assert scene.session.get(ViewBatch, "old") is not None
            forget_view_batches(scene.session, scene.clock.pass_by(days=2))
            scene.session.commit()
        scene.session.expire_all()
        assert scene.session.get(ViewBatch, "old") is None

    def put(self, scene: Scene, parts: QuietParts, number: int) -> None:
        view = scene.view(scene.solved())
        with parts.redis.pipeline() as together:
            for _ in range(number):
                together.lpush("views", view.written())
            together.execute()

    def all_of(self, waiting: WaitingViews) -> Iterator[Batch]:
        for batch in waiting.batches(10):
            yield batch
            waiting.done(batch)


def test_nothing_is_counted_or_said_to_wait_while_redis_is_gone(parts: QuietParts, scene: Scene) -> None:
    parts.views.put(scene.view(scene.solved()))
    assert not parts.views.any()


@dataclass(frozen=True)
class Told:
    """One view of a made-up story: which thread, who, when, and which batch brings it."""

    thread: int
    who: str
    seconds: int
    batch: int


TOLD = st.builds(
    Told,
    thread=st.integers(0, 4),
    who=st.sampled_from(["one", "two", "three", "four"]),
    seconds=st.integers(-3600, 14 * 86_400),
    batch=st.integers(0, 3),
)


class TestAStraightCount:
    @pytest.fixture
    def threads(self, scene: Scene) -> Sequence[Thread]:
        """Four solved by members, one by staff."""
        made = [scene.solved() for _ in range(4)]
        return [*made, scene.solved(scene.cast.ann)]

    @hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(story=st.lists(TOLD, max_size=40), seed=st.integers(0, 99))
    def test_rollups_equal_it_for_any_batches_in_any_order(
        self, scene: Scene, threads: Sequence[Thread], story: list[Told], seed: int
    ) -> None:
        salt, begin = f"{next(KEYS)}:", scene.clock()  # each example has readers of its own
        views = [
            scene.view(threads[one.thread], salt + one.who, begin + timedelta(seconds=one.seconds)) for one in story
        ]
        before = self.thread_views(scene)
        batches = [[view for view, one in zip(views, story, strict=True) if one.batch == number] for number in range(4)]
        random.Random(seed).shuffle(batches)
        for batch in batches:
            key = str(uuid4())
            scene.counted(*batch, key=key)
            scene.counted(*batch, key=key)
        solved_at = {thread.id: thread.solved_at for thread in threads[:4]}
        wanted = [view for view in views if view.thread_id in solved_at and solved_at[view.thread_id] <= view.at]  # type: ignore[operator]
        assert self.weeks(scene, salt) == {
            (week, key): (len(mine), min(mine), max(mine))
            for week, key in {(view.reader.week, view.reader.key) for view in wanted}
            for mine in [[view.at for view in wanted if (view.reader.week, view.reader.key) == (week, key)]]
        }
        assert self.read(scene, salt) == {
            place: min(view.at for view in wanted if (view.reader.week, view.reader.key, view.thread_id) == place)
            for place in {(view.reader.week, view.reader.key, view.thread_id) for view in wanted}
        }
        assert self.thread_views(scene) - before == len(wanted)
        straight = scene.session.execute(
            select(ThreadViews.month, func.sum(ThreadViews.views)).group_by(ThreadViews.month)
        )
        kept = scene.session.execute(select(MonthViews.month, MonthViews.views))
        assert {tuple(row) for row in straight} == {tuple(row) for row in kept}

    def weeks(self, scene: Scene, salt: str) -> dict[Any, Any]:
        rows = scene.session.execute(
            select(ReaderWeek.week, ReaderWeek.reader, ReaderWeek.views, ReaderWeek.first_at, ReaderWeek.last_at)
            .where(ReaderWeek.reader.startswith(salt))
        )  # fmt: skip
        return {(row.week, row.reader): (row.views, row.first_at, row.last_at) for row in rows}

    def read(self, scene: Scene, salt: str) -> dict[Any, Any]:
        rows = scene.session.execute(
            select(ReaderWeek.week, ReaderWeek.reader, Reading.thread_id, Reading.first_at)
            .join(Reading, Reading.reader_week_id == ReaderWeek.id)
            .where(ReaderWeek.reader.startswith(salt))
        )
        return {(row.week, row.reader, row.thread_id): row.first_at for row in rows}

    def thread_views(self, scene: Scene) -> int:
        return scene.session.scalar(select(func.coalesce(func.sum(ThreadViews.views), 0))) or 0


def test_of_two_workers_with_one_batch_one_counts_it(scene: Scene, parts: QuietParts) -> None:
    """The second waits for the first one's commit, then finds the batch counted."""
    views = [scene.view(scene.solved())]
    told: dict[str, Any] = {"zone": UTC, "days": 7, "now": scene.clock()}

    def second() -> int:
        with writing(), parts.sessions.begin() as session:
            return count_views(session, "one", views, **told)

    with ThreadPoolExecutor(1) as other:
        with writing(), parts.sessions.begin() as session:
            assert count_views(session, "one", views, **told) == 1
            waiting = other.submit(second)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
        assert waiting.result(timeout=20) == 0
    assert scene.week().views == 1
