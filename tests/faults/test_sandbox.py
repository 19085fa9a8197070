"""A worker killed at each point of sending to the sandbox, with and without its Redis: exactly one visible reply."""

from __future__ import annotations

import os
import signal

import pytest
from sqlalchemy.orm import Session

from forum.outbox.delivery import State
from forum.wiring.parts import Parts
from tests.cast import Cast
from tests.faults.cues import until
from tests.faults.scene import Works
from tests.looping import SandboxLoop

pytestmark = pytest.mark.faults

BEFORE, BETWEEN = "before_reply", "after_reply"
LOSSES = ["the worker", "the worker and Redis", "its child"]
RUDE_LOSSES = LOSSES[1:]


@pytest.fixture
def database_url(any_database_url: str) -> str:
    return any_database_url


@pytest.fixture
def loop(parts: Parts, session: Session, cast: Cast) -> SandboxLoop:
    return SandboxLoop(parts, session, cast, poll_seconds=3600)


def lose(works: Works, what: str, point: str) -> None:
    """Kill at the point that was reached, and let life go on."""
    child = until(lambda: works.cues.who_is_at(point))
    if what == "its child":
        os.kill(child, signal.SIGKILL)
    else:
        works.kill_worker()
    if "Redis" in what:
        works.flush_redis()
    works.cues.release(point)
    if what != "its child":
        works.start("sender")


@pytest.mark.parametrize("point", [BEFORE, BETWEEN])
@pytest.mark.parametrize("what", LOSSES)
def test_lost_while_sending_one_reply_stands(loop: SandboxLoop, works: Works, what: str, point: str) -> None:
    reply = loop.accepted()
    works.cues.hold(point)
    works.start()
    lose(works, what, point)
    assert loop.now(reply).state == State.SENDING
    assert len(loop.standing()) == (1 if point == BETWEEN else 0)
    works.let_the_lease_end()
    works.until_settled()
    assert loop.now(reply).state == State.SENT
    assert len(loop.standing()) == 1


@pytest.mark.parametrize("what", LOSSES)
def test_lost_after_settling_one_reply_stands_each(loop: SandboxLoop, works: Works, what: str) -> None:
    first, second = loop.accepted(), loop.accepted()
    works.cues.hold(BEFORE)
    works.start()
    until(lambda: works.cues.who_is_at(BEFORE))
    works.cues.forget(BEFORE)
    works.cues.hold("before_why_not")
    works.cues.release(BEFORE)
    works.until_state(first, State.SENT)
    lose(works, what, "before_why_not")
    works.let_the_lease_end()
    works.until_settled()
    assert (loop.now(first).state, loop.now(second).state) == (State.SENT, State.SENT)
    assert loop.now(first).attempts == 1
    assert len(loop.standing()) == 2


@pytest.mark.parametrize(
    ("point", "words", "pause"),
    [
        (BEFORE, "429 Too Many Requests", 900.0),
        (BEFORE, "500 before", None),
        (BETWEEN, "500 after", None),
        (BETWEEN, "cut", None),
    ],
)
def test_a_failing_network_ends_with_one_reply(
    loop: SandboxLoop, works: Works, point: str, words: str, pause: float | None
) -> None:
    reply = loop.accepted()
    works.cues.fail(point, words, retry_after=pause, uncertain=pause is None)
    works.start()
    works.until_settled()
    assert loop.now(reply).state == State.SENT
    assert loop.now(reply).attempts == 2
    assert len(loop.standing()) == 1


@pytest.mark.parametrize("point", [BEFORE, BETWEEN])
@pytest.mark.parametrize("what", RUDE_LOSSES)
def test_withdrawn_while_sending_and_then_lost_no_reply_stands(
    loop: SandboxLoop, works: Works, what: str, point: str
) -> None:
    reply = loop.accepted()
    works.cues.hold(point)
    works.start()
    until(lambda: works.cues.who_is_at(point))
    assert loop.withdraw(reply) is not None
    lose(works, what, point)
    works.let_the_lease_end()
    works.until_settled()
    assert loop.standing() == []


@pytest.mark.parametrize("point", [BEFORE, BETWEEN])
def test_withdrawn_while_sending_that_then_succeeds_no_reply_stands(
    loop: SandboxLoop, works: Works, point: str
) -> None:
    reply = loop.accepted()
    works.cues.hold(point)
    works.start()
    until(lambda: works.cues.who_is_at(point))
    assert loop.withdraw(reply) is not None
    works.cues.release(point)
    works.until_state(reply, State.SENT)
    works.until_settled()
    assert loop.standing() == []


@pytest.mark.parametrize("point", [BEFORE, BETWEEN])
def test_withdrawn_while_uncertain_no_reply_stands_and_the_next_answer_does(
    loop: SandboxLoop, works: Works, point: str
) -> None:
    reply = loop.accepted()
    works.cues.fail(point, "cut", uncertain=True, retry_after=300)
    works.start()
    works.until_state(reply, State.UNCERTAIN)
    assert loop.withdraw(reply) is not None
    works.until_settled()
    assert loop.standing() == []
    better = loop.answered_again(reply, "Hold reset.")
    again = loop.accepted(better)
    works.until_settled()
    assert loop.now(again).state == State.SENT
    assert len(loop.standing()) == 1


@pytest.mark.parametrize("point", ["before_delete", "after_delete"])
@pytest.mark.parametrize("what", RUDE_LOSSES)
def test_lost_while_taking_back_no_reply_stands(loop: SandboxLoop, works: Works, what: str, point: str) -> None:
    reply = loop.accepted()
    works.start()
    works.until_settled()
    assert len(loop.standing()) == 1
    works.cues.hold(point)
    loop.withdraw(reply)
    lose(works, what, point)
    works.let_the_lease_end()
    works.until_settled()
    assert loop.standing() == []
