"""X, by tweepy, against a local server that judges every request by X's official description."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest

from forum.kernel.messages import Message
from forum.networks.port import CannotTell, MentionRef, NetworkError, RemotePost
from forum.networks.x import XNetwork, build, fields
from tests.networks.contract import NetworkContract, drain, ids, listed, new_key, ref, unique
from tests.networks.x_answers import limit_headers
from tests.networks.x_description import SENT
from tests.networks.x_server import DUPLICATE, NOT_ANSWERABLE, Trouble
from tests.networks.x_world import XWorld, running_world

pytestmark = pytest.mark.skipif(not SENT.exists(), reason="X's API description is not under TEST_DATA")


@pytest.fixture
def world() -> Iterator[XWorld]:
    with running_world() as world:
        yield world


class TestX(NetworkContract):
    backlog = fields.PAGE + 30
    answers_strangers = False
    same_key_is_one_reply = False
    lengths: ClassVar[dict[str, int]] = {
        "hello": 5,
        "路由器断网": 10,
        "👍🏽👨‍👩‍👧🇩🇪": 6,
        "see https://forum.routerly.com/threads/7/how-do-i-update?from=routerly": 27,
    }


# --- who may be answered


def test_the_full_policy_answers_what_was_found_by_keyword(world: XWorld) -> None:
    stranger = ref(listed(world, world.customer_posts("is slow", mention=False)))
    assert isinstance(world.network.why_not(stranger), Message)
    with pytest.raises(NetworkError) as refused:
        world.network.reply(stranger, "Hello", new_key())
    assert refused.value.permanent
    assert not [request for request in world.server.requests if request.method == "POST"]

    world.server.answers_all = True
    full = world.another(reply_policy="full")
    assert full.why_not(stranger) is None
    full.reply(stranger, "Hello", new_key())
    assert world.replies_under(stranger.remote_id) == ["Hello"]


def test_a_refusal_carries_the_networks_own_words(world: XWorld) -> None:
    stranger = ref(listed(world, world.customer_posts("is slow", mention=False)))
    with pytest.raises(NetworkError) as refused:
        world.another(reply_policy="full").reply(stranger, "Hello", new_key())
    assert refused.value.permanent
    assert refused.value.words == NOT_ANSWERABLE


def test_a_quote_of_ours_addresses_us(world: XWorld) -> None:
    mention = ref(listed(world, world.customer_posts("hello")))
    sent = world.network.reply(mention, "Hello Mira", new_key())
    quoted = world.server.posts.posts[int(sent.remote_id)]
    remote_id = world.server.post("noor", "what routerly says", quoted=quoted)
    assert listed(world, remote_id).addressed


def test_mere_repeats_are_left_out(world: XWorld) -> None:
    original = world.customer_posts("hello")
    repeat = world.server.post("noor", "RT @mira: @routerly hello", repeats=world.server.posts.posts[int(original)])
    assert ids(drain(world.network, None)[0]) == {original}
    assert repeat


# --- listing


def test_more_mentions_than_the_timeline_holds_all_come(world: XWorld) -> None:
    waiting = {world.customer_posts(f"waiting {n}") for n in range(1000)}
    mute = world.another()
    posts, cursor = drain(mute, None)
    assert ids(posts) == waiting
    assert len(posts) == len(waiting)
    assert all(post.addressed for post in posts)
    assert drain(mute, cursor)[0] == []


def test_both_listings_keep_their_own_place(world: XWorld) -> None:
    mentions = {world.customer_posts(f"mention {n}") for n in range(fields.PAGE + 5)}
    strangers = {world.customer_posts(f"keyword {n}", mention=False) for n in range(fields.PAGE + 5)}
    cursor: str | None = None
    more, taken = True, list[RemotePost]()
    while more:  # each page by a process of its own that knows the cursor alone
        page = world.another(keywords="routerly").list_mentions(cursor)
        cursor, more = page.cursor, page.more
        taken += page.posts
    assert len(taken) == len(ids(taken))
    assert {post.remote_id for post in taken if post.addressed} == mentions
    assert {post.remote_id for post in taken if not post.addressed} == strangers
    assert drain(world.network, cursor)[0] == []


def test_a_page_that_x_has_forgotten_begins_its_round_anew(world: XWorld) -> None:
    waiting = {world.customer_posts(f"waiting {n}") for n in range(fields.PAGE + 5)}
    first = world.network.list_mentions(None)
    world.server.forget_pages()
    posts, _ = drain(world.network, first.cursor)
    assert ids(posts) == waiting


def test_a_post_that_x_lists_late_is_not_lost(world: XWorld) -> None:
    late = world.customer_posts("late")
    world.server.posts.posts[int(late)].listed = False
    early = world.customer_posts("early")
    posts, cursor = drain(world.network, None)
    assert ids(posts) == {early}
    world.server.posts.posts[int(late)].listed = True
    posts, cursor = drain(world.network, cursor)
    assert ids(posts) == {late}
    assert ids(drain(world.network, cursor)[0]) == set()


def test_a_bound_older_than_the_search_is_not_sent_to_it(world: XWorld) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=30)
    old = world.server.post("mira", "@routerly routerly old", at=long_ago)
    posts, cursor = drain(world.network, None)
    assert ids(posts) == {old}
    assert cursor is not None
    place = json.loads(cursor)
    place["keywords"]["since"] = int(old)
    new = world.customer_posts("new", mention=False)
    assert ids(drain(world.network, json.dumps(place))[0]) == {new}
    assert world.network.read_conversation(ref(posts[0])) == []


def test_a_cursor_that_is_none_of_ours_is_refused(world: XWorld) -> None:
    with pytest.raises(NetworkError) as refused:
        world.network.list_mentions("{}")
    assert refused.value.permanent


def test_an_adapter_asks_once_who_it_is(world: XWorld) -> None:
    mention = ref(listed(world, world.customer_posts("hello")))
    world.network.reply(mention, "Hello Mira", new_key())
    assert [request.path for request in world.server.requests].count("/2/users/me") == 1
    us = world.network.check()
    before = len(world.server.requests)
    known = world.another(keywords="routerly", account_id=us.remote_id, account_handle=us.handle)
    drain(known, None)
    paths = [request.path for request in world.server.requests[before:]]
    assert paths == [f"/2/users/{us.remote_id}/mentions", "/2/tweets/search/recent"]


def test_the_keyword_search_pays_for_nothing_that_is_heard_otherwise_or_left_out(world: XWorld) -> None:
    world.customer_posts("hello")
    drain(world.network, None)
    query = dict(world.server.requests[-1].query)["query"]
    assert query == '(routerly OR "router ly") -@routerly -from:routerly -is:retweet'


def test_links_and_escapes_come_as_they_were_written(world: XWorld) -> None:
    written = 'see https://status.example/a?b=1&c=2 <"now"> & then &lt;'
    assert listed(world, world.customer_posts(written)).text == f"@routerly {written}"


# --- troubles


def mentioned(world: XWorld) -> MentionRef:
    return ref(listed(world, world.customer_posts("hello")))


def test_429_says_how_long_to_wait(world: XWorld) -> None:
    mention = mentioned(world)
    world.server.troubles = [
        Trouble("POST", 429, headers=limit_headers(100, 0, 120)),
        Trouble("GET", 429, headers={**limit_headers(100, 50, 5), "x-user-limit-24hour-remaining": "0", **day(3600)}),
        Trouble("GET", 429, headers={**limit_headers(100, 0, 60), "x-user-limit-24hour-remaining": "9", **day(3600)}),
        Trouble("GET", 429),
    ]
    with pytest.raises(NetworkError) as later:
        world.network.reply(mention, "Hello", new_key())
    assert (later.value.permanent, later.value.uncertain) == (False, False)
    assert timedelta(seconds=100) < (later.value.retry_after or timedelta()) <= timedelta(seconds=121)
    with pytest.raises(NetworkError) as later:
        world.network.list_mentions(None)
    assert timedelta(seconds=3500) < (later.value.retry_after or timedelta()) <= timedelta(seconds=3601)
    with pytest.raises(NetworkError) as later:
        world.network.list_mentions(None)
    assert timedelta(seconds=40) < (later.value.retry_after or timedelta()) <= timedelta(seconds=61)
    with pytest.raises(NetworkError) as later:
        world.network.list_mentions(None)
    assert later.value.retry_after == fields.RATE_WINDOW


def day(seconds: int) -> dict[str, str]:
    return {"x-user-limit-24hour-reset": str(int(datetime.now(UTC).timestamp()) + seconds)}


def test_the_server_itself_keeps_the_limits_of_x(world: XWorld) -> None:
    with pytest.raises(NetworkError) as later:
        for _ in range(76):
            world.network.check()
    assert timedelta(minutes=14) < (later.value.retry_after or timedelta()) <= timedelta(minutes=16)


@pytest.mark.parametrize(
    "trouble",
    [Trouble("POST", None), Trouble("POST", 500), Trouble("POST", 503), Trouble("POST", hangs=True)],
    ids=["cut", "500", "503", "timeout"],
)
@pytest.mark.parametrize("accepted", [True, False], ids=["accepted", "lost"])
def test_what_may_have_been_posted_is_uncertain_and_read_back(world: XWorld, trouble: Trouble, accepted: bool) -> None:
    mention, text, key = mentioned(world), unique("Hello, see https://forum.example/threads/7"), new_key()
    network = world.impatient() if trouble.hangs else world.network
    world.server.troubles = [Trouble(trouble.method, trouble.status, accepted, trouble.hangs)]
    with pytest.raises(NetworkError) as unsure:
        network.reply(mention, text, key)
    assert (unsure.value.permanent, unsure.value.uncertain) == (False, True)
    assert ("in time" in unsure.value.words) == trouble.hangs
    found = world.network.find_reply(mention, text, key)
    assert (found is not None) == accepted
    assert (found or world.network.reply(mention, text, key)).permalink.startswith("https://x.com/routerly/status/")
    assert world.replies_under(mention.remote_id) == [text]


@pytest.mark.parametrize("trouble", [Trouble("GET", None), Trouble("GET", 502), Trouble("GET", hangs=True)])
def test_a_failed_reading_is_only_tried_later(world: XWorld, trouble: Trouble) -> None:
    network = world.impatient() if trouble.hangs else world.network
    world.network.check()
    world.server.troubles = [Trouble(trouble.method, trouble.status, hangs=trouble.hangs)]
    with pytest.raises(NetworkError) as failed:
        network.list_mentions(None)
    assert (failed.value.permanent, failed.value.uncertain) == (False, False)


def test_a_duplicate_text_is_uncertain_so_that_it_is_read_back(world: XWorld) -> None:
    mention, key = mentioned(world), new_key()
    sent = world.network.reply(mention, "Hold the button", key)
    with pytest.raises(NetworkError) as twice:
        world.network.reply(mention, "Hold the button", key)
    assert (twice.value.permanent, twice.value.uncertain, twice.value.words) == (False, True, DUPLICATE)
    assert world.network.find_reply(mention, "Hold the button", key) == sent
    assert world.replies_under(mention.remote_id) == ["Hold the button"]


def test_a_text_that_is_too_long_is_not_even_sent(world: XWorld) -> None:
    mention = mentioned(world)
    with pytest.raises(NetworkError) as refused:
        world.network.reply(mention, "路" * 141, new_key())
    assert refused.value.words == "X takes 280 characters; this text has 282 as X counts them."
    assert "POST" not in [request.method for request in world.server.requests]


def test_a_redirection_is_not_followed(world: XWorld) -> None:
    world.network.check()
    before = len(world.server.requests)
    elsewhere = {"Location": "https://api.twitter.com/2/users/me"}
    world.server.troubles = [Trouble("GET", 302, headers=elsewhere)]
    with pytest.raises(NetworkError):
        world.network.check()
    assert len(world.server.requests) == before


def test_only_our_own_words_under_that_very_mention_are_our_reply(world: XWorld) -> None:
    first, second, key = mentioned(world), mentioned(world), new_key()
    world.server.post("routerly", "Hold the button", under=second.remote_id)
    world.server.post("routerly", "Hold the other button", under=first.remote_id)
    world.server.post("mallory", "Hold the button", under=first.remote_id)
    assert world.network.find_reply(first, "Hold the button", key) is None
    assert world.network.find_reply(second, "Hold  the\nbutton", key) is not None


def test_find_reply_cannot_tell_past_its_pages(world: XWorld) -> None:
    mention, key = mentioned(world), new_key()
    sent = world.network.reply(mention, "Hold the button", key)
    for number in range(fields.PAGE * fields.TIMELINE_PAGES):
        world.server.post("routerly", f"news {number}")
    with pytest.raises(CannotTell):
        world.network.find_reply(mention, "Hold the button", key)
    for post in world.server.posts.visible()[:5]:
        post.deleted = True
    assert world.network.find_reply(mention, "Hold the button", key) == sent


def test_a_reply_that_x_deleted_or_never_had_is_gone(world: XWorld) -> None:
    mention = mentioned(world)
    sent = world.network.reply(mention, "Hold the button", new_key())
    for answer_404 in (False, True):
        world.server.gone_is_404 = answer_404
        world.network.delete(sent)
        world.network.delete(sent)


def test_a_delete_that_x_refuses_is_said(world: XWorld) -> None:
    mention = mentioned(world)
    sent = world.network.reply(mention, "Hold the button", new_key())
    stranger = XNetwork({}, world.server.connect("mallory"), transport=world.server.transport())
    with pytest.raises(NetworkError) as refused:
        stranger.delete(sent)
    assert refused.value.permanent
    assert world.replies_under(mention.remote_id) == ["Hold the button"]


def test_missing_secrets_are_refused_at_once() -> None:
    with pytest.raises(NetworkError) as refused:
        build({}, {"api_key": "key"})
    assert refused.value.permanent
    assert refused.value.words == "missing: api_key_secret, access_token, access_token_secret"
