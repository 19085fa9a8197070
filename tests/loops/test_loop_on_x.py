"""The whole loop on a local X that judges every request by X's official description."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.kernel.settings import Settings
from forum.ledger.claim import Claim
from forum.listening.mention import Word
from forum.networks.catalogue import X
from forum.networks.port import Network
from forum.networks.x import XNetwork
from forum.outbox.delivery import State
from tests.application import QuietParts
from tests.cast import Cast
from tests.loops.scene import Company
from tests.networks.x_server import XServer, running_x

SELF_SERVE = (
    "X lets this app answer only where the author mentioned or quoted the account; "
    "this post was found by keyword alone."
)


class LocalX:
    """X alone, and that on this machine."""

    def __init__(self, server: XServer) -> None:
        self._server = server

    def open(self, kind: str, settings: Mapping[str, str], secrets: Mapping[str, str]) -> Network:
        assert kind == "x"
        return XNetwork(settings, secrets, transport=self._server.transport())


class PartsWithLocalX(QuietParts):
    server: XServer

    @cached_property
    def networks(self) -> Any:
        return LocalX(self.server)


@pytest.fixture
def server() -> Iterator[XServer]:
    with running_x() as server:
        yield server
    assert server.violations == []


@pytest.fixture
def parts(settings: Settings, server: XServer) -> Iterator[QuietParts]:
    made = PartsWithLocalX(settings)
    made.__dict__["server"] = server
    yield made
    made.sessions.kw["bind"].dispose()


@pytest.fixture
def company(parts: QuietParts, session: Session, cast: Cast) -> Company:
    return Company(parts, session, cast)


def replies(server: XServer, remote_id: str) -> list[str]:
    """Our visible posts under this one, from X's own store."""
    return [
        post.said
        for post in server.posts.visible()
        if post.author.username == "routerly" and post.parent and str(post.parent.id) == remote_id
    ]


def requests_of(server: XServer, method: str) -> list[str]:
    return [request.path for request in server.requests if request.method == method]


def test_a_mention_is_answered_where_it_was_asked_and_the_answer_can_be_taken_back(
    company: Company, server: XServer, session: Session
) -> None:
    connection = company.connect(X, server.connect("routerly"))
    assert connection.account_handle == "routerly"
    asked = server.post("mira", "@routerly my wifi drops every few minutes since the update")
    company.listen(connection)
    thread = company.thread_of(asked)
    assert (thread.title, thread.origin_network) == ("My wifi drops every few minutes since the update", "X")

    reply = company.accepts(company.answers(thread, "Choose **channel 36** in the wifi settings."))
    assert session.scalars(select(Claim.kind).where(Claim.thread_id == thread.id)).all() == ["social"]
    company.deliver()
    company.deliver()
    assert reply is not None
    session.refresh(reply)
    assert reply.state == State.SENT
    address = f"https://forum.example/threads/{thread.id}"
    said = f"Choose channel 36 in the wifi settings.\n\n— Sue, superfan at {company.site_name}\n{address}"
    assert replies(server, asked) == [said]

    thanks = server.post("mira", "thanks, solved", under=str(reply.remote_id))
    company.listen(connection)
    assert (company.mention(thanks).word, company.mention(thanks).thread_id) == (Word.SOLVED, thread.id)

    company.withdraws(thread)
    company.deliver()
    assert replies(server, asked) == []
    assert requests_of(server, "POST") == ["/2/tweets"]
    assert requests_of(server, "DELETE") == [f"/2/tweets/{reply.remote_id}"]
    assert any(path.endswith("/mentions") for path in requests_of(server, "GET"))
    assert server.violations == []


def test_a_post_found_by_keyword_alone_says_why_it_is_not_answered_and_its_delivery_fails_with_the_reason(
    company: Company, server: XServer, session: Session
) -> None:
    connection = company.connect(X, {**server.connect("routerly"), "keywords": "routerly"})
    asked = server.post("noor", "my routerly box is slow tonight, what can I do?")
    company.listen(connection)
    assert company.mention(asked).why_not == SELF_SERVE
    reply = company.accepts(company.answers(company.thread_of(asked), "Choose channel 36."))
    company.deliver()
    assert reply is not None
    session.refresh(reply)
    assert (reply.state, reply.words) == (State.FAILED, SELF_SERVE)
    assert replies(server, asked) == []
    assert requests_of(server, "POST") == []
