"""Who is asked to look at a question, when, and who never is."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from forum.actions.answer_help_request import SNOOZED_FOR, answer_help_request
from forum.actions.ask_for_help import AT_ONCE, ask_for_help
from forum.actions.comment import comment
from forum.actions.mute_subject import MOST_MUTES, mute_subject, mute_tag, unmute_subject
from forum.actions.set_availability import set_availability
from forum.actions.tell import About, tell
from forum.kernel.database import writing
from forum.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from forum.ledger.report_view import ResponseTarget
from forum.listening.mention import Mention
from forum.notices.notice import Notice
from forum.people.account import Account
from forum.search.telling import subject_of
from forum.superfans.expertise import Field, FieldKind
from forum.superfans.helping import Availability, HelpRequest, HelpRound, Mute
from forum.superfans.routing import PLACES
from forum.threads.thread import Thread
from tests.actions.help_scene import HelpScene
from tests.application import QuietParts
from tests.cast import Cast
from tests.scene import Stage

MESH = Field(FieldKind.TAG, "mesh")


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def scene(parts: QuietParts, session: Session, cast: Cast) -> HelpScene:
    stage = Stage(session)
    return HelpScene(parts.sessions, session, cast, stage, stage.board())


def told(scene: HelpScene, account: Account, thread: Thread) -> list[str]:
    return list(
        scene.session.scalars(
            select(Notice.event).where(Notice.account_id == account.id, Notice.thread_id == thread.id)
        )
    )


def experts(scene: HelpScene, count: int, answers: int = 6) -> list[Account]:
    """No newcomers: they answered more than a few."""
    made = [scene.member(f"expert{number}") for number in range(count)]
    for account in made:
        scene.knows(account, "mesh", answers)
    return made


def test_whoever_solved_such_questions_is_asked_and_told_why(scene: HelpScene) -> None:
    scene.knows(scene.cast.bob, "mesh", 2, solved=True)
    thread = scene.question()
    scene.work()
    (request,) = scene.requests(thread)
    assert (request.account_id, request.wave) == (scene.cast.bob.id, 1)
    assert "tag:mesh" in request.reasons
    assert told(scene, scene.cast.bob, thread) == ["help_wanted"]


def test_members_are_told_in_the_order_of_their_accounts_over_all_questions(scene: HelpScene) -> None:
    """Who holds several accounts holds them in this order, or two that do would wait for each other."""
    first, *others = experts(scene, 4)
    for account in reversed(others):
        scene.knows(account, "fibre", 2 + others.index(account))
    for account in scene.session.scalars(select(Account)):
        set_availability_of(scene, account, "20")
    scene.work()  # what they answered needs nobody
    fibre, mesh = scene.question("fibre"), scene.question("mesh")
    scene.work_learning()
    scene.step()
    assert scene.asked(fibre) != sorted(scene.asked(fibre))
    assert first.name in scene.asked(mesh)
    told_now = select(Notice.account_id).where(Notice.thread_id.in_((fibre.id, mesh.id))).order_by(Notice.id)
    ids = scene.session.scalars(told_now).all()
    assert len(ids) > len(set(ids)) > 2
    assert list(ids) == sorted(ids)


def test_a_handful_is_asked_at_once_and_a_second_after_an_hour_and_staff_after_the_target(scene: HelpScene) -> None:
    experts(scene, 2 * PLACES + 2, answers=5)
    thread = scene.question()
    scene.work()
    assert len(scene.asked(thread)) == PLACES
    scene.clock.pass_by(minutes=59)
    scene.work()
    assert len(scene.asked(thread)) == PLACES
    scene.clock.pass_by(minutes=1)
    scene.work()
    assert [one.wave for one in scene.requests(thread)] == [1] * PLACES + [2] * PLACES
    assert len(set(scene.asked(thread))) == 2 * PLACES
    assert told(scene, scene.cast.ann, thread) == []
    scene.clock.pass_by(hours=23)
    scene.work()
    assert [told(scene, one, thread) for one in (scene.cast.ann, scene.cast.cleo, scene.cast.max)] == [
        ["unanswered"]
    ] * 3
    assert told(scene, scene.cast.fay, thread) == []
    assert len(scene.asked(thread)) == 2 * PLACES
    assert scene.session.get_one(HelpRound, thread.id).due_at is None


@pytest.mark.parametrize(("minutes", "waves"), [(30, 1), (180, 2)])
def test_the_companys_own_target_says_when_staff_are_told(scene: HelpScene, minutes: int, waves: int) -> None:
    facts = {"network": "", "minutes": minutes, "share": Decimal("0.9"), "set_at": scene.clock()}
    scene.session.add(ResponseTarget(set_by_id=scene.cast.max.id, **facts))
    experts(scene, 2 * PLACES, answers=5)
    thread = scene.question()
    for _step in range(3):
        scene.work()
        scene.clock.pass_by(minutes=minutes // 3)
    assert told(scene, scene.cast.ann, thread) == []
    scene.clock.pass_by(minutes=1)
    scene.work()
    assert told(scene, scene.cast.ann, thread) == ["unanswered"]
    assert {one.wave for one in scene.requests(thread)} == set(range(1, waves + 1))


def test_an_answer_ends_the_search(scene: HelpScene) -> None:
    experts(scene, 2 * PLACES, answers=5)
    thread = scene.question()
    scene.work()
    scene.stage.answer(thread, scene.cast.sue)
    scene.clock.pass_by(days=2)
    scene.work()
    assert len(scene.asked(thread)) == PLACES
    assert told(scene, scene.cast.ann, thread) == []


def test_a_remark_of_the_asker_does_not_end_it(scene: HelpScene) -> None:
    experts(scene, 2 * PLACES, answers=5)
    thread = scene.question()
    scene.stage.answer(thread, scene.cast.ada, "I forgot: it is the new one.")
    scene.work()
    assert len(scene.asked(thread)) == PLACES


def test_what_waited_through_a_long_standstill_asks_nobody(scene: HelpScene) -> None:
    scene.knows(scene.cast.bob, "mesh", 2)
    thread = scene.question()
    scene.session.commit()
    scene.clock.pass_by(days=8)
    scene.work()
    assert scene.asked(thread) == []
    assert told(scene, scene.cast.ann, thread) == []


def test_a_discussion_asks_nobody(scene: HelpScene) -> None:
    scene.knows(scene.cast.bob, "mesh", 2)
    thread = scene.stage.thread(scene.cast.ada, scene.stage.board("talk", kind="discussion"), tags=["mesh"])
    scene.work()
    assert scene.session.get(HelpRound, thread.id) is None
    assert scene.asked(thread) == []


class TestWhoIsNeverAsked:
    @pytest.fixture(autouse=True)
    def everybody_knows(self, scene: HelpScene) -> None:
        for account in (scene.cast.bob, scene.cast.sue):
            scene.knows(account, "mesh", 2)
        scene.work()

    def asked(self, scene: HelpScene, thread: Thread) -> set[str]:
        scene.work()
        return set(scene.asked(thread))

    def test_both_are_asked_where_nothing_speaks_against_it(self, scene: HelpScene) -> None:
        assert self.asked(scene, scene.question()) == {"bob", "sue"}

    def test_the_asker(self, scene: HelpScene) -> None:
        assert self.asked(scene, scene.question(by=scene.cast.bob)) == {"sue"}

    def test_whoever_wrote_there_already(self, scene: HelpScene) -> None:
        thread = scene.question()
        question = thread_post(scene, thread)
        comment(
            scene.session,
            thread,
            question,
            scene.cast.bob,
            text="Me too.",
            markup=scene.stage.markup,
            now=scene.clock(),
        )
        assert self.asked(scene, thread) == {"sue"}

    def test_staff_and_finance(self, scene: HelpScene) -> None:
        for account in (scene.cast.ann, scene.cast.cleo, scene.cast.fay, scene.cast.max):
            scene.knows(account, "mesh", 9)
        assert self.asked(scene, scene.question()) == {"bob", "sue"}

    def test_a_closed_account(self, scene: HelpScene) -> None:
        scene.cast.bob.closed_at = scene.clock()
        assert self.asked(scene, scene.question()) == {"sue"}

    def test_whoever_muted_the_tag_the_board_or_a_word(self, scene: HelpScene) -> None:
        for number, field in enumerate(
            (MESH, Field(FieldKind.BOARD, str(scene.board.id)), Field(FieldKind.TERM, "lost"))
        ):
            mute_subject(scene.session, field, scene.cast.bob, scene.clock())
            assert self.asked(scene, scene.question(title=f"Mesh again {number}")) == {"sue"}
            unmute_subject(scene.session, field, scene.cast.bob)
            set_availability_of(scene, scene.cast.sue, "20")
        assert self.asked(scene, scene.question()) == {"bob", "sue"}

    def test_whoever_is_away(self, scene: HelpScene) -> None:
        set_availability_of(scene, scene.cast.bob, "3", "2026-03-04")
        assert self.asked(scene, scene.question()) == {"sue"}
        scene.clock.pass_by(days=3)
        assert self.asked(scene, scene.question(title="And now")) == {"bob", "sue"}

    def test_whoever_wants_no_questions(self, scene: HelpScene) -> None:
        set_availability_of(scene, scene.cast.bob, "0")
        assert self.asked(scene, scene.question()) == {"sue"}

    def test_whoever_may_not_read_the_board(self, scene: HelpScene) -> None:
        scene.board.private_since = scene.clock()
        assert self.asked(scene, scene.question(by=scene.cast.cleo)) == {"sue"}

    def test_anybody_about_a_mention_that_was_routed_away(self, scene: HelpScene) -> None:
        connection = scene.stage.connection(scene.board)
        thread = scene.question()
        facts = {"conversation_id": "1", "author_id": "m", "author_handle": "mira", "author_name": "Mira"}
        mention = Mention(
            connection_id=connection.id, remote_id="1", text="My mesh", created_at=scene.clock(), permalink="https://x.example/1",
            addressed=True, imported_at=scene.clock(), route="staff", thread_id=thread.id, opens_thread=True, **facts,
        )  # fmt: skip
        scene.session.add(mention)
        assert self.asked(scene, thread) == set()


def test_nobody_is_asked_more_often_a_day_than_they_want(scene: HelpScene) -> None:
    scene.knows(scene.cast.bob, "mesh", 6)
    scene.knows(scene.cast.sue, "mesh", 6)
    set_availability_of(scene, scene.cast.sue, "1")
    threads = [scene.question(title=f"Mesh question {number}") for number in range(5)]
    scene.work()
    asked = Counter(name for thread in threads for name in scene.asked(thread))
    assert asked == {"bob": 3, "sue": 1}
    scene.clock.pass_by(hours=2)
    scene.work()  # their second wave finds nobody
    assert sum(len(scene.asked(thread)) for thread in threads) == 4
    scene.clock.pass_by(days=1)
    later = scene.question(title="The day after")
    scene.work()
    assert set(scene.asked(later)) == {"bob", "sue"}


def test_two_workers_at_once_ask_nobody_twice_or_more_than_they_want(scene: HelpScene) -> None:
    scene.knows(scene.cast.bob, "mesh", 6)
    set_availability_of(scene, scene.cast.bob, "2")
    for number in range(2 * AT_ONCE):  # each of the two finds enough that the other has not locked
        scene.question(title=f"Mesh question {number}")
    scene.session.commit()
    scene.work_learning()
    ready = threading.Barrier(2)

    def run() -> None:
        ready.wait()
        with writing(), scene.sessions.begin() as session:
            ask_for_help(session, subject_of, scene.clock())

    workers = [threading.Thread(target=run) for _one in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert scene.session.scalar(select(func.count()).select_from(HelpRequest)) == 2


def test_a_job_that_runs_twice_or_was_killed_asks_each_once(scene: HelpScene) -> None:
    experts(scene, 3)
    thread = scene.question()
    scene.session.commit()
    scene.work_learning()
    with pytest.raises(KeyboardInterrupt), writing(), scene.sessions.begin() as session:
        ask_for_help(session, subject_of, scene.clock())
        raise KeyboardInterrupt
    scene.session.rollback()
    assert scene.asked(thread) == []
    assert scene.step() > 0
    asked = scene.asked(thread)
    assert len(asked) == 3
    scene.session.get_one(HelpRound, thread.id).due_at = scene.clock()  # as if the commit's last row were lost
    scene.session.commit()
    scene.step()
    assert scene.asked(thread) == asked
    assert scene.session.scalar(select(func.count()).where(Notice.thread_id == thread.id)) == 3


def test_newcomers_have_a_place_among_experts(scene: HelpScene) -> None:
    experts(scene, PLACES + 1, answers=6)
    newcomer = scene.member("nora")
    scene.knows(newcomer, "mesh")
    thread = scene.question()
    scene.work()
    assert len(scene.asked(thread)) == PLACES
    (request,) = [one for one in scene.requests(thread) if one.account_id == newcomer.id]
    assert "newcomer" in request.reasons


def test_a_step_takes_as_many_queries_in_a_crowd_as_among_few(scene: HelpScene) -> None:
    def queries(title: str) -> int:
        for account in scene.session.scalars(select(Account)):
            set_availability_of(scene, account, "20")
        scene.question(title=title)
        scene.session.commit()
        scene.work_learning()
        sent: list[str] = []
        listener = lambda *args: sent.append(args[2])  # noqa: E731
        with scene.sessions() as session:
            from forum.actions.help_candidates import find_candidates

            thread = session.scalars(select(Thread).where(Thread.title == title)).one()
            engine = session.get_bind()
            event.listen(engine, "before_cursor_execute", listener)
            found = find_candidates(session, thread, {MESH, Field(FieldKind.BOARD, str(scene.board.id))}, scene.clock())
            event.remove(engine, "before_cursor_execute", listener)
        assert found.candidates
        return len(sent)

    experts(scene, 2)
    few = queries("Few of us")
    for number in range(12):
        scene.knows(scene.member(f"more{number}"), "mesh", 2)
    assert queries("Many of us") == few


class TestWhatIsSaidToIt:
    @pytest.fixture
    def request_to_bob(self, scene: HelpScene) -> HelpRequest:
        scene.knows(scene.cast.bob, "mesh", 2)
        thread = scene.question()
        scene.work()
        (request,) = scene.requests(thread)
        return request

    def test_not_now_puts_it_off_and_can_be_said_again(self, scene: HelpScene, request_to_bob: HelpRequest) -> None:
        for _time in range(2):
            now = scene.clock.pass_by(hours=1)
            said = answer_help_request(scene.session, request_to_bob.id, "later", scene.cast.bob, now=now)
            assert said.snoozed_until == now + SNOOZED_FOR

    def test_not_my_thing_mutes_with_consent_alone(self, scene: HelpScene, request_to_bob: HelpRequest) -> None:
        answer_help_request(scene.session, request_to_bob.id, "not_mine", scene.cast.bob, now=scene.clock())
        assert scene.session.scalar(select(func.count()).select_from(Mute)) == 0

    def test_not_my_thing_with_consent_mutes_the_tag(self, scene: HelpScene, request_to_bob: HelpRequest) -> None:
        said = {"mute": "tag:mesh", "now": scene.clock()}
        answer_help_request(scene.session, request_to_bob.id, "not_mine", scene.cast.bob, **said)  # type: ignore[arg-type]
        assert scene.session.get(Mute, (scene.cast.bob.id, "tag", "mesh")) is not None
        later = scene.question(title="Mesh once more")
        scene.work()
        assert scene.asked(later) == []

    def test_not_my_thing_is_not_taken_back_by_not_now(self, scene: HelpScene, request_to_bob: HelpRequest) -> None:
        for reply in ("not_mine", "later"):
            said = answer_help_request(scene.session, request_to_bob.id, reply, scene.cast.bob, now=scene.clock())
        assert said.reply == "not_mine"

    def test_answering_the_thread_is_noted(self, scene: HelpScene, request_to_bob: HelpRequest) -> None:
        scene.stage.answer(scene.session.get_one(Thread, request_to_bob.thread_id), scene.cast.bob)
        scene.session.refresh(request_to_bob)
        assert (request_to_bob.reply, request_to_bob.replied_at) == ("answered", scene.clock())

    def test_nobody_speaks_for_somebody_else(self, scene: HelpScene, request_to_bob: HelpRequest) -> None:
        for other in (scene.cast.mallory, scene.cast.max):
            with pytest.raises(NotFound):
                answer_help_request(scene.session, request_to_bob.id, "later", other, now=scene.clock())
        assert request_to_bob.reply is None

    @pytest.mark.parametrize(
        ("reply", "mute"), [("never", ""), ("answered", ""), ("not_mine", "tag:else"), ("not_mine", "x")]
    )
    def test_what_cannot_be_said_is_refused(
        self, scene: HelpScene, request_to_bob: HelpRequest, reply: str, mute: str
    ) -> None:
        with pytest.raises(Invalid):
            answer_help_request(scene.session, request_to_bob.id, reply, scene.cast.bob, mute=mute, now=scene.clock())

    def test_a_closed_account_says_nothing(self, scene: HelpScene, request_to_bob: HelpRequest) -> None:
        scene.cast.bob.closed_at = scene.clock()
        with pytest.raises(NotAllowed):
            answer_help_request(scene.session, request_to_bob.id, "later", scene.cast.bob, now=scene.clock())


class TestWhatAMemberWants:
    @pytest.mark.parametrize("asks", ["", "-1", "21", "many", "1.5", "٣", "9" * 400])
    def test_a_number_that_is_none_is_refused(self, scene: HelpScene, asks: str) -> None:
        with pytest.raises(Invalid) as refused:
            set_availability_of(scene, scene.cast.bob, asks)
        assert "asks_a_day" in refused.value.fields

    @pytest.mark.parametrize("day", ["soon", "2026-03-01", "2027-03-04", "2026-02-30", "99999-01-01"])
    def test_a_day_that_is_none_or_past_or_far_away_is_refused(self, scene: HelpScene, day: str) -> None:
        with pytest.raises(Invalid) as refused:
            set_availability_of(scene, scene.cast.bob, "3", day)
        assert "away_until" in refused.value.fields

    def test_what_was_learnt_stays(self, scene: HelpScene) -> None:
        scene.knows(scene.cast.bob, "mesh", 2)
        scene.work()
        set_availability_of(scene, scene.cast.bob, "7", "2026-03-09")
        row = scene.session.get_one(Availability, scene.cast.bob.id)
        assert (row.answers, row.asks_a_day) == (2, 7)
        assert row.away_until is not None
        assert row.away_until - scene.clock() > timedelta(days=7)

    def test_muting_twice_is_once_and_unmuting_twice_is_nothing(self, scene: HelpScene) -> None:
        first = mute_tag(scene.session, " #Mesh ", scene.cast.bob, scene.clock())
        assert mute_tag(scene.session, "mesh", scene.cast.bob, scene.clock.pass_by(hours=1)).since == first.since
        for _time in range(2):
            unmute_subject(scene.session, MESH, scene.cast.bob)
        assert scene.session.scalar(select(func.count()).select_from(Mute)) == 0

    @pytest.mark.parametrize("typed", ["", "  ", "a/b", "x" * 41])
    def test_what_is_no_tag_is_refused(self, scene: HelpScene, typed: str) -> None:
        with pytest.raises(Invalid) as refused:
            mute_tag(scene.session, typed, scene.cast.bob, scene.clock())
        assert "subject" in refused.value.fields

    @pytest.mark.parametrize(
        "field",
        [
            Field(FieldKind.BOARD, "999"),
            Field(FieldKind.BOARD, "9" * 40),
            Field(FieldKind.ALL),
            Field(FieldKind.LANGUAGE, "en"),
        ],
    )
    def test_what_is_no_subject_is_refused(self, scene: HelpScene, field: Field) -> None:
        with pytest.raises(Invalid):
            mute_subject(scene.session, field, scene.cast.bob, scene.clock())

    def test_there_is_an_end_to_muting(self, scene: HelpScene) -> None:
        scene.session.add_all(
            Mute(account_id=scene.cast.bob.id, field="tag", subject=f"tag{n}", since=scene.clock())
            for n in range(MOST_MUTES)
        )
        with pytest.raises(Conflict):
            mute_tag(scene.session, "mesh", scene.cast.bob, scene.clock())


def test_one_thread_tells_a_member_once(scene: HelpScene) -> None:
    """The house's rule of notices, which asking relies on where a round is lost and begun again."""
    from forum.notices.events import HELP_WANTED

    thread = scene.question()
    about = About(f"help:{thread.id}", thread_id=thread.id)
    assert tell(scene.session, scene.cast.bob.id, HELP_WANTED, about, scene.clock())
    assert not tell(scene.session, scene.cast.bob.id, HELP_WANTED, about, scene.clock())


def set_availability_of(scene: HelpScene, account: Account, asks: str, away: str = "") -> None:
    from datetime import UTC

    set_availability(scene.session, account, asks_a_day=asks, away_until=away, zone=UTC, now=scene.clock())
    scene.session.flush()


def thread_post(scene: HelpScene, thread: Thread):  # type: ignore[no-untyped-def]
    from forum.threads.post import Post

    return scene.session.scalars(select(Post).where(Post.thread_id == thread.id, Post.number == 1)).one()
