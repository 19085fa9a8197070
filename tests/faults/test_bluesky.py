"""A worker killed and cut off while it sends to the real Bluesky network: exactly one visible reply, or none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from forum.kernel.clock import utc_now
from forum.outbox.delivery import Delivery, State
from forum.wiring.parts import Parts
from tests.cast import Cast
from tests.faults.cues import until
from tests.faults.scene import Works
from tests.looping import ASKED, Loop
from tests.networks.bluesky_world import BlueskyWorld, bluesky_world
from tests.networks.proxy import (
    Behaviour,
    Exchange,
    Fault,
    FaultProxy,
    answer,
    calls,
    cut_after,
    cut_before,
    fail_after,
    fault_proxy,
    hold_answer,
    hold_request,
)
from tests.scene import Clock, Stage
from tests.services.bluesky import BlueskyNetworkServer

pytestmark = [pytest.mark.faults, pytest.mark.bluesky]

PUT = calls("com.atproto.repo.putRecord")
DELETE = calls("com.atproto.repo.deleteRecord")


def hold_and_drop(exchange: Exchange) -> None:
    """The server never hears of the request, whose sender is dead by the release."""
    exchange.hold()
    exchange.cut()


class BlueskyLoop(Loop):
    """The connection goes by the proxy, customers and this test go straight to the network."""

    def __init__(self, parts: Parts, session: Session, cast: Cast, world: BlueskyWorld, proxy: FaultProxy) -> None:
        stage = Stage(session, Clock(utc_now() - timedelta(hours=1)))
        super().__init__(parts, session, cast, world.network, stage)
        self.world = world
        self.mentioned = ""
        settings, secrets, _ = world.connection(proxy.url)
        us = {"account_remote_id": world.us.did, "account_handle": world.us.handle}
        sealed = parts.seal.close(secrets)
        self.connection = stage.connection(
            stage.board(),
            kind="bluesky",
            title="Bluesky",
            poll_seconds=36_000,
            settings=settings,
            sealed_secrets=sealed,
            **us,
        )
        session.commit()

    def customer_posts(self, text: str = ASKED) -> str:
        self.mentioned = self.world.customer_posts(text.removeprefix("@routerly "))
        self.world.settle()
        return self.mentioned

    def standing(self) -> list[str]:
        """Our visible replies under the mention, by the network's own API, and no post of ours anywhere else."""
        self.world.settle()
        under = self.world.replies_under(self.mentioned)
        assert len(under) == len(self.world.own_posts())
        return under


@pytest.fixture
def world(bluesky_network: BlueskyNetworkServer) -> Iterator[BlueskyWorld]:
    with bluesky_world(bluesky_network) as world:
        yield world


@pytest.fixture
def proxy(bluesky_network: BlueskyNetworkServer) -> Iterator[FaultProxy]:
    with fault_proxy(bluesky_network.pds_url) as proxy:
        yield proxy


@pytest.fixture
def allow(proxy: FaultProxy) -> str:
    return proxy.address


@pytest.fixture
def loop(parts: Parts, session: Session, cast: Cast, world: BlueskyWorld, proxy: FaultProxy) -> BlueskyLoop:
    return BlueskyLoop(parts, session, cast, world, proxy)


def kill_at(works: Works, fault: Fault, *, flush: bool) -> None:
    """kill -9 where the fault holds the request, and another worker afterwards."""
    fault.wait()
    works.kill_worker()
    if flush:
        works.flush_redis()
    fault.release()
    works.start("sender")


@pytest.mark.parametrize(("behaviour", "standing"), [(hold_and_drop, 0), (hold_answer, 1)])
@pytest.mark.parametrize("flush", [False, True])
def test_killed_while_sending_one_reply_stands(
    loop: BlueskyLoop, works: Works, proxy: FaultProxy, behaviour: Behaviour, standing: int, flush: bool
) -> None:
    reply = loop.accepted()
    fault = proxy.on(PUT, behaviour)
    works.start()
    kill_at(works, fault, flush=flush)
    assert loop.now(reply).state == State.SENDING
    assert len(loop.standing()) == standing
    works.let_the_lease_end()
    assert_one_stands(loop, works, reply)


