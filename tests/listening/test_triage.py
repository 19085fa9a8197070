"""Triage in English and in both scripts of Chinese: who answers what, in which language, and what never becomes public."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from forum.listening.mention import Route, Word
from forum.listening.personal_data import holds_personal_data
from forum.listening.storable import storable
from forum.listening.triage import triage, word_of

DATA = Path(os.environ.get("TEST_DATA") or Path(__file__).parents[3] / "shared" / "data") / "mentions"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("@routerly my wifi drops every few minutes since the update", "en"),
        ("@routerly how do I add a second mesh point upstairs?", "en"),
        ("@routerly how do I set up a wireless bridge", "en"),
        ("@routerly 更新之后 WiFi 老是断，怎么办？", "zh-Hans"),
        ("@routerly 更新之後 WiFi 一直斷線，怎麼辦？", "zh-Hant"),
        ("@routerly 路由器的指示灯一直闪红灯", "zh-Hans"),
        ("@routerly 路由器的指示燈一直閃紅燈", "zh-Hant"),
    ],
)
def test_an_ordinary_question_goes_to_the_community_in_its_language(text: str, language: str) -> None:
    found = triage(text)
    assert (found.route, found.reasons, found.language) == (Route.COMMUNITY, (), language)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("@routerly you will hear from my lawyer", "legal"),
        ("@routerly 再不退款我就找律师起诉你们", "legal"),
        ("@routerly 再不退款我就找律師起訴你們", "legal"),
        ("@routerly the adapter is smoking and there is a burning smell", "safety"),
        ("@routerly 充电器冒烟了，差点着火", "safety"),
        ("@routerly 充電器冒煙了，差點著火", "safety"),
        ("@routerly you scammers ripped off my mother", "angry"),
        ("@routerly 你们就是骗子，垃圾公司", "angry"),
        ("@routerly 你們就是騙子，無恥", "angry"),
    ],
)
def test_what_the_community_must_not_answer_goes_to_staff(text: str, reason: str) -> None:
    found = triage(text)
    assert found.route == Route.STAFF
    assert reason in found.reasons


@pytest.mark.parametrize(
    "text",
    [
        "write to mira.b@example.com please",
        "call me at +49 151 23456789",
        "my number is (555) 123-4567",
        "我的手机 13812345678，请回电",
        "since 2026-11-02 13812345678 is my number",
        "my card 4111 1111 1111 1111 was charged twice",
        "refund to DE89 3704 0044 0532 0130 00",
        "身份证 11010519491231002X",
    ],
)
def test_personal_data_is_private_whatever_else_it_is(text: str) -> None:
    assert holds_personal_data(text)
    found = triage(f"@routerly {text}, you scammers")
    assert found.route == Route.PRIVATE
    assert "personal_data" in found.reasons


@pytest.mark.parametrize(
    "text",
    [
        "firmware 4.2.10451 build 20261101",
        "the router is at 192.168.178.1 and not at 10.0.0.138",
        "since 2026-11-02 09:15:33 it drops",
        "order 4111111111111112 never came",  # no card: the checksum is wrong
        "serial RT7-2210-0045-9911-AB",
        "the MAC is 00:1A:2B:3C:4D:5E",
        "身份证 110105194912310021",  # no identity number: the checksum is wrong
        "@routerly 5 GHz on channel 36-48, 867 Mbit/s",
    ],
)
def test_other_numbers_are_nobodys_data(text: str) -> None:
    assert not holds_personal_data(text)


@pytest.mark.parametrize("text", ["", "@routerly", "@routerly https://example.com/a", "@routerly !!! 🎉", "。。。"])
def test_a_post_that_says_nothing_is_left_alone(text: str) -> None:
    assert triage(text).route == Route.IGNORE


def test_the_networks_word_on_a_language_is_believed_and_chinese_told_apart_by_script() -> None:
    assert triage("WLAN Router Mesh", "de-AT").language == "de"
    assert triage("謝謝，網路又斷了", "zh").language == "zh-Hant"
    assert triage("谢谢，网络又断了", "zh-TW").language == "zh-Hans"
    assert triage("my wifi is slow in the kitchen", "tlh").language == "en"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("thanks, solved!", Word.SOLVED),
        ("That did the trick, it works now", Word.SOLVED),
        ("谢谢，搞定了", Word.SOLVED),
        ("謝謝，問題解決了", Word.SOLVED),
        ("still not working", Word.UNSOLVED),
        ("I thought it was fixed but it is still dropping", Word.UNSOLVED),
        ("没有解决", Word.UNSOLVED),
        ("還是不行，沒有解決", Word.UNSOLVED),
        ("which channel should I take?", None),
        ("我再试试", None),
    ],
)
def test_the_askers_later_post_says_solved_or_not_or_neither(text: str, word: Word | None) -> None:
    assert word_of(text) == word


def test_what_no_database_takes_is_taken_out() -> None:
    assert storable("a\0b \ud83d c 你好 🎉") == "ab ? c 你好 🎉"
    assert storable("abcdef", 3) == "abc"


def real_mentions() -> Iterator[tuple[str, str]]:
    """What customers wrote, by file."""
    for name in (
        "threads_twcs5000",
        "sent_en_airline",
        "complaint_en_rigaut",
        "anger_zh_ewect_dev",
        "helpdesk_zh_stc3",
    ):
        for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").strip().split("\n"):
            row = json.loads(line)
            if "turns" in row:
                yield from (
                    (name, said) for turn in row["turns"] if turn["sender"] == "customer" for said in turn["utterances"]
                )
            elif row.get("inbound", "True") == "True":
                yield name, row["text"]


@pytest.mark.skipif(not DATA.is_dir(), reason="the mentions of TEST_DATA are not here")
def test_thousands_of_real_mentions_are_routed_without_a_stumble() -> None:
    routes: dict[str, Counter[str]] = {}
    reasons: Counter[str] = Counter()
    for name, text in real_mentions():
        found = triage(text)
        word_of(text)
        routes.setdefault(name, Counter())[found.route] += 1
        reasons.update(found.reasons)
    for name, counted in routes.items():
        total = counted.total()
        print(name, total, {route: f"{count / total:.1%}" for route, count in counted.items()})  # noqa: T201
    print(reasons)  # noqa: T201
    together = sum(routes.values(), Counter())
    assert together.total() > 10_000
    assert (
        0.6 < together[Route.COMMUNITY] / together.total() < 0.98
    )  # most can be helped, not everything is waved through
    assert together[Route.IGNORE] / together.total() < 0.05
