"""Bluesky's adapter on the real network: the contract, and what is Bluesky's own."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from forum.networks.bluesky.adapter import build
from forum.networks.port import NetworkError, SentReply
from tests.networks.bluesky_world import BlueskyWorld, bluesky_world
from tests.networks.contract import NetworkContract, drain, ids, listed, new_key, ref, unique
from tests.networks.proxy import (
    Behaviour,
    FaultProxy,
    answer,
    calls,
    cut_after,
    cut_before,
    fail_after,
    fault_proxy,
    hold_request,
)
from tests.services.bluesky import BlueskyNetworkServer
from tests.services.process import free_port

pytestmark = pytest.mark.bluesky

PUT = "com.atproto.repo.putRecord"
SIGN_IN = "com.atproto.server.createSession"


@pytest.fixture(scope="module")
def world(bluesky_network: BlueskyNetworkServer) -> Iterator[BlueskyWorld]:
    with bluesky_world(bluesky_network) as world:
        yield world


class TestBluesky(NetworkContract):
    backlog = 105
    answers_strangers = False
    lengths = {
        "hello": 5,
        "路由器": 3,
        "👨‍👩‍👧‍👦👍🏽": 2,
        "e\u0301": 1,
        "see https://forum.example/threads/7": 35,
    }


class TestListing:
    @pytest.fixture
    def world(self, bluesky_network: BlueskyNetworkServer) -> Iterator[BlueskyWorld]:
        """A world of each test's own: how far a listing looks back depends on how much there was."""
        with bluesky_world(bluesky_network) as world:
            yield world

    def test_a_thousand_mentions_that_waited_all_come(self, world: BlueskyWorld) -> None:
        _, cursor = drain(world.network, None)
        waiting = set(world.customer_posts_all([f"waiting {n}" for n in range(1000)]))
        world.settle()
        posts, cursor = drain(world.network, cursor)
        assert ids(posts) == waiting
        assert len(posts) == len(waiting)
        assert cursor is not None
        assert len(cursor) < 4_000
        assert drain(world.network, cursor)[0] == []

    def test_mentions_of_one_millisecond_across_a_page_all_come(self, world: BlueskyWorld) -> None:
        _, cursor = drain(world.network, None)
        now = datetime.now(UTC) - timedelta(seconds=30)
        moments = [(now + timedelta(milliseconds=n // 7)).isoformat(timespec="milliseconds") for n in range(140)]
        waiting = set(world.post_all("noor", [mention_of(world, f"at once {at}", at) for at in moments]))
        world.settle()
        assert ids(drain(world.network, cursor)[0]) == waiting

    def test_a_mention_that_the_network_sorts_below_the_newest_comes_all_the_same(self, world: BlueskyWorld) -> None:
        newest = world.customer_posts("the newest")
        world.settle()
        _, cursor = drain(world.network, None)
        before = (datetime.now(UTC) - timedelta(minutes=20)).isoformat(timespec="milliseconds")
        late = world.post("noor", mention_of(world, "held up on its way", before))
        world.settle()
        assert ids(drain(world.network, cursor)[0]) == {late}
        assert newest != late

    def test_quotes_come_and_what_others_say_below_our_posts_does_not(self, world: BlueskyWorld) -> None:
        mention = listed(world, world.customer_posts("is it down"))
        sent = world.network.reply(ref(mention), unique("It is up"), new_key())
        world.settle()
        _, cursor = drain(world.network, None)
        chat = world.post("noor", {"text": "same", "reply": world.references(sent.remote_id)})
        aside = world.post("tom", {"text": "me too", "reply": world.references(chat)})
        again = world.post("mira", {"text": "it was down", "reply": world.references(chat)})
        found = world.record(sent.remote_id)
        embed = {"$type": "app.bsky.embed.record", "record": {"uri": found["uri"], "cid": found["cid"]}}
        quote = world.post("noor", {"text": "look at this", "embed": embed})
        world.settle()
        posts = {post.remote_id: post for post in drain(world.network, cursor)[0]}
        assert set(posts) == {chat, again, quote}
        assert posts[quote].addressed
        assert posts[chat].addressed
        assert not posts[again].addressed
        assert aside not in posts

    def test_an_odd_record_of_a_stranger_does_not_stop_the_others(self, world: BlueskyWorld) -> None:
        _, cursor = drain(world.network, None)
        odd = {**mention_of(world, "odd", "1969-12-31T23:59:59.999-12:00"), "langs": [], "tags": ["x"]}
        world.post("noor", odd)
        fine = world.customer_posts("and a usual one")
        world.settle()
        assert fine in ids(drain(world.network, cursor)[0])

    def test_a_new_keyword_finds_a_week_and_no_more(self, world: BlueskyWorld) -> None:
        def said(days: int) -> str:
            at = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="milliseconds")
            return world.post("noor", {"text": f"{world.keyword} {days} days ago", "createdAt": at})

        old, recent, new = said(8), said(6), said(0)
        world.settle()
        posts, cursor = drain(world.network, None)
        assert {recent, new} == ids(posts)
        assert old not in ids(drain(world.network, cursor)[0])

    def test_keywords_that_come_and_go_keep_the_rest_of_the_cursor(self, world: BlueskyWorld) -> None:
        world.customer_posts("one", mention=False)
        world.settle()
        _, cursor = drain(world.open(keywords=""), None)
        found, cursor = drain(world.open(), cursor)
        assert found
        assert not any(post.addressed for post in found)
        assert drain(world.open(keywords=""), cursor)[0] == []


class TestReplies:
    def test_links_and_handles_are_live_by_bytes(self, world: BlueskyWorld) -> None:
        mention = ref(listed(world, world.customer_posts("怎么重置")))
        noor = world.person("noor")
        text = f"谢谢 @{mention.author_handle}，见https://forum.example/threads/7。 @{noor.handle} @nobody.test #路由器"
        sent = world.network.reply(mention, text, new_key())
        live = {
            text.encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode(): facet["features"][0]
            for facet in world.record(sent.remote_id)["value"]["facets"]
        }
        assert live[f"@{mention.author_handle}"]["did"] == mention.author_id
        assert live[f"@{noor.handle}"]["did"] == noor.did
        assert live["https://forum.example/threads/7"]["uri"] == "https://forum.example/threads/7"
        assert live["#路由器"]["tag"] == "路由器"
        assert len(live) == 4

    def test_a_resend_is_the_same_record_to_the_byte(self, world: BlueskyWorld) -> None:
        mention = ref(listed(world, world.customer_posts("twice please")))
        text, key = unique("Once"), new_key()
        sent = world.network.reply(mention, text, key)
        first = world.record(sent.remote_id)
        assert world.open().reply(mention, text, key) == sent
        assert world.record(sent.remote_id)["cid"] == first["cid"]

    def test_a_reply_deep_in_a_conversation_names_root_and_parent(self, world: BlueskyWorld) -> None:
        root = world.customer_posts("the first")
        below = ref(listed(world, world.customer_posts("the second", under=root)))
        sent = world.network.reply(below, unique("The third"), new_key())
        reply = world.record(sent.remote_id)["value"]["reply"]
        assert reply["root"]["uri"] == root
        assert reply["parent"]["uri"] == below.remote_id

    def test_a_gated_post_is_refused_for_good_without_posting(self, world: BlueskyWorld) -> None:
        uri = world.customer_posts("nobody may answer")
        gate = {"$type": "app.bsky.feed.threadgate", "post": uri, "allow": [], "createdAt": "2026-01-01T00:00:00Z"}
        world.put("mira", "app.bsky.feed.threadgate", uri.rpartition("/")[2], gate)
        mention = ref(listed(world, uri))
        with pytest.raises(NetworkError, match="limited who may reply") as refused:
            world.network.reply(mention, unique("Hello"), new_key())
        assert refused.value.permanent

    def test_another_accounts_post_is_not_deleted(self, world: BlueskyWorld) -> None:
        uri = world.customer_posts("mine")
        with pytest.raises(NetworkError) as refused:
            world.network.delete(SentReply(uri, ""))
        assert refused.value.permanent


class TestFaults:
    @pytest.fixture
    def proxy(self, bluesky_network: BlueskyNetworkServer) -> Iterator[FaultProxy]:
        with fault_proxy(bluesky_network.pds_url) as proxy:
            yield proxy

    def test_a_rate_limit_says_when_to_come_back(self, world: BlueskyWorld, proxy: FaultProxy) -> None:
        network, mention = world.open(proxy.url), ref(listed(world, world.customer_posts("busy day")))
        proxy.on(calls(PUT), answer(429, retry_after=7))
        with pytest.raises(NetworkError) as asked:
            network.reply(mention, unique("Soon"), new_key())
        assert asked.value.retry_after == timedelta(seconds=7)
        assert (asked.value.permanent, asked.value.uncertain) == (False, False)
        reset = int(datetime.now(UTC).timestamp()) + 90
        proxy.on(calls("listNotifications"), answer(429, ratelimit_reset=str(reset)))
        with pytest.raises(NetworkError) as asked:
            network.list_mentions(None)
        assert asked.value.retry_after is not None
        assert timedelta(seconds=60) < asked.value.retry_after <= timedelta(seconds=90)

    @pytest.mark.parametrize("behaviour", [answer(500), answer(502), cut_before], ids=["500", "502", "cut"])
    def test_a_failure_before_the_network_heard_is_uncertain(
        self, world: BlueskyWorld, proxy: FaultProxy, behaviour: Behaviour
    ) -> None:
        network, mention = world.open(proxy.url), ref(listed(world, world.customer_posts("stormy")))
        text, key = unique("Calm"), new_key()
        proxy.on(calls(PUT), behaviour)
        with pytest.raises(NetworkError) as failed:
            network.reply(mention, text, key)
        assert (failed.value.permanent, failed.value.uncertain) == (False, True)
        assert network.find_reply(mention, text, key) is None
        sent = network.reply(mention, text, key)
        assert network.find_reply(mention, text, key) == sent

    @pytest.mark.parametrize("behaviour", [cut_after, fail_after], ids=["cut", "502"])
    def test_a_failure_after_the_network_took_it_is_uncertain_and_read_back(
        self, world: BlueskyWorld, proxy: FaultProxy, behaviour: Behaviour
    ) -> None:
        network, mention = world.open(proxy.url), ref(listed(world, world.customer_posts("stormier")))
        text, key = unique("Calmer"), new_key()
        proxy.on(calls(PUT), behaviour)
        with pytest.raises(NetworkError) as failed:
            network.reply(mention, text, key)
        assert (failed.value.permanent, failed.value.uncertain) == (False, True)
        found = network.find_reply(mention, text, key)
        assert found is not None
        assert network.reply(mention, text, key) == found
        world.settle()
        assert world.replies_under(mention.remote_id) == [text]

    def test_a_request_that_arrives_after_its_resend_makes_no_second_reply(
        self, world: BlueskyWorld, proxy: FaultProxy
    ) -> None:
        network, mention = world.open(proxy.url), ref(listed(world, world.customer_posts("slow line")))
        text, key = unique("Patience"), new_key()
        held = proxy.on(calls(PUT), hold_request)
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(network.reply, mention, text, key)
            held.wait()
            second = network.reply(mention, text, key)
            held.release()
            assert first.result() == second
        world.settle()
        assert world.replies_under(mention.remote_id) == [text]
        bodies = {seen.request.body for seen in proxy.seen_of(calls(PUT))}
        assert len(bodies) == 1

    def test_a_dead_service_is_not_uncertain_for_nothing_was_sent(self, world: BlueskyWorld) -> None:
        with pytest.raises(NetworkError) as failed:
            world.open(f"http://127.0.0.1:{free_port()}").check()
        assert (failed.value.permanent, failed.value.uncertain) == (False, False)

    def test_a_private_service_that_the_operator_did_not_allow_is_refused(self, world: BlueskyWorld) -> None:
        settings, secrets, _ = world.connection()
        with pytest.raises(NetworkError) as refused:
            build(settings, secrets).check()
        assert refused.value.permanent


class TestSessions:
    def test_a_process_signs_in_once(self, world: BlueskyWorld, bluesky_network: BlueskyNetworkServer) -> None:
        with fault_proxy(bluesky_network.pds_url) as proxy:
            for _ in range(3):
                world.open(proxy.url).list_mentions(None)
            assert len(proxy.seen_of(calls(SIGN_IN))) == 1

    def test_an_ended_session_is_opened_anew(self, world: BlueskyWorld, bluesky_network: BlueskyNetworkServer) -> None:
        ended = json.dumps({"error": "ExpiredToken", "message": "Token has expired"}).encode()
        with fault_proxy(bluesky_network.pds_url) as proxy:
            network = world.open(proxy.url)
            network.check()
            proxy.on(calls("listNotifications"), answer(400, body=ended, content_type="application/json"))
            network.list_mentions(None)
            assert len(proxy.seen_of(calls(SIGN_IN))) == 2

    def test_a_session_that_another_process_left_is_used(
        self, world: BlueskyWorld, bluesky_network: BlueskyNetworkServer
    ) -> None:
        kept = Kept()
        with fault_proxy(bluesky_network.pds_url) as proxy:
            settings, secrets, allow = world.connection(proxy.url)
            build(settings, secrets, allow, kept).check()
            assert len(kept.sessions) == 1
            elsewhere = multiprocessing.get_context("spawn").Process(
                target=_check, args=(settings, secrets, allow, kept)
            )
            elsewhere.start()
            elsewhere.join(60)
            assert elsewhere.exitcode == 0
            assert len(proxy.seen_of(calls(SIGN_IN))) == 1


class Kept:
    """Sessions in memory, as a database would hold them."""

    def __init__(self) -> None:
        self.sessions: dict[str, str] = {}

    def load(self, name: str) -> str | None:
        return self.sessions.get(name)

    def save(self, name: str, session: str) -> None:
        self.sessions[name] = session


def mention_of(world: BlueskyWorld, text: str, at: str) -> dict[str, Any]:
    """A post that mentions us and says it was made at a time of its author's choosing."""
    address = f"@{world.us.handle}"
    feature = {"$type": "app.bsky.richtext.facet#mention", "did": world.us.did}
    index = {"byteStart": 0, "byteEnd": len(address)}
    return {"text": f"{address} {text}", "createdAt": at, "facets": [{"index": index, "features": [feature]}]}


def _check(settings: dict[str, str], secrets: dict[str, str], allow: frozenset[str], kept: Kept) -> None:
    build(settings, secrets, allow, kept).check()
