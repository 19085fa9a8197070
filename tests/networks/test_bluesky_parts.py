"""The parts of Bluesky's adapter that need no network: record keys, facets, and the walk through a list."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.networks.bluesky.adapter import build
from forum.networks.bluesky.facets import facets
from forum.networks.bluesky.tid import tid_of
from forum.networks.bluesky.walk import Entry, Walk
from forum.networks.port import ReplyKey

NOON = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)


def key(number: int, made_at: datetime = NOON) -> ReplyKey:
    return ReplyKey(f"reply:{number}", made_at, number)


class TestRecordKeys:
    def test_a_key_always_gives_the_same_tid(self) -> None:
        assert tid_of(key(7)) == tid_of(ReplyKey("another value", NOON, 7)) == "3n2t2guaom22b"

    def test_it_holds_the_time_of_the_delivery_and_its_number(self) -> None:
        bits = 0
        for letter in tid_of(key(7)):
            bits = bits * 32 + "234567abcdefghijklmnopqrstuvwxyz".index(letter)
        assert bits >> 10 == (NOON - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        assert bits & 1023 == 7

    def test_thousands_of_deliveries_of_one_commit_have_each_their_own(self) -> None:
        assert len({tid_of(key(number)) for number in range(5000)}) == 5000

    def test_they_sort_by_time(self) -> None:
        tids = [tid_of(key(1, NOON + timedelta(microseconds=n))) for n in (0, 1, 31, 32, 10**6, 10**12)]
        assert tids == sorted(tids)
        assert {len(tid) for tid in tids} == {13}


class TestFacets:
    @pytest.mark.parametrize(
        ("text", "live"),
        [
            ("see https://a.example/b.", ["https://a.example/b"]),
            ("(https://a.example/b_(c))", ["https://a.example/b_(c)"]),
            ("请看https://a.example/路由器", ["https://a.example/"]),
            ("看https://a.example/x，谢谢", ["https://a.example/x"]),
            ("https://a.example/#part @ada.example", ["https://a.example/#part", "@ada.example"]),
            ("https://a.example/@ada.example", ["https://a.example/@ada.example"]),
            ("👩‍🚀 @ada.example: yes", ["@ada.example"]),
            ("问@ada.example吧", ["@ada.example"]),
            ("mail ada@ada.example", []),
            ("@nobody.example", []),
            ("#wifi #路由器 #42 #6GHz a#b", ["#wifi", "#路由器", "#6GHz"]),
            ("https:// nothing", []),
        ],
    )
    def test_what_is_live(self, text: str, live: list[str]) -> None:
        assert self.live(text) == live

    @given(st.text(alphabet="a路👩‍🚀@#:/. hts.example", max_size=60), st.text(max_size=20))
    def test_ranges_are_whole_characters_in_order_and_apart(self, text: str, more: str) -> None:
        text = f"{text} https://a.example/x @ada.example {more} #tag"
        ends = 0
        for facet in facets(text, self.did_of):
            index = facet["index"]
            assert isinstance(index, dict)
            assert ends <= index["byteStart"] < index["byteEnd"] <= len(text.encode())
            text.encode()[index["byteStart"] : index["byteEnd"]].decode()
            ends = index["byteEnd"]

    def live(self, text: str) -> list[str]:
        ranges = [facet["index"] for facet in facets(text, self.did_of)]
        return [text.encode()[each["byteStart"] : each["byteEnd"]].decode() for each in ranges]  # type: ignore[index]

    def did_of(self, handle: str) -> str | None:
        return "did:plc:ada" if handle == "ada.example" else None


class TestLengths:
    def test_a_text_of_few_graphemes_and_many_bytes_is_too_long(self) -> None:
        network = build({"handle": "routerly.test"}, {})
        family = "👨‍👩‍👧‍👦"
        assert network.length(family * 10) == 10
        assert network.length(family * 120) == 120
        assert network.length(family * 121) > network.limits().maximum


class List:
    """A list that comes newest first, as the network keeps it; its cursor is a time that leaves out its own moment."""

    def __init__(self, page: int) -> None:
        self.entries: list[Entry] = []
        self.page = page

    def add(self, *moments: int) -> None:
        self.entries += [Entry(f"post-{len(self.entries) + n}", at) for n, at in enumerate(moments)]

    def read(self, cursor: str | None) -> tuple[Sequence[Entry], str | None]:
        newest_first = sorted(self.entries, key=lambda entry: (-entry.at, entry.remote_id))
        if cursor is not None:
            newest_first = [entry for entry in newest_first if time_of(entry.at) < cursor]
        page = newest_first[: self.page]
        return page, time_of(page[-1].at) if len(page) == self.page else None


def time_of(at: int) -> str:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def offset(entries: Sequence[Entry]) -> list[Entry]:
    """With the absolute times that the list's cursors speak of."""
    start = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000)
    return [Entry(entry.remote_id, entry.at + start) for entry in entries]