@pytest.mark.parametrize("flush", [False, True])
def test_killed_after_settling_one_reply_stands(loop: BlueskyLoop, works: Works, flush: bool) -> None:
    reply = loop.accepted()
    works.start()
    works.until_state(reply, State.SENT)
    works.kill_worker()
    if flush:
        works.flush_redis()
    works.start("sender")
    works.let_the_lease_end()
    assert_one_stands(loop, works, reply)
    assert loop.now(reply).attempts == 1


@pytest.mark.parametrize(
    "behaviour",
    [answer(429, retry_after=30), answer(500), fail_after, cut_before, cut_after],
    ids=["429", "500 before", "502 after", "cut before", "cut after"],
)
def test_a_failing_network_ends_with_one_reply(
    loop: BlueskyLoop, works: Works, proxy: FaultProxy, behaviour: Behaviour
) -> None:
    reply = loop.accepted()
    proxy.on(PUT, behaviour)
    works.start()
    assert_one_stands(loop, works, reply)
    assert loop.now(reply).attempts == 2


@pytest.mark.parametrize("behaviour", [hold_and_drop, hold_answer, hold_request])
def test_withdrawn_while_sending_and_then_killed_no_reply_stands(
    loop: BlueskyLoop, works: Works, proxy: FaultProxy, behaviour: Behaviour
) -> None:
    """With hold_request the network takes the reply only after its sender was killed."""
    reply = loop.accepted()
    fault = proxy.on(PUT, behaviour)
    works.start()
    fault.wait()
    assert loop.withdraw(reply) is not None
    works.kill_worker()
    works.flush_redis()
    fault.release()
    until(lambda: proxy.seen_of(PUT))
    works.start("sender")
    works.let_the_lease_end()
    works.until_settled()
    assert loop.standing() == []


def test_withdrawn_while_sending_that_then_succeeds_no_reply_stands(
    loop: BlueskyLoop, works: Works, proxy: FaultProxy
) -> None:
    reply = loop.accepted()
    fault = proxy.on(PUT, hold_answer)
    works.start()
    fault.wait()
    assert loop.withdraw(reply) is not None
    fault.release()
    works.until_state(reply, State.SENT)
    works.until_settled()
    assert loop.standing() == []


@pytest.mark.parametrize("behaviour", [cut_before, cut_after, fail_after])
def test_withdrawn_while_uncertain_no_reply_stands_and_the_next_answer_does(
    loop: BlueskyLoop, works: Works, proxy: FaultProxy, behaviour: Behaviour
) -> None:
    reply = loop.accepted()
    fault = proxy.on(PUT, behaviour)
    works.start()
    fault.wait()
    works.until_state(reply, State.UNCERTAIN)
    loop.withdraw(reply)
    works.until_settled()
    assert loop.standing() == []
    again = loop.accepted(loop.answered_again(reply, "Hold reset for ten seconds."))
    works.until_settled()
    assert loop.now(again).state == State.SENT
    assert [text.split("\n")[0] for text in loop.standing()] == ["Hold reset for ten seconds."]


@pytest.mark.parametrize("behaviour", [hold_and_drop, hold_answer])
def test_killed_while_taking_back_no_reply_stands(
    loop: BlueskyLoop, works: Works, proxy: FaultProxy, behaviour: Behaviour
) -> None:
    reply = loop.accepted()
    works.start()
    assert_one_stands(loop, works, reply)
    fault = proxy.on(DELETE, behaviour)
    loop.withdraw(reply)
    kill_at(works, fault, flush=True)
    works.let_the_lease_end()
    works.until_settled()
    assert loop.standing() == []


def assert_one_stands(loop: BlueskyLoop, works: Works, reply: Delivery) -> None:
    works.until_settled()
    assert loop.now(reply).state == State.SENT
    assert len(loop.standing()) == 1
