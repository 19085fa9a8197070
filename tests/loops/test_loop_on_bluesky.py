"""The whole loop on the real Bluesky network, read back through that network's own API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.kernel.errors import Invalid
from forum.ledger.claim import Claim
from forum.listening.connection import Connection
from forum.listening.mention import Word
from forum.networks.catalogue import BLUESKY
from forum.outbox.delivery import State
from forum.threads.post import Post
from forum.threads.thread import Thread
from forum.wiring.parts import Parts
from tests.cast import Cast
from tests.loops.scene import Company
from tests.networks.bluesky_world import BlueskyWorld, bluesky_world
from tests.services.bluesky import BlueskyNetworkServer

pytestmark = pytest.mark.bluesky


@pytest.fixture
def world(bluesky_network: BlueskyNetworkServer) -> Iterator[BlueskyWorld]:
    with bluesky_world(bluesky_network) as world:
        yield world


@pytest.fixture
def allow(bluesky_network: BlueskyNetworkServer) -> frozenset[str]:
    return frozenset({urlsplit(bluesky_network.pds_url).netloc})


@pytest.fixture
def company(parts: Parts, session: Session, cast: Cast) -> Company:
    return Company(parts, session, cast)


def replies(world: BlueskyWorld, server: BlueskyNetworkServer, uri: str) -> list[dict[str, Any]]:
    """Our posts directly under this one, as Bluesky's own public API shows them."""
    world.settle()
    found = world.read("app.bsky.feed.getPostThread", uri=uri, depth=1, base=server.appview_url)["thread"]
    shown = [reply["post"] for reply in found.get("replies", []) if "post" in reply]
    return [post for post in shown if post["author"]["did"] == world.us.did]


def links(record: dict[str, Any]) -> dict[str, str]:
    """What is live in a post: the bytes that a reader can press on, and where they lead."""
    said = record["text"].encode()
    return {
        said[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode(): feature["uri"]
        for facet in record.get("facets", [])
        for feature in facet["features"]
        if feature["$type"] == "app.bsky.richtext.facet#link"
    }


def test_a_mention_is_answered_where_it_was_asked_and_the_answer_can_be_taken_back(
    company: Company, world: BlueskyWorld, bluesky_network: BlueskyNetworkServer, session: Session
) -> None:
    settings, secrets, _ = world.connection()
    connection = company.connect(BLUESKY, {**settings, **secrets})
    assert connection.account_handle == world.us.handle
    stored = session.execute(select(Connection.__table__)).one()
    assert secrets["app_password"] not in repr(stored)

    asked = world.customer_posts("my wifi drops every few minutes since the update")
    world.settle()
    company.listen(connection)
    thread = company.thread_of(asked)
    assert thread.title == "My wifi drops every few minutes since the update"
    assert (thread.origin_network, company.mention(asked).why_not) == ("Bluesky", None)

    reply = company.accepts(company.answers(thread, "Choose **channel 36** in the wifi settings."))
    claim = session.scalars(select(Claim).where(Claim.thread_id == thread.id)).one()
    assert (claim.kind, claim.mention_id, claim.decided_at) == ("social", company.mention(asked).id, None)

    company.deliver()
    assert reply is not None
    session.refresh(reply)
    assert (reply.state, reply.words) == (State.SENT, None)
    (shown,) = replies(world, bluesky_network, asked)
    address = f"https://forum.example/threads/{thread.id}"
    said = f"Choose channel 36 in the wifi settings.\n\n— Sue, superfan at {company.site_name}\n{address}"
    assert shown["uri"] == reply.remote_id
    assert shown["record"]["text"] == said
    assert links(shown["record"]) == {address: address}
    company.deliver()
    assert len(replies(world, bluesky_network, asked)) == 1

    thanks = world.post("mira", {"text": "thanks, solved", "reply": world.references(shown["uri"])})
    world.settle()
    company.listen(connection)
    word = company.mention(thanks)
    assert (word.word, word.word_settled_at, word.thread_id) == (Word.SOLVED, None, thread.id)
    heard = session.scalars(select(Post.text).where(Post.thread_id == thread.id).order_by(Post.number)).all()
    assert heard[2:] == ["thanks, solved"]

    company.withdraws(session.get_one(Thread, thread.id))
    company.deliver()
    assert replies(world, bluesky_network, asked) == []
    assert world.own_posts() == []
    session.refresh(claim)
    assert (claim.outcome, claim.reason) == ("lapsed", "withdrawn")


def test_credentials_that_bluesky_refuses_are_not_stored(
    company: Company, world: BlueskyWorld, session: Session
) -> None:
    settings, _, _ = world.connection()
    with pytest.raises(Invalid) as refused:
        company.connect(BLUESKY, {**settings, "app_password": "wrong-wrong-wrong"})
    assert "wrong-wrong-wrong" not in str(refused.value)
    session.rollback()
    assert session.scalars(select(Connection)).all() == []


def test_a_post_that_only_names_the_brand_becomes_a_thread_that_says_why_it_is_not_answered_there(
    company: Company, world: BlueskyWorld, bluesky_network: BlueskyNetworkServer, session: Session
) -> None:
    settings, secrets, _ = world.connection()
    connection = company.connect(BLUESKY, {**settings, **secrets})
    asked = world.customer_posts("keeps dropping my wifi tonight, any idea?", mention=False)
    world.settle()
    company.listen(connection)
    handle = world.person("mira").handle
    reason = f"Bluesky lets automated accounts answer only people who turned to them, and @{handle} did not."
    assert company.mention(asked).why_not == reason
    reply = company.accepts(company.answers(company.thread_of(asked), "Choose channel 36."))
    company.deliver()
    assert reply is not None
    session.refresh(reply)
    assert (reply.state, reply.words) == (State.FAILED, reason)
    assert replies(world, bluesky_network, asked) == []