def taken(walk: Walk, entries: List) -> tuple[Walk, list[str], bool]:
    """One page, its state stored and read again as a cursor is."""
    page, following = entries.read(walk.page)
    walk, fresh, goes_on = walk.step(offset(page), following)
    stored = Walk.from_json(json.loads(json.dumps(walk.to_json())))
    return stored, [entry.remote_id for entry, new in zip(page, fresh, strict=True) if new], goes_on


def passed(walk: Walk, entries: List) -> tuple[Walk, list[str]]:
    """A whole pass, page by page, and what was new in it."""
    all_taken, goes_on = [], True
    while goes_on:
        walk, ids, goes_on = taken(walk, entries)
        all_taken += ids
    return walk, all_taken


class TestWalk:
    @settings(max_examples=200, deadline=None)
    @given(
        st.integers(4, 9),
        st.lists(st.lists(st.integers(0, 40), max_size=12), min_size=1, max_size=6),
        st.lists(st.integers(0, 40), max_size=4),
    )
    def test_nothing_is_lost_and_nothing_comes_twice(
        self, page: int, waves: list[list[int]], meanwhile: list[int]
    ) -> None:
        """No more than three of one millisecond, so that a page holds them; late ones come with every wave."""
        entries, walk, all_taken = List(page), Walk(), []
        for wave in [*waves, []]:
            room = [at for at in wave if sum(entry.at == at for entry in entries.entries) + wave.count(at) < 4]
            entries.add(*room)
            goes_on = True
            for _ in range(200):
                walk, ids, goes_on = taken(walk, entries)
                all_taken += ids
                if wave and goes_on and meanwhile:
                    entries.add(1000 + meanwhile.pop())
                if not goes_on:
                    break
            assert not goes_on
        assert set(all_taken) == {entry.remote_id for entry in entries.entries}
        assert len(all_taken) == len(set(all_taken))

    def test_the_cursor_stays_short_however_much_there_was(self) -> None:
        entries, walk, goes_on = List(100), Walk(), True
        entries.add(*range(0, 50_000, 10))
        count = 0
        while goes_on:
            walk, ids, goes_on = taken(walk, entries)
            count += len(ids)
        assert count == 5000
        assert len(json.dumps(walk.to_json())) < 2_000

    @pytest.mark.parametrize("before", [196, 197, 198, 199])
    def test_a_moment_at_the_end_of_what_is_remembered_is_remembered_whole(self, before: int) -> None:
        entries = List(100)
        entries.add(*range(100_000, 100_000 - before, -1), *[500] * 4, *range(100))
        walk, ids = passed(Walk(), entries)
        assert set(ids) == {entry.remote_id for entry in entries.entries}
        assert passed(walk, entries)[1] == []

    def test_a_page_of_one_moment_does_not_go_round_in_circles(self) -> None:
        entries, walk, goes_on = List(5), Walk(), True
        entries.add(*[7] * 12, 3)
        pages = 0
        while goes_on:
            walk, _, goes_on = taken(walk, entries)
            pages += 1
            assert pages < 10
