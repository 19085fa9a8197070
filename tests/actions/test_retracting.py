"""Withdrawing an acceptance whose reply waits, is being sent, may stand or stands: in the end no reply stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.pause_connection import pause_connection, resume_connection
from forum.networks.port import CannotTell, NetworkError
from forum.outbox.delivery import LEASE, Delivery, Kind, State
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


def crash(loop: SandboxLoop, reply: Delivery) -> None:
    with pytest.raises(KeyboardInterrupt):
        loop.mirror(reply)


def waiting(loop: SandboxLoop, reply: Delivery) -> None:
    assert reply.state == State.WAITING


def sending_before(loop: SandboxLoop, reply: Delivery) -> None:
    loop.network.before("reply", KeyboardInterrupt())
    crash(loop, reply)


def sending_after(loop: SandboxLoop, reply: Delivery) -> None:
    loop.network.after("reply", KeyboardInterrupt())
    crash(loop, reply)


def uncertain_before(loop: SandboxLoop, reply: Delivery) -> None:
    loop.network.before("reply", CUT)
    assert loop.mirror(reply) == State.UNCERTAIN


def uncertain_after(loop: SandboxLoop, reply: Delivery) -> None:
    loop.network.after("reply", CUT)
    assert loop.mirror(reply) == State.UNCERTAIN


def sent(loop: SandboxLoop, reply: Delivery) -> None:
    assert loop.mirror(reply) == State.SENT


def failed(loop: SandboxLoop, reply: Delivery) -> None:
    loop.network.before("reply", NetworkError("No.", permanent=True))
    assert loop.mirror(reply) == State.FAILED


def parked(loop: SandboxLoop, reply: Delivery) -> None:
    uncertain_after(loop, reply)
    loop.network.before("find_reply", CannotTell())
    loop.clock.pass_by(minutes=1)
    assert loop.mirror(reply) == State.PARKED


EVERY = [waiting, sending_before, sending_after, uncertain_before, uncertain_after, sent, failed, parked]
Reach = Callable[[SandboxLoop, Delivery], None]


@pytest.mark.parametrize("reach", EVERY)
def test_withdrawn_in_any_state_no_reply_stands_and_the_next_answer_does(loop: SandboxLoop, reach: Reach) -> None:
    reply = loop.accepted()
    reach(loop, reply)
    loop.withdraw(reply)
    loop.deliver_until_nothing_is_left()
    assert loop.standing() == []
    assert loop.now(reply).state in {State.CANCELLED, State.SENT}
    better = loop.answered_again(reply, "Hold reset for ten seconds.")
    again = loop.accepted(better)
    loop.deliver_until_nothing_is_left()
    assert [text.split("\n")[0] for text in loop.standing()] == ["Hold reset for ten seconds."]
    assert loop.now(again).state == State.SENT


@pytest.mark.parametrize("reach", EVERY)
def test_another_answer_accepted_in_any_state_leaves_that_one_alone_standing(loop: SandboxLoop, reach: Reach) -> None:
    reply = loop.accepted()
    better = loop.answered_again(reply, "Hold reset for ten seconds.")
    reach(loop, reply)
    loop.accepted(better)
    loop.deliver_until_nothing_is_left()
    assert [text.split("\n")[0] for text in loop.standing()] == ["Hold reset for ten seconds."]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_withdrawn_while_the_network_is_being_asked_it_goes_as_soon_as_that_is_over(
    loop: SandboxLoop, moment: str
) -> None:
    reply = loop.accepted()
    getattr(loop.network, moment)("reply", lambda: loop.retract(loop.withdraw(reply) or reply))
    assert loop.mirror(reply) == State.SENT
    retraction = loop.session.scalars(select(Delivery).where(Delivery.kind == Kind.RETRACTION)).one()
    assert loop.now(retraction).due_at <= loop.clock()
    assert loop.retract(retraction) == State.SENT
    assert loop.standing() == []


def test_withdrawn_between_claim_and_sending_it_is_not_sent(loop: SandboxLoop) -> None:
    reply = loop.accepted()
    loop.network.before("why_not", lambda: loop.withdraw(reply))
    assert loop.mirror(reply) == State.CANCELLED
    assert "reply" not in loop.network.calls
    loop.deliver_until_nothing_is_left()
    assert loop.standing() == []


def test_a_reply_that_comes_through_after_it_was_given_up_is_taken_back_by_who_sent_it(loop: SandboxLoop) -> None:
    reply = loop.accepted()

    def stall_for_hours() -> None:
        loop.withdraw(reply)
        loop.deliver_until_nothing_is_left()
        assert loop.now(reply).state == State.CANCELLED

    loop.network.before("reply", stall_for_hours)
    assert loop.mirror(reply) is None
    assert len(loop.standing()) == 1
    loop.deliver_until_nothing_is_left()
    assert loop.standing() == []


def test_a_request_that_arrives_after_its_sender_died_is_found_by_the_second_look(loop: SandboxLoop) -> None:
    reply = loop.accepted()
    sending_before(loop, reply)
    retraction = loop.withdraw(reply)
    assert retraction is not None
    loop.clock.now += LEASE + timedelta(seconds=1)
    assert loop.retract(retraction) == State.WAITING
    late = loop.network.real
    order = loop.reference_of(reply)
    late.reply(*order)
    assert len(loop.standing()) == 1
    loop.deliver_until_nothing_is_left()
    assert loop.standing() == []


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("trouble", [CUT, NetworkError("Slow down.", retry_after=timedelta(minutes=9))])
def test_deleting_is_done_again_until_it_is_done(loop: SandboxLoop, moment: str, trouble: NetworkError) -> None:
    reply = loop.accepted()
    sent(loop, reply)
    loop.withdraw(reply)
    getattr(loop.network, moment)("delete", trouble)
    loop.deliver_until_nothing_is_left()
    assert loop.standing() == []
    assert loop.network.calls.count("delete") == 2


def test_a_refused_deletion_is_for_a_person_with_the_networks_words(loop: SandboxLoop) -> None:
    reply = loop.accepted()
    sent(loop, reply)
    retraction = loop.withdraw(reply)
    assert retraction is not None
    loop.network.before("delete", NetworkError("Not yours.", permanent=True))
    assert loop.retract(retraction) == State.FAILED
    assert loop.now(retraction).words == "Not yours."


def test_where_nobody_can_tell_whether_it_stands_the_retraction_is_for_a_person(loop: SandboxLoop) -> None:
    reply = loop.accepted()
    uncertain_after(loop, reply)
    retraction = loop.withdraw(reply)
    assert retraction is not None
    loop.network.before("find_reply", CannotTell("too many posts"))
    assert loop.retract(retraction) == State.PARKED
    assert loop.now(retraction).words == "too many posts"


class TestCorrecting:
    @pytest.fixture
    def loop(self, parts: Parts, session: Session, cast: Cast) -> SandboxLoop:
        return SandboxLoop(parts, session, cast, withdrawal="correct")

    @pytest.mark.parametrize("reach", [sent, sending_after, uncertain_after])
    def test_a_reply_that_stands_gets_one_correction_under_it(self, loop: SandboxLoop, reach: Reach) -> None:
        reply = loop.accepted()
        reach(loop, reply)
        loop.withdraw(reply)
        loop.deliver_until_nothing_is_left()
        assert len(loop.standing()) == 2
        assert loop.standing()[1] == (
            "We are looking into this again: the answer above may not solve it. "
            f"https://forum.example/threads/{reply.thread_id}"
        )

    @pytest.mark.parametrize("moment", ["before", "after"])
    def test_a_correction_that_was_cut_stands_once(self, loop: SandboxLoop, moment: str) -> None:
        reply = loop.accepted()
        sent(loop, reply)
        loop.withdraw(reply)
        getattr(loop.network, moment)("reply", CUT)
        loop.deliver_until_nothing_is_left()
        assert len(loop.standing()) == 2

    @pytest.mark.parametrize("reach", [waiting, sending_before, uncertain_before])
    def test_what_never_stood_is_not_corrected(self, loop: SandboxLoop, reach: Reach) -> None:
        reply = loop.accepted()
        reach(loop, reply)
        loop.withdraw(reply)
        loop.deliver_until_nothing_is_left()
        assert loop.standing() == []

    def test_one_that_comes_through_late_is_corrected_too(self, loop: SandboxLoop) -> None:
        reply = loop.accepted()
        sending_before(loop, reply)
        retraction = loop.withdraw(reply)
        assert retraction is not None
        loop.clock.now += LEASE + timedelta(seconds=1)
        loop.retract(retraction)
        loop.network.real.reply(*loop.reference_of(reply))
        loop.deliver_until_nothing_is_left()
        assert len(loop.standing()) == 2

    def test_where_the_network_cannot_tell_of_the_correction_a_person_must(self, loop: SandboxLoop) -> None:
        reply = loop.accepted()
        sent(loop, reply)
        retraction = loop.withdraw(reply)
        assert retraction is not None
        loop.network.before("reply", CUT)
        loop.network.before("find_reply", CannotTell())
        loop.retract(retraction)
        loop.clock.pass_by(minutes=1)
        assert loop.retract(retraction) == State.PARKED


class TestLeaving:
    @pytest.fixture
    def loop(self, parts: Parts, session: Session, cast: Cast) -> SandboxLoop:
        return SandboxLoop(parts, session, cast, withdrawal="leave")

    @pytest.mark.parametrize(
        ("reach", "stands"), [(sent, 1), (sending_after, 1), (sending_before, 0), (uncertain_before, 0), (waiting, 0)]
    )
    def test_what_stands_is_left_and_what_does_not_is_not_sent(
        self, loop: SandboxLoop, reach: Reach, stands: int
    ) -> None:
        reply = loop.accepted()
        reach(loop, reply)
        loop.withdraw(reply)
        loop.deliver_until_nothing_is_left()
        assert len(loop.standing()) == stands
        assert "delete" not in loop.network.calls


def test_nothing_is_taken_back_while_paused_and_all_is_when_resumed(loop: SandboxLoop) -> None:
    reply = loop.accepted()
    sent(loop, reply)
    retraction = loop.withdraw(reply)
    assert retraction is not None
    pause_connection(loop.session, loop.connection, loop.cast.max, loop.clock())
    loop.session.commit()
    assert loop.retract(retraction) is None
    assert "delete" not in loop.network.calls
    resume_connection(loop.session, loop.connection, loop.cast.max, loop.clock())
    loop.session.commit()
    assert loop.retract(retraction) == State.SENT
    assert loop.standing() == []


def test_of_two_retractions_at_once_one_deletes(loop: SandboxLoop) -> None:
    reply = loop.accepted()
    sent(loop, reply)
    retraction = loop.withdraw(reply)
    assert retraction is not None
    loop.network.before("delete", lambda: loop.retract(retraction))
    assert loop.retract(retraction) == State.SENT
    assert loop.network.calls.count("delete") == 1
