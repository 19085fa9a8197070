"""An accepted answer that its author changes: who accepted it hears of it, what has not gone out waits again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.actions.approve_reply import approve_reply
from forum.actions.edit_post import edit_post
from forum.actions.spread_news import spread_news
from forum.moderation.log import LogEntry
from forum.notices.events import ANSWER_EDITED, REPLY_WAITING
from forum.notices.notice import Notice
from forum.outbox.delivery import TRANSITIONS, Delivery, Kind, State
from forum.people.account import Account
from forum.threads.acceptance import Acceptance
from forum.threads.post import Post
from forum.threads.thread import Thread
from tests.actions.listening_world import NOW, ListeningWorld, an_answered_mention, listening_world
from tests.application import QuietParts, SignInAs
from tests.cast import Cast
from tests.scene import Stage

CHANGED = "Turn band steering off, then buy a mesh from https://shop.example."
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


@pytest.fixture
def world(parts: QuietParts) -> ListeningWorld:
    return listening_world(parts.sessions)


def edit(session: Session, post: Post, by: Account, text: str, stage: Stage, **more: str) -> None:
    thread = session.get_one(Thread, post.thread_id)
    edit_post(session, thread, post, by, text=text, markup=stage.markup, now=stage.clock.pass_by(minutes=1), **more)


def told(session: Session, event: str = ANSWER_EDITED.name) -> Sequence[int]:
    return session.scalars(select(Notice.account_id).where(Notice.event == event).order_by(Notice.id)).all()


def accepted(session: Session, stage: Stage, asker: Account, author: Account) -> Post:
    thread = stage.thread(asker)
    reply = stage.answer(thread, author, "Open the settings and choose the channel that nobody else is on.")
    accept_answer(session, thread, reply, asker, now=stage.clock.pass_by(minutes=1))
    return reply


def replying(session: Session, world: ListeningWorld, author: Account, state: State, **more: object) -> Delivery:
    return an_answered_mention(session, world.connection_id, world.board_id, "1", author, state, **more)


def answer_of(session: Session, delivery: Delivery) -> Post:
    return session.get_one(Post, session.get_one(Acceptance, delivery.acceptance_id).post_id)


def state_of(session: Session, delivery: Delivery) -> State:
    session.flush()
    session.expire_all()
    return State(session.get_one(Delivery, delivery.id).state)


class TestTheAsker:
    def test_is_told_that_the_accepted_answer_was_changed(self, session: Session, cast: Cast, stage: Stage) -> None:
        reply = accepted(session, stage, cast.ada, cast.bob)
        edit(session, reply, cast.bob, CHANGED, stage)
        assert told(session) == [cast.ada.id]
        (entry,) = session.scalars(select(LogEntry).where(LogEntry.about == f"post:{reply.id}"))
        assert (entry.act, entry.by_id, entry.details["held"]) == ("edit_own_post", cast.bob.id, [])

    def test_is_not_told_of_mended_typing(self, session: Session, cast: Cast, stage: Stage) -> None:
        reply = accepted(session, stage, cast.ada, cast.bob)
        edit(session, reply, cast.bob, reply.text.replace("settings", "settinsg") + "\n\n", stage)
        assert told(session) == []

    def test_is_told_when_small_edits_add_up(self, session: Session, cast: Cast, stage: Stage) -> None:
        reply = accepted(session, stage, cast.ada, cast.bob)
        for was, now in [("settings", "settingz"), ("channel", "channels"), ("choose", "chose"), ("nobody", "nobodi")]:
            assert told(session) == []
            edit(session, reply, cast.bob, reply.text.replace(was, now), stage)
        assert told(session) == [cast.ada.id]

    def test_is_told_of_each_change_but_not_again_of_typing_after_it(
        self, session: Session, cast: Cast, stage: Stage
    ) -> None:
        reply = accepted(session, stage, cast.ada, cast.bob)
        edit(session, reply, cast.bob, CHANGED, stage)
        edit(session, reply, cast.bob, CHANGED.replace("steering", "steerign"), stage)
        assert told(session) == [cast.ada.id]
        edit(session, reply, cast.bob, "It was another thing altogether.", stage)
        assert told(session) == [cast.ada.id, cast.ada.id]

    def test_is_told_when_the_summary_for_networks_changes(self, session: Session, cast: Cast, stage: Stage) -> None:
        reply = accepted(session, stage, cast.ada, cast.bob)
        edit(session, reply, cast.bob, reply.text, stage, summary="Buy a new one.")
        assert told(session) == [cast.ada.id]

    def test_is_not_told_of_what_was_changed_before_accepting(self, session: Session, cast: Cast, stage: Stage) -> None:
        thread = stage.thread(cast.ada)
        reply = stage.answer(thread, cast.bob)
        edit(session, reply, cast.bob, CHANGED, stage)
        accept_answer(session, thread, reply, cast.ada, now=stage.clock.pass_by(minutes=1))
        edit(session, reply, cast.bob, CHANGED.replace("steering", "steerign"), stage)
        assert told(session) == []

    def test_is_not_told_of_another_reply_a_moderators_edit_or_a_withdrawn_acceptance(
        self, session: Session, cast: Cast, stage: Stage
    ) -> None:
        reply = accepted(session, stage, cast.ada, cast.bob)
        other = stage.answer(session.get_one(Thread, reply.thread_id), cast.mallory)
        edit(session, other, cast.mallory, CHANGED, stage)
        edit(session, reply, cast.cleo, CHANGED, stage)
        session.scalars(select(Acceptance)).one().withdrawn_at = stage.clock()
        edit(session, reply, cast.bob, "Something else.", stage)
        assert told(session) == []

    def test_withdraws_with_one_click_on_the_thread(
        self, session: Session, cast: Cast, stage: Stage, client: FlaskClient, sign_in_as: SignInAs
    ) -> None:
        reply = accepted(session, stage, cast.ada, cast.bob)
        path = f"/threads/{reply.thread_id}"
        session.commit()
        ada = sign_in_as(client, cast.ada)
        assert "No longer: withdraw" not in ada.get(path, follow_redirects=True).text
        edit(session, reply, cast.bob, CHANGED, stage)
        session.commit()
        assert "No longer: withdraw" in ada.get(path, follow_redirects=True).text
        answer = ada.post(f"{path}/acceptance/withdrawal", data={"why": "the answer was changed"})
        assert answer.status_code == 303
        session.rollback()
        session.expire_all()
        assert session.scalars(select(Acceptance)).one().withdrawn_why == "the answer was changed"
        mallory = sign_in_as(client, cast.mallory)
        assert "No longer: withdraw" not in mallory.get(path, follow_redirects=True).text


class TestTheReply:
    def test_that_has_not_gone_out_waits_for_approval_again_without_the_old_words(
        self, session: Session, cast: Cast, stage: Stage, world: ListeningWorld
    ) -> None:
        delivery = replying(session, world, cast.sue, State.WAITING, text="Old words", approved_by_id=cast.ann.id, approved_at=NOW, settled_at=NOW)  # fmt: skip
        edit(session, answer_of(session, delivery), cast.sue, CHANGED, stage)
        assert state_of(session, delivery) == State.HELD
        held = session.get_one(Delivery, delivery.id)
        assert (held.text, held.approved_by_id, held.settled_at) == (None, None, None)
        assert State.HELD in TRANSITIONS[State.WAITING]
        assert approve_reply(session, held, cast.ann, now=LATER)
        assert state_of(session, delivery) == State.WAITING

    def test_of_staff_goes_its_way(self, session: Session, cast: Cast, stage: Stage, world: ListeningWorld) -> None:
        delivery = replying(session, world, cast.ann, State.WAITING)
        edit(session, answer_of(session, delivery), cast.ann, CHANGED, stage)
        assert state_of(session, delivery) == State.WAITING

    def test_that_staff_took_over_goes_its_way(
        self, session: Session, cast: Cast, stage: Stage, world: ListeningWorld
    ) -> None:
        delivery = replying(session, world, cast.bob, State.WAITING, taken_over_by_id=cast.ann.id, text="Ours")
        edit(session, answer_of(session, delivery), cast.bob, CHANGED, stage)
        assert state_of(session, delivery) == State.WAITING

    @pytest.mark.parametrize("state", [State.SENDING, State.UNCERTAIN, State.SENT, State.CANCELLED, State.HELD])
    def test_in_any_other_state_is_left_as_it_is(
        self, session: Session, cast: Cast, stage: Stage, world: ListeningWorld, state: State
    ) -> None:
        delivery = replying(session, world, cast.bob, state)
        edit(session, answer_of(session, delivery), cast.bob, CHANGED, stage)
        assert state_of(session, delivery) == state

    def test_is_not_held_for_mended_typing(
        self, session: Session, cast: Cast, stage: Stage, world: ListeningWorld
    ) -> None:
        delivery = replying(session, world, cast.bob, State.WAITING)
        reply = answer_of(session, delivery)
        edit(session, reply, cast.bob, reply.text.replace("steering", "steerign"), stage)
        assert state_of(session, delivery) == State.WAITING

    def test_tells_staff_each_time_it_waits_again(
        self, session: Session, cast: Cast, stage: Stage, world: ListeningWorld
    ) -> None:
        delivery = replying(session, world, cast.bob, State.WAITING)
        for text in (CHANGED, "And once more something else."):
            edit(session, answer_of(session, delivery), cast.bob, text, stage)
            session.commit()
            session.get_one(Delivery, delivery.id).state = State.WAITING if text == CHANGED else State.HELD
            rows = session.scalars(select(Delivery).where(Delivery.kind == Kind.NEWS)).all()
            assert len({row.key for row in rows}) == len(rows)
            session.commit()
        session.get_one(Delivery, delivery.id).state = State.HELD
        session.commit()
        held = [row.id for row in rows if row.payload["about"] == "held"]
        assert len(held) == 2
        for row in held:
            assert spread_news(world.sessions, row, lambda: stage.clock() + timedelta(days=1)) == State.SENT
        session.rollback()
        assert sorted(told(session, REPLY_WAITING.name)) == sorted([cast.ann.id, cast.cleo.id, cast.max.id] * 2)
