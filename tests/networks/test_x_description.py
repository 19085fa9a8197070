"""What the adapter sends under the coming names of X's API description, and how it counts, by X's own files."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from forum.networks.x import XNetwork, build, fields
from tests.networks.contract import drain, listed, new_key, ref
from tests.networks.x_description import COMING, DATA, SENT, Request, description
from tests.networks.x_world import XWorld, running_world

pytestmark = pytest.mark.skipif(not SENT.exists(), reason="X's API description is not under TEST_DATA")


@pytest.fixture
def world() -> Iterator[XWorld]:
    with running_world() as world:
        yield world


def test_the_loop_passes_the_coming_description_but_for_the_names_that_are_listed(world: XWorld) -> None:
    first = ref(listed(world, world.customer_posts("hello")))
    sent = world.network.reply(first, "Hold the button", new_key())
    drain(world.network, None)
    world.network.read_conversation(first)
    world.network.find_reply(first, "Hold the button", new_key())
    world.network.delete(sent)
    coming = description(COMING)
    seen = {(request.method, request.path.split("/")[-1]) for request in world.server.requests}
    assert {("GET", "me"), ("GET", "mentions"), ("GET", "recent"), ("POST", "tweets")} <= seen
    for request in world.server.requests:
        assert coming.faults_of_request(renamed(request)) == []
        as_sent = coming.faults_of_request(request)
        if fields.SENT.post_fields_parameter in dict(request.query):
            assert f"{fields.SENT.post_fields_parameter} is not a parameter" in as_sent
            others = set(fields.SENT.expansions) - set(fields.COMING.expansions)
            assert all(fault.startswith(("tweet.fields is", "expansions/")) for fault in as_sent)
            assert len([fault for fault in as_sent if fault.startswith("expansions/")]) == len(others)
        else:
            assert as_sent == []


def renamed(request: Request) -> Request:
    """The request in the coming version's names."""
    names: dict[str, tuple[str, Any]] = {
        fields.SENT.post_fields_parameter: (fields.COMING.post_fields_parameter, fields.COMING.post_fields),
        "expansions": ("expansions", fields.COMING.expansions),
    }
    query = [
        (names[name][0], ",".join(names[name][1])) if name in names else (name, value) for name, value in request.query
    ]
    return Request(
        request.method, request.path, tuple(query), request.authorization, request.content_type, request.body
    )


def test_answers_in_the_coming_names_are_read_too() -> None:
    from forum.networks.x.posts import remote_posts

    answer = {
        "data": [
            {
                "id": "20",
                "text": "short\u2026",
                "note_post": {"text": "the long text"},
                "author_id": "7",
                "referenced_posts": [{"type": "quoted", "id": "10"}],
            }
        ],
        "includes": {
            "users": [{"id": "7", "name": "Mira", "username": "mira"}],
            "posts": [{"id": "10", "text": "ours", "author_id": "1"}],
        },
    }
    (post,) = remote_posts(answer, "1")
    assert (post.text, post.author_handle, post.addressed) == ("the long text", "mira", True)


def conformance() -> list[Any]:
    """The cases of twitter-text v3; WeightedTweetsCounterTest is v2, where a joined emoji counts each of its parts."""
    if not SENT.exists():
        return []
    cases = yaml.safe_load((DATA / "conformance" / "validate.yml").read_text())["tests"]
    return [
        pytest.param(case["text"], case["expected"]["weightedLength"], id=f"{name}-{number}")
        for name in ("WeightedTweetsWithDiscountedEmojiCounterTest", "UnicodeDirectionalMarkerCounterTest")
        for number, case in enumerate(cases[name])
    ]


@pytest.mark.parametrize(("text", "weight"), conformance())
def test_length_agrees_with_the_conformance_file(text: str, weight: int) -> None:
    assert offline().length(text) == weight


def test_the_maximum_is_that_of_the_official_configuration() -> None:
    official = json.loads((DATA / "conformance" / "config_v3.json").read_text())
    assert offline().limits().maximum == official["maxWeightedTweetLength"]


@pytest.mark.parametrize("unit", ["a.", "路.", "1.", "http://a.b(", "."])
def test_no_text_takes_long_to_count(unit: str) -> None:
    started = time.process_time()
    assert offline().length(unit * 2_000) > fields.MAXIMUM
    assert time.process_time() - started < 2  # seconds of CPU; twitter-text alone takes minutes


def offline() -> XNetwork:
    return build({}, dict.fromkeys(fields.SECRETS, "x"))
