"""Points: what earns them, what does not, and that the ledger's sums are what pages read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.actions.follow_thread import have_same_problem
from forum.actions.give_kudos import give_kudos, take_back_kudos
from forum.actions.give_points import give_points_again, take_points_back
from forum.actions.withdraw_acceptance import withdraw_acceptance
from forum.people.account import Account
from forum.superfans.causes import ACCEPTED, KUDOS, Trust, worth
from forum.superfans.points import PointEntry, PointWeight
from forum.superfans.standings import Span, StandingRow, start_of
from forum.threads.post import Kudos, Post
from forum.threads.thread import Thread
from tests.cast import Cast, person
from tests.scene import Stage


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


def earned(session: Session, account: Account) -> list[tuple[str, int, str | None]]:
    rows = session.execute(
        select(PointEntry.cause, PointEntry.points, PointEntry.why)
        .where(PointEntry.account_id == account.id)
        .order_by(PointEntry.id)
    )
    return [tuple(row) for row in rows]


def thanked(session: Session, stage: Stage, thread: Thread, post: Post, givers: Sequence[Account]) -> list[Kudos]:
    return [give_kudos(session, thread, post, giver, stage.clock.pass_by(minutes=1)) for giver in givers]


def test_kudos_weigh_by_how_far_the_giver_is_known(session: Session, cast: Cast, stage: Stage) -> None:
    fresh = person("newt", created_at=stage.clock())
    session.add(fresh)
    thread = stage.thread(cast.ada)
    reply = stage.answer(thread, cast.bob)
    kudos = thanked(session, stage, thread, reply, [fresh, cast.mallory, cast.sue, cast.ann])
    assert [one.trust for one in kudos] == ["newcomer", "member", "trusted", "trusted"]
    assert [points for _cause, points, _why in earned(session, cast.bob)] == [1, 2, 3, 3]
    assert cast.bob.points == 9


def test_halves_are_rounded_up() -> None:
    assert [worth(5, trust) for trust in Trust] == [3, 5, 8]


def test_kudos_on_a_question_earn_nothing(session: Session, cast: Cast, stage: Stage) -> None:
    thread = stage.thread(cast.ada)
    question = session.scalars(select(Post).where(Post.thread_id == thread.id)).one()
    give_kudos(session, thread, question, cast.bob, stage.clock())
    assert earned(session, cast.ada) == []


def test_who_had_the_same_problem_earns_the_author_more_and_taking_it_back_takes_both(
    session: Session, cast: Cast, stage: Stage
) -> None:
    thread = stage.thread(cast.ada)
    reply = stage.answer(thread, cast.bob)
    have_same_problem(session, thread, cast.mallory, stage.clock())
    [kudos] = thanked(session, stage, thread, reply, [cast.mallory])
    assert [points for _cause, points, _why in earned(session, cast.bob)] == [2, 2]
    take_back_kudos(session, thread, reply, cast.mallory, stage.clock.pass_by(minutes=1))
    assert [cause for cause, _points, _why in earned(session, cast.bob)] == [
        f"kudos:{kudos.id}", f"same_problem:{kudos.id}", f"kudos:{kudos.id}:withdrawn", f"same_problem:{kudos.id}:withdrawn",
    ]  # fmt: skip
    assert cast.bob.points == 0


def test_a_day_has_a_cap_that_accepted_answers_are_left_out_of(session: Session, cast: Cast, stage: Stage) -> None:
    session.add(PointWeight(kind="kudos", points=2, daily_cap=3, set_by_id=cast.max.id, set_at=stage.clock()))
    thread = stage.thread(cast.ada)
    reply = stage.answer(thread, cast.bob)
    thanked(session, stage, thread, reply, [cast.mallory, cast.fay, cast.ada])
    assert [(points, why) for _cause, points, why in earned(session, cast.bob)] == [(2, None), (1, "cap"), (0, "cap")]
    accept_answer(session, thread, reply, cast.ada, now=stage.clock.pass_by(minutes=1))
    assert cast.bob.points == 3 + 10 + 3
    stage.clock.pass_by(days=1)
    other = stage.thread(cast.ada, session.get_one(type(stage.board("other")), thread.board_id))
    thanked(session, stage, other, stage.answer(other, cast.bob), [cast.mallory])
    assert earned(session, cast.bob)[-1][1:] == (2, None)


def test_a_board_has_a_weight_of_its_own_and_old_rows_keep_theirs(session: Session, cast: Cast, stage: Stage) -> None:
    plain, rich = stage.board("plain"), stage.board("rich")
    for board in (plain, rich):
        thread = stage.thread(cast.ada, board)
        thanked(session, stage, thread, stage.answer(thread, cast.bob), [cast.fay])
    now = stage.clock()
    session.add(PointWeight(kind="kudos", board_id=rich.id, points=6, set_by_id=cast.max.id, set_at=now))
    session.add(PointWeight(kind="kudos", points=4, set_by_id=cast.max.id, set_at=now))
    for board in (plain, rich):
        thread = stage.thread(cast.ada, board)
        thanked(session, stage, thread, stage.answer(thread, cast.bob), [cast.fay])
    # Finance thanks Bob alone, so the third and fourth would earn nothing; another thanked one makes them count.
    assert [points for _cause, points, _why in earned(session, cast.bob)] == [2, 2, 0, 0]
    thread = stage.thread(cast.ada, plain)
    thanked(session, stage, thread, stage.answer(thread, cast.sue), [cast.fay])
    for board in (plain, rich):
        thread = stage.thread(cast.ada, board)
        thanked(session, stage, thread, stage.answer(thread, cast.bob), [cast.fay])
    assert [points for _cause, points, _why in earned(session, cast.bob)][-2:] == [4, 6]


def test_who_thanks_one_person_only_gives_no_points_from_the_third_on(
    session: Session, cast: Cast, stage: Stage
) -> None:
    board = stage.board()
    for _number in range(3):
        thread = stage.thread(cast.ada, board)
        thanked(session, stage, thread, stage.answer(thread, cast.bob), [cast.mallory])
    assert [(points, why) for _cause, points, why in earned(session, cast.bob)] == [
        (2, None), (2, None), (0, "one_person"),
    ]  # fmt: skip
    assert (
        session.scalar(select(func.sum(StandingRow.kudos)).where(StandingRow.span == "all", StandingRow.scope == ""))
        == 3
    )


def test_only_the_first_reply_that_solves_first_earns_more(session: Session, cast: Cast, stage: Stage) -> None:
    board = stage.board()
    thread = stage.thread(cast.ada, board)
    stage.answer(thread, cast.ada, "More: it is an R6.")
    first, second = stage.answer(thread, cast.bob), stage.answer(thread, cast.sue)
    accept_answer(session, thread, second, cast.ada, now=stage.clock.pass_by(minutes=1))
    accept_answer(session, thread, first, cast.ada, now=stage.clock.pass_by(minutes=1))
    assert all(
        "first_to_solve" not in cause
        for cause, _points, _why in [*earned(session, cast.bob), *earned(session, cast.sue)]
    )


def test_an_answer_to_a_mention_earns_more(session: Session, cast: Cast, stage: Stage) -> None:
    thread = stage.thread(cast.ada)
    thread.author_id, thread.origin_network, thread.origin_author = None, "Bluesky", "ada.example"
    reply = stage.answer(thread, cast.bob)
    accept_answer(session, thread, reply, cast.ann, now=stage.clock())
    assert {cause.split(":")[0] for cause, _points, _why in earned(session, cast.bob)} == {
        "acceptance", "accepted_mention", "first_to_solve",
    }  # fmt: skip
    scopes = session.scalars(select(StandingRow.scope).where(StandingRow.span == Span.ALL)).all()
    assert "network:Bluesky" in scopes


def test_what_was_taken_back_can_be_given_again_and_taken_back_once_more(
    session: Session, cast: Cast, stage: Stage
) -> None:
    thread = stage.thread(cast.ada)
    reply = stage.answer(thread, cast.bob)
    [kudos] = thanked(session, stage, thread, reply, [cast.sue])
    for _round in range(2):
        for _twice in range(2):
            take_points_back(session, [KUDOS], kudos.id, stage.clock(), word="void")
        assert (cast.bob.points, _sum(session, cast.bob)) == (0, 0)
        for _twice in range(2):
            give_points_again(session, [KUDOS], kudos.id, stage.clock())
        assert (cast.bob.points, _sum(session, cast.bob)) == (3, 3)
    assert len(earned(session, cast.bob)) == 5


def test_a_row_cannot_be_taken_back_twice(session: Session, cast: Cast, stage: Stage) -> None:
    thread = stage.thread(cast.ada)
    [kudos] = thanked(session, stage, thread, stage.answer(thread, cast.bob), [cast.sue])
    take_points_back(session, [KUDOS], kudos.id, stage.clock())
    first = session.scalars(select(PointEntry).where(PointEntry.of_id.is_not(None))).one()
    session.add(
        PointEntry(account_id=cast.bob.id, kind="kudos", cause="again", points=-3, at=stage.clock(), of_id=first.of_id)
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_withdrawing_and_accepting_another_leaves_the_sums_equal_to_the_rows(
    session: Session, cast: Cast, stage: Stage
) -> None:
    thread = stage.thread(cast.ada)
    first, second = stage.answer(thread, cast.bob), stage.answer(thread, cast.sue)
    accept_answer(session, thread, first, cast.ada, now=stage.clock.pass_by(minutes=1))
    accept_answer(session, thread, second, cast.ada, now=stage.clock.pass_by(minutes=1))
    withdraw_acceptance(session, thread, cast.ada, now=stage.clock.pass_by(minutes=1))
    accept_answer(session, thread, first, cast.ada, now=stage.clock.pass_by(minutes=1))
    session.commit()
    for account in (cast.bob, cast.sue):
        session.refresh(account)
        assert account.points == sum(points for _cause, points, _why in earned(session, account))
        ever = session.get(StandingRow, ("all", start_of(Span.ALL, date(2026, 3, 2)), "", account.id))
        assert ever is not None
        assert (ever.points, ever.solutions) == (account.points, account.solutions)
    assert (cast.bob.solutions, cast.sue.solutions) == (1, 0)


def test_a_span_begins_where_its_calendar_says() -> None:
    day = date(2026, 11, 22)
    assert [start_of(span, day) for span in Span] == [
        date(2026, 11, 16), date(2026, 11, 1), date(2026, 10, 1), date(1970, 1, 1),
    ]  # fmt: skip


def test_an_imported_acceptance_saves_this_company_nothing(session: Session, cast: Cast, stage: Stage) -> None:
    from forum.ledger.claim import Claim  # beside the test that needs it
    from forum.notices.notice import Notice

    thread = stage.thread(cast.ada)
    reply = stage.answer(thread, cast.bob)
    accept_answer(session, thread, reply, cast.ada, history=True, now=stage.clock.pass_by(minutes=1))
    assert session.scalar(select(func.count()).select_from(Claim)) == 0
    assert session.scalar(select(func.count()).where(Notice.event == "accepted")) == 0
    assert cast.bob.points == 13


def _sum(session: Session, account: Account) -> int:
    return sum(points for _cause, points, _why in earned(session, account))


def test_taking_points_back_by_a_stranger_cause_changes_nothing(session: Session, cast: Cast, stage: Stage) -> None:
    take_points_back(session, [ACCEPTED], 999, stage.clock() + timedelta(days=1))
    assert session.scalar(select(func.count()).select_from(PointEntry)) == 0
