"""Accepting an answer and withdrawing that: one case per outcome, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.actions.qualify_claims import qualify_claims
from forum.actions.state_intent import state_intent
from forum.actions.withdraw_acceptance import withdraw_acceptance
from forum.kernel.errors import Conflict, NotAllowed
from forum.ledger.claim import Claim
from forum.ledger.entry import Entry
from forum.superfans.points import PointEntry
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post
from tests.cast import Cast
from tests.scene import Stage


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


def standing(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Acceptance).where(Acceptance.withdrawn_at.is_(None))) or 0


@pytest.mark.parametrize("who", ["ada", "sue", "ann", "cleo", "max"])
def test_the_asker_superfans_and_staff_may_accept(session: Session, cast: Cast, stage: Stage, who: str) -> None:
    thread = stage.thread(cast.ada)
    reply = stage.answer(thread, cast.bob)
    accept_answer(session, thread, reply, getattr(cast, who), now=stage.clock())
    assert thread.solved_at == stage.clock() and standing(session) == 1


@pytest.mark.parametrize("who", ["mallory", "bob", "fay"])
def test_a_stranger_the_author_and_finance_may_not(session: Session, cast: Cast, stage: Stage, who: str) -> None:
    thread = stage.thread(cast.ada)
    reply = stage.answer(thread, cast.bob)
    with pytest.raises(NotAllowed):
        accept_answer(session, thread, reply, getattr(cast, who), now=stage.clock())


def test_a_superfan_never_accepts_an_own_answer(session: Session, cast: Cast, stage: Stage) -> None:
    thread = stage.thread(cast.ada)
    reply = stage.answer(thread, cast.sue)
    with pytest.raises(Conflict):
        accept_answer(session, thread, reply, cast.sue, now=stage.clock())


def test_the_question_itself_and_a_post_of_another_thread_are_no_answers(
    session: Session, cast: Cast, stage: Stage
) -> None:
    board = stage.board()
    thread, other = stage.thread(cast.ada, board), stage.thread(cast.ada, board)
    elsewhere = stage.answer(other, cast.bob)
    question = session.scalars(select(Post).where(Post.thread_id == thread.id)).one()
    for post in (question, elsewhere):
        with pytest.raises(Conflict):
            accept_answer(session, thread, post, cast.ada, now=stage.clock())


def test_an_idea_has_no_accepted_answer(session: Session, cast: Cast, stage: Stage) -> None:
    thread = stage.thread(cast.ada, stage.board("ideas", kind="idea"))
    reply = stage.answer(thread, cast.bob)
    with pytest.raises(Conflict):
        accept_answer(session, thread, reply, cast.ada, now=stage.clock())


def test_accepting_gives_points_a_claim_and_a_solution(session: Session, cast: Cast, stage: Stage) -> None:
    thread = stage.thread(cast.ada)
    reply = stage.answer(thread, cast.bob)
    acceptance = accept_answer(session, thread, reply, cast.ada, days=7, now=stage.clock())
    session.commit()
    claim = session.scalars(select(Claim)).one()
    assert (claim.kind, claim.acceptance_id, claim.due_at) == (
        "direct",
        acceptance.id,
        stage.clock() + timedelta(days=7),
    )
    earned = session.execute(select(PointEntry.account_id, PointEntry.kind, PointEntry.points).order_by(PointEntry.id))
    assert [tuple(row) for row in earned] == [(cast.bob.id, "acceptance", 10), (cast.bob.id, "first_to_solve", 3)]
    session.refresh(cast.bob)
    assert (cast.bob.points, cast.bob.solutions) == (13, 1)


def test_staffs_answer_is_assisted_and_ones_own_is_no_claim_and_no_points(
    session: Session, cast: Cast, stage: Stage
) -> None:
    board = stage.board()
    by_staff = stage.thread(cast.ada, board)
    accept_answer(session, by_staff, stage.answer(by_staff, cast.ann), cast.ada, now=stage.clock())
    own = stage.thread(cast.ada, board)
    accept_answer(session, own, stage.answer(own, cast.ada), cast.ada, now=stage.clock())
    assert [claim.kind for claim in session.scalars(select(Claim))] == ["assisted"]
    assert session.scalar(select(func.count()).where(PointEntry.account_id == cast.ada.id)) == 0


def test_accepting_the_same_again_changes_nothing_and_another_withdraws_the_first(
    session: Session, cast: Cast, stage: Stage
) -> None:
    thread = stage.thread(cast.ada)
    first, second = stage.answer(thread, cast.bob), stage.answer(thread, cast.sue)
    accepted = accept_answer(session, thread, first, cast.ada, now=stage.clock())
    assert accept_answer(session, thread, first, cast.ada, now=stage.clock()).id == accepted.id
    accept_answer(session, thread, second, cast.ada, now=stage.clock())
    session.commit()
    assert standing(session) == 1
    session.refresh(cast.bob), session.refresh(cast.sue)
    assert (cast.bob.points, cast.bob.solutions, cast.sue.points) == (0, 0, 10)
    outcomes = session.execute(select(Claim.outcome, Claim.reason).order_by(Claim.id)).all()
    assert [tuple(row) for row in outcomes] == [("lapsed", "withdrawn"), (None, None)]


def test_a_superfan_does_not_replace_what_somebody_else_accepted(session: Session, cast: Cast, stage: Stage) -> None:
    thread = stage.thread(cast.ada)
    first, second = stage.answer(thread, cast.bob), stage.answer(thread, cast.mallory)
    accept_answer(session, thread, first, cast.ada, now=stage.clock())
    with pytest.raises(NotAllowed):
        accept_answer(session, thread, second, cast.sue, now=stage.clock())
    assert thread.solved_at is not None and standing(session) == 1


def test_the_database_itself_refuses_a_second_standing_acceptance(session: Session, cast: Cast, stage: Stage) -> None:
    thread = stage.thread(cast.ada)
    reply = stage.answer(thread, cast.bob)
    accept_answer(session, thread, reply, cast.ada, now=stage.clock())
    session.add(
        Acceptance(thread_id=thread.id, post_id=reply.id, accepted_by_id=cast.max.id, accepted_at=stage.clock())
    )
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.parametrize("who", ["ada", "ann", "cleo", "max"])
def test_the_asker_and_staff_may_withdraw(session: Session, cast: Cast, stage: Stage, who: str) -> None:
    thread = stage.thread(cast.ada)
    accept_answer(session, thread, stage.answer(thread, cast.bob), cast.ada, now=stage.clock())
    withdraw_acceptance(session, thread, getattr(cast, who), why="It came back.", now=stage.clock.pass_by(hours=1))
    row = session.scalars(select(Acceptance)).one()
    assert (thread.solved_at, row.withdrawn_by_id, row.withdrawn_why) == (None, getattr(cast, who).id, "It came back.")


@pytest.mark.parametrize("who", ["bob", "mallory", "sue", "fay"])
def test_nobody_else_may_withdraw_but_who_accepted(session: Session, cast: Cast, stage: Stage, who: str) -> None:
    thread = stage.thread(cast.ada)
    accept_answer(session, thread, stage.answer(thread, cast.bob), cast.ada, now=stage.clock())
    with pytest.raises(NotAllowed):
        withdraw_acceptance(session, thread, getattr(cast, who), now=stage.clock())


def test_a_thread_without_acceptance_cannot_be_withdrawn(session: Session, cast: Cast, stage: Stage) -> None:
    with pytest.raises(Conflict):
        withdraw_acceptance(session, stage.thread(cast.ada), cast.ada, now=stage.clock())


def test_withdrawing_after_the_claim_qualified_reverses_the_entry_by_a_new_row(
    session: Session, cast: Cast, stage: Stage
) -> None:
    thread = stage.thread(cast.ada)
    accept_answer(session, thread, stage.answer(thread, cast.bob), cast.ada, now=stage.clock())
    claim = session.scalars(select(Claim)).one()
    state_intent(session, claim, thread, cast.ada, intent="yes", channel="phone", now=stage.clock())
    zone = stage.clock().tzinfo
    assert zone is not None
    assert qualify_claims(session, zone, stage.clock.pass_by(days=8)) == 1
    original = session.scalars(select(Entry)).one()
    before = (original.quantity, original.day, original.created_at)
    withdraw_acceptance(session, thread, cast.ada, now=stage.clock.pass_by(days=30))
    session.commit()
    rows = session.scalars(select(Entry).order_by(Entry.id)).all()
    assert [row.quantity for row in rows] == [1, -1]
    assert (rows[0].quantity, rows[0].day, rows[0].created_at) == before
    assert (rows[1].reverses_id, rows[1].why, rows[1].day) == (original.id, "withdrawn", stage.clock().date())
    session.refresh(cast.bob)
    assert cast.bob.points == 0


def test_only_the_asker_states_the_intent_and_once(session: Session, cast: Cast, stage: Stage) -> None:
    thread = stage.thread(cast.ada)
    accept_answer(session, thread, stage.answer(thread, cast.bob), cast.ada, now=stage.clock())
    claim = session.scalars(select(Claim)).one()
    with pytest.raises(NotAllowed):
        state_intent(session, claim, thread, cast.bob, intent="yes", channel=None, now=stage.clock())
    state_intent(session, claim, thread, cast.ada, intent="no", channel="phone", now=stage.clock())
    assert (claim.intent, claim.channel) == ("no", None)
    with pytest.raises(Conflict):
        state_intent(session, claim, thread, cast.ada, intent="yes", channel=None, now=stage.clock())
