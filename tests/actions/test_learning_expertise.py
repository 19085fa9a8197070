"""What the workers learn of who knows what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.actions.answer_help_request import answer_help_request
from forum.actions.arrange_boards import BoardFacts, change_board
from forum.actions.give_kudos import give_kudos
from forum.actions.learn_expertise import keep, learn, learn_anew, learn_due, learn_soon
from forum.actions.move_thread import move_thread
from forum.actions.mute_subject import mute_subject
from forum.actions.withdraw_acceptance import withdraw_acceptance
from forum.kernel.errors import Invalid
from forum.search.port import Subject
from forum.search.telling import subject_of
from forum.superfans.expertise import ANYWHERE, Field, FieldKind
from forum.superfans.helping import Availability, Expertise, ExpertiseDue
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


def marks(scene: HelpScene) -> int:
    scene.session.rollback()
    return scene.session.scalar(select(func.count()).select_from(ExpertiseDue)) or 0


def test_an_answer_teaches_board_tag_terms_product_and_language(scene: HelpScene) -> None:
    told = {"title": "The AX3000 forgets its mesh", "text": "Every satellite is lost.", "tags": ["mesh"]}
    thread = scene.stage.thread(scene.cast.ada, scene.board, language="en", **told)
    scene.stage.answer(thread, scene.cast.bob)
    scene.work()
    known = scene.expertise(scene.cast.bob)
    assert {
        ANYWHERE,
        MESH,
        Field(FieldKind.BOARD, str(scene.board.id)),
        Field(FieldKind.TERM, "satellit"),
        Field(FieldKind.PRODUCT, "ax3000"),
        Field(FieldKind.LANGUAGE, "en"),
    } <= known.keys()
    row = scene.session.get_one(Availability, scene.cast.bob.id)
    assert (row.answers, sum(row.hours), row.hours[12]) == (1, 1, 1)
    assert row.last_here_at == thread.last_post_at


def test_an_acceptance_and_kudos_add_weight_and_withdrawing_takes_it_away(scene: HelpScene) -> None:
    thread = scene.question()
    post = scene.stage.answer(thread, scene.cast.bob)
    weights = []
    for change in (
        lambda: None,
        lambda: give_kudos(scene.session, thread, post, scene.cast.cleo, scene.clock()),
        lambda: accept_answer(scene.session, thread, post, scene.cast.ada, now=scene.clock()),
        lambda: withdraw_acceptance(scene.session, thread, scene.cast.ada, now=scene.clock()),
    ):
        change()
        scene.work()
        weights.append(scene.expertise(scene.cast.bob)[MESH])
    plain, thanked, solved, withdrawn = weights
    assert plain < thanked < solved
    assert withdrawn == pytest.approx(thanked)


def test_ones_own_question_and_a_hidden_answer_teach_nothing(scene: HelpScene) -> None:
    own = scene.question(by=scene.cast.bob)
    scene.stage.answer(own, scene.cast.bob)
    hidden = scene.stage.answer(scene.question(), scene.cast.bob)
    hidden.hidden_at = scene.clock()
    scene.work()
    assert scene.expertise(scene.cast.bob) == {}


def test_an_own_acceptance_counts_as_an_answer_and_no_more(scene: HelpScene) -> None:
    for by in (scene.cast.bob, scene.cast.ann):
        thread = scene.question()
        post = scene.stage.answer(thread, by)
        if by is scene.cast.ann:
            accept_answer(scene.session, thread, post, by, now=scene.clock())
    scene.work()
    assert scene.expertise(scene.cast.ann)[MESH] == pytest.approx(scene.expertise(scene.cast.bob)[MESH], rel=1e-3)


def test_learning_twice_gives_the_same_rows(scene: HelpScene) -> None:
    scene.knows(scene.cast.bob, "mesh", 3, solved=True)
    scene.work()
    first = scene.expertise(scene.cast.bob)
    learn_soon(scene.session, [scene.cast.bob.id], scene.clock())
    scene.work()
    assert scene.expertise(scene.cast.bob) == first
    assert marks(scene) == 0


def test_a_mark_that_comes_while_a_worker_looks_stays(scene: HelpScene) -> None:
    scene.knows(scene.cast.bob, "mesh")
    scene.work()
    first = scene.session.get_one(Availability, scene.cast.bob.id).learnt_at
    learn_soon(scene.session, [scene.cast.bob.id], scene.clock.pass_by(hours=1))
    scene.session.commit()

    def slow(text: str) -> Subject:
        with scene.sessions.begin() as session:
            learn_soon(session, [scene.cast.bob.id], scene.clock())
        return subject_of(text)

    learn_due(scene.sessions, slow, scene.clock())
    assert marks(scene) == 1
    assert scene.session.get_one(Availability, scene.cast.bob.id).learnt_at == first  # what was outdated is not kept
    assert learn_due(scene.sessions, subject_of, scene.clock()) == 1
    assert marks(scene) == 0


def test_a_worker_that_is_killed_while_it_keeps_leaves_mark_and_rows(scene: HelpScene) -> None:
    scene.knows(scene.cast.bob, "mesh")
    scene.work()
    before = scene.expertise(scene.cast.bob)
    learn_soon(scene.session, [scene.cast.bob.id], scene.clock())
    scene.session.commit()
    with pytest.raises(KeyboardInterrupt), scene.sessions.begin() as session:
        keep(session, scene.cast.bob.id, learn(session, scene.cast.bob.id, subject_of, scene.clock()), scene.clock())
        raise KeyboardInterrupt
    scene.session.rollback()
    assert scene.expertise(scene.cast.bob) == before
    assert marks(scene) == 1


def test_nightly_what_nobody_marked_fades_until_it_is_gone(scene: HelpScene) -> None:
    scene.knows(scene.cast.bob, "mesh")
    scene.work()
    fresh = scene.expertise(scene.cast.bob)[MESH]
    assert learn_anew(scene.session, scene.clock.pass_by(days=29)) == 0
    scene.clock.pass_by(days=61)
    assert learn_anew(scene.session, scene.clock()) >= 1
    scene.work()
    assert scene.expertise(scene.cast.bob)[MESH] == pytest.approx(fresh / 2, rel=0.01)
    scene.clock.pass_by(days=700)
    learn_anew(scene.session, scene.clock())
    scene.work()
    assert scene.expertise(scene.cast.bob) == {}


def test_a_closed_account_keeps_no_expertise(scene: HelpScene) -> None:
    scene.knows(scene.cast.bob, "mesh")
    scene.work()
    scene.cast.bob.closed_at = scene.clock()
    learn_soon(scene.session, [scene.cast.bob.id], scene.clock())
    scene.work()
    assert scene.session.scalar(select(func.count()).where(Expertise.account_id == scene.cast.bob.id)) == 0


def test_not_my_thing_lowers_the_field_for_good(scene: HelpScene) -> None:
    scene.knows(scene.cast.bob, "mesh", 6)
    scene.work()
    before = scene.expertise(scene.cast.bob)
    thread = scene.question()
    scene.work()
    (request,) = scene.requests(thread)
    answer_help_request(scene.session, request.id, "not_mine", scene.cast.bob, now=scene.clock())
    for _time in range(2):
        learn_soon(scene.session, [scene.cast.bob.id], scene.clock())
        scene.work()
        after = scene.expertise(scene.cast.bob)
        assert after[MESH] == pytest.approx(before[MESH] / 2, rel=0.01)
        assert after[ANYWHERE] == pytest.approx(before[ANYWHERE], rel=0.01)


def test_what_is_learnt_of_a_member_takes_as_many_queries_for_one_answer_as_for_twenty(scene: HelpScene) -> None:
    from sqlalchemy import event

    def queries(name: str, answers: int) -> int:
        account = scene.member(name)
        scene.knows(account, "mesh", answers)
        scene.session.commit()
        sent: list[str] = []
        listener = lambda *args: sent.append(args[2])  # noqa: E731
        engine = scene.session.get_bind()
        event.listen(engine, "before_cursor_execute", listener)
        learn(scene.session, account.id, subject_of, scene.clock() + timedelta(minutes=1))
        event.remove(engine, "before_cursor_execute", listener)
        return len(sent)

    assert queries("one", 1) == queries("twenty", 20) > 0


def test_a_marked_account_that_is_gone_harms_nobody(scene: HelpScene) -> None:
    scene.knows(scene.cast.bob, "mesh")
    scene.work()
    scene.session.execute(update(Expertise).values(weight=99.0))
    learn_soon(scene.session, [scene.cast.mallory.id, scene.cast.bob.id], scene.clock())
    scene.work()
    assert scene.expertise(scene.cast.mallory) == {}
    assert scene.expertise(scene.cast.bob)[MESH] < 2


@pytest.mark.parametrize("way", ["closed", "moved"])
def test_what_stands_on_a_private_board_is_told_nobody_as_their_expertise(
    scene: HelpScene, session: Session, cast: Cast, way: str
) -> None:
    scene.knows(cast.bob, "xylotag", title="The marmalade of zanzibar", text="A quagmire.")
    scene.work_learning()
    assert Field(FieldKind.TAG, "xylotag") in scene.expertise(cast.bob)
    thread = session.scalars(select(Thread)).one()
    if way == "closed":
        facts = BoardFacts(scene.board.name, "", "question", "", 1, private=True)
        change_board(session, scene.board, facts, cast.max, scene.clock())
    else:
        private = scene.stage.board("lounge", private_since=scene.clock())
        move_thread(session, thread, private, cast.max, scene.clock())
    scene.work_learning()
    assert scene.expertise(cast.bob) == {}


def test_a_board_that_may_not_be_read_cannot_be_muted(scene: HelpScene, session: Session, cast: Cast) -> None:
    private = scene.stage.board("lounge", private_since=scene.clock())
    for number in (private.id, private.id + 1):  # there or not, it is all the same
        with pytest.raises(Invalid):
            mute_subject(session, Field(FieldKind.BOARD, str(number)), cast.bob, scene.clock())
    assert mute_subject(session, Field(FieldKind.BOARD, str(private.id)), cast.sue, scene.clock())
