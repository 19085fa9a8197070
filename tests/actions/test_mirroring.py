"""Mirroring an accepted answer: every outcome, and exactly one visible reply in each that sends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from forum.actions.approve_reply import approve_reply
from forum.actions.mirror_answer import mirror_answer
from forum.actions.pause_connection import pause_connection, resume_connection
from forum.kernel.errors import Conflict
from forum.kernel.messages import Message
from forum.networks.port import CannotTell, NetworkError
from forum.outbox import claiming
from forum.outbox.claiming import MOST_ATTEMPTS
from forum.outbox.delivery import LEASE, Delivery, State
from forum.threads.post import Post
from forum.wiring.parts import Parts
from tests.cast import Cast
from tests.looping import SandboxLoop

CUT = NetworkError("The connection was cut.", uncertain=True)


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def loop(parts: Parts, session: Session, cast: Cast) -> SandboxLoop:
    return SandboxLoop(parts, session, cast)


def test_the_reply_stands_once_and_names_who_answered_and_where(loop: SandboxLoop) -> None:
    reply = loop.accepted()
    assert loop.mirror(reply) == State.SENT
    text = (
        f"Choose channel 36.\n\n— Sue, superfan at Routerly Community\nhttps://forum.example/threads/{reply.thread_id}"
    )
    assert loop.standing() == [text]
    sent = loop.now(reply)
    assert (sent.text, sent.attempts, sent.words, sent.lease_until) == (text, 1, None, None)
    assert sent.remote_id
    assert sent.permalink == f"https://forum.example/sandbox/posts/{sent.remote_id}"
    assert loop.mirror(reply) is None
    assert len(loop.standing()) == 1


def test_a_newcomers_answer_is_held_until_staff_approve(loop: SandboxLoop) -> None:
    post = loop.answered(by=loop.cast.bob)
    reply = loop.accepted(post, by=loop.cast.sue)
    assert reply.state == State.HELD
    assert loop.mirror(reply) is None
    assert approve_reply(loop.session, reply, loop.cast.ann, now=loop.clock())
    loop.session.commit()
    assert loop.mirror(reply) == State.SENT
    assert ["— Bob at Routerly Community" in text for text in loop.standing()] == [True]


def test_the_words_that_were_approved_go_out(loop: SandboxLoop) -> None:
    reply = loop.accepted(loop.answered(by=loop.cast.bob), by=loop.cast.sue)
    approve_reply(loop.session, reply, loop.cast.ann, text="What Ann has read.", now=loop.clock())
    loop.session.commit()
    loop.deliver_until_nothing_is_left()
    assert loop.standing() == ["What Ann has read."]


def test_a_permanent_refusal_fails_with_the_networks_own_words(loop: SandboxLoop) -> None:
    reply = loop.accepted()
    loop.network.before("reply", NetworkError("You are blocked.", permanent=True))
    assert loop.mirror(reply) == State.FAILED
    assert loop.now(reply).words == "You are blocked."
    assert loop.mirror(reply) is None


def test_a_mention_that_cannot_be_answered_fails_with_the_reason_in_full(loop: SandboxLoop) -> None:
    reply = loop.accepted()
    loop.customer_deletes_the_question(reply)
    assert loop.mirror(reply) == State.FAILED
    assert loop.now(reply).words == "The post has been deleted on the network."
    assert "reply" not in loop.network.calls


def test_a_network_that_asks_to_be_left_alone_is_left_alone_until_then(loop: SandboxLoop) -> None:
    reply = loop.accepted()
    loop.network.before("reply", NetworkError("Slow down.", retry_after=timedelta(minutes=7)))
    assert loop.mirror(reply) == State.WAITING
    assert loop.now(reply).due_at == loop.clock() + timedelta(minutes=7)
    loop.clock.pass_by(minutes=6, seconds=59)
    assert loop.mirror(reply) is None
    loop.clock.pass_by(seconds=1)
    assert loop.mirror(reply) == State.SENT
    assert loop.now(reply).words is None
    assert "find_reply" not in loop.network.calls
    assert len(loop.standing()) == 1


def test_a_network_that_is_down_is_asked_again_later_and_later_and_at_last_by_a_person(loop: SandboxLoop) -> None:
    reply = loop.accepted()
    loop.network.before("reply", *[NetworkError("Down for now.")] * MOST_ATTEMPTS)
    pauses = []
    while loop.mirror(reply) == State.WAITING:
        pauses.append(loop.now(reply).due_at - loop.clock())
        loop.clock.now = reply.due_at
    assert loop.now(reply).state == State.FAILED
    assert pauses[:3] == [timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20)]
    assert max(pauses) == timedelta(hours=1)
    assert len(pauses) == MOST_ATTEMPTS - 1


def test_a_cut_after_sending_is_read_back_and_not_sent_again(loop: SandboxLoop) -> None:
    reply = loop.accepted()
    loop.network.after("reply", CUT)
    assert loop.mirror(reply) == State.UNCERTAIN
    loop.clock.pass_by(minutes=1)
    assert loop.mirror(reply) == State.SENT
    assert loop.network.calls.count("reply") == 1
    assert len(loop.standing()) == 1
    assert loop.now(reply).remote_id


def test_a_cut_before_sending_is_read_back_and_sent_again(loop: SandboxLoop) -> None:
    reply = loop.accepted()
    loop.network.before("reply", CUT)
    assert loop.mirror(reply) == State.UNCERTAIN
    loop.clock.pass_by(minutes=1)
    assert loop.mirror(reply) == State.SENT
    assert loop.network.calls[-3:] == ["find_reply", "why_not", "reply"]
    assert len(loop.standing()) == 1


def test_where_the_network_cannot_tell_a_person_must(loop: SandboxLoop) -> None:
    reply = loop.accepted()
    loop.network.before("reply", CUT)
    loop.network.before("find_reply", CannotTell("more posts than can be read back"))
    loop.mirror(reply)
    loop.clock.pass_by(minutes=1)
    assert loop.mirror(reply) == State.PARKED
    assert loop.now(reply).words == "more posts than can be read back"
    loop.clock.pass_by(days=1)
    assert loop.mirror(reply) is None


@pytest.mark.parametrize(
    "trouble",
    [NetworkError("The password was revoked.", permanent=True), Conflict(Message("The secrets cannot be opened."))],
)
def test_what_may_stand_is_never_called_failed_because_it_could_not_be_read(
    loop: SandboxLoop, trouble: Exception
) -> None:
    reply = loop.accepted()
    loop.network.after("reply", CUT)
    loop.mirror(reply)
    loop.network.before("find_reply", trouble)
    loop.clock.pass_by(minutes=1)
    assert loop.mirror(reply) == State.PARKED
    retraction = loop.withdraw(reply)
    assert retraction is not None
    loop.deliver_until_nothing_is_left()
    assert loop.standing() == []


def test_a_failed_reading_back_leaves_it_uncertain(loop: SandboxLoop) -> None:
    reply = loop.accepted()
    loop.network.after("reply", CUT)
    loop.network.before(
        "find_reply", NetworkError("Down."), NetworkError("Still down.", retry_after=timedelta(hours=2))
    )
    loop.mirror(reply)
    loop.clock.pass_by(minutes=1)
    assert loop.mirror(reply) == State.UNCERTAIN
    loop.clock.pass_by(minutes=1)
    assert loop.mirror(reply) == State.UNCERTAIN
    assert loop.now(reply).due_at == loop.clock() + timedelta(hours=2)
    loop.deliver_until_nothing_is_left()
    assert len(loop.standing()) == 1


def test_a_lost_worker_is_followed_by_another_that_reads_back(loop: SandboxLoop) -> None:
    reply = loop.accepted()
    loop.network.after("reply", KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        loop.mirror(reply)
    assert loop.now(reply).state == State.SENDING
    assert loop.mirror(reply) is None
    loop.clock.now += LEASE + timedelta(seconds=1)
    assert loop.mirror(reply) == State.SENT
    assert loop.network.calls.count("reply") == 1
    assert len(loop.standing()) == 1


def test_of_two_workers_at_once_one_sends(loop: SandboxLoop) -> None:
    reply = loop.accepted()
    others: list[State | None] = []
    loop.network.before("reply", lambda: others.append(loop.mirror(reply)))
    assert loop.mirror(reply) == State.SENT
    assert others == [None]
    assert len(loop.standing()) == 1


def overtaken(loop: SandboxLoop, reply: Delivery) -> Callable[[], None]:
    """Somebody else sends the reply while this worker stalls past its lease."""

    def overtake() -> None:
        loop.clock.now += LEASE + timedelta(seconds=1)
        assert loop.mirror(reply) == State.SENT

    return overtake


def test_who_stalled_before_sending_does_not_send(loop: SandboxLoop) -> None:
    reply = loop.accepted()
    loop.network.before("why_not", overtaken(loop, reply))
    assert loop.mirror(reply) is None
    assert loop.network.calls.count("reply") == 1
    assert len(loop.standing()) == 1


def test_who_stalled_while_sending_settles_nothing(loop: SandboxLoop) -> None:
    reply = loop.accepted()
    loop.network.before("reply", overtaken(loop, reply))
    assert loop.mirror(reply) is None
    assert loop.now(reply).attempts == 2
    assert len(loop.standing()) == 1


def test_a_settlement_by_an_older_claim_changes_nothing(loop: SandboxLoop) -> None:
    reply = loop.accepted()
    with loop.parts.sessions.begin() as session:
        first = claiming.claim(session, reply.id, loop.clock())
    assert first is not None and not first.read_back
    loop.clock.now += LEASE + timedelta(seconds=1)
    with loop.parts.sessions.begin() as session:
        second = claiming.claim(session, reply.id, loop.clock())
        assert second is not None and second.read_back
        assert not claiming.settle(session, first, State.FAILED, loop.clock())
        assert not claiming.renew(session, first, loop.clock(), text="other words")
    assert (loop.now(reply).state, reply.claim, reply.text) == (State.SENDING, second.fence, None)


def test_a_second_attempt_says_what_the_first_said_whatever_the_post_says_now(loop: SandboxLoop) -> None:
    post = loop.answered()
    reply = loop.accepted(post)
    loop.network.before("reply", CUT)
    loop.mirror(reply)
    first = loop.now(reply).text
    loop.session.get_one(Post, post.id).plain = "Something else altogether."
    loop.session.commit()
    loop.deliver_until_nothing_is_left()
    assert loop.standing() == [first]


@pytest.mark.parametrize("uncertain", [False, True])
def test_nothing_is_asked_of_a_paused_network_and_all_goes_out_when_it_is_resumed(
    loop: SandboxLoop, uncertain: bool
) -> None:
    reply = loop.accepted()
    if uncertain:
        loop.network.after("reply", CUT)
        loop.mirror(reply)
        loop.clock.pass_by(minutes=1)
    before = loop.now(reply).state, reply.attempts
    pause_connection(loop.session, loop.connection, loop.cast.max, loop.clock())
    loop.session.commit()
    asked = len(loop.network.calls)
    assert loop.mirror(reply) is None
    assert (loop.now(reply).state, reply.attempts) == before
    assert len(loop.network.calls) == asked
    resume_connection(loop.session, loop.connection, loop.cast.max, loop.clock())
    loop.session.commit()
    assert mirror_answer(loop.parts.sessions, reply.id, loop.outside) == State.SENT
    assert len(loop.standing()) == 1
