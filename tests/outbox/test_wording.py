"""How a reply reads: whatever was answered, it fits, ends at a word and carries its link whole."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.networks.bluesky.adapter import BlueskyNetwork
from forum.networks.sandbox import posting
from forum.networks.x.weight import weight
from forum.outbox.wording import AnswerWords, word_reply

LINK = "https://forum.example/threads/7"
LATIN = "Sue, superfan at Routerly Community"
CHINESE = "苏，路由社区的超级粉丝"


def graphemes_of_bluesky(text: str) -> int:
    return BlueskyNetwork.length(None, text)  # type: ignore[arg-type]  # it counts without asking anybody


NETWORKS = {"sandbox": (posting.length, 500), "bluesky": (graphemes_of_bluesky, 300), "x": (weight, 280)}
on_each_network = pytest.mark.parametrize(("length", "maximum"), NETWORKS.values(), ids=NETWORKS)
Length = Callable[[str], int]

words = st.text("abcdefghijklmnopqrstuvwxyzäöüßéABC'", min_size=1, max_size=14)
sentences = st.lists(words, min_size=1, max_size=14).map(lambda parts: " ".join(parts) + ".")
latin = st.lists(sentences, min_size=1, max_size=30).map(" ".join)
chinese = st.text("路由器每隔几分钟断网请选信道三十六，。！？、 5G", min_size=1, max_size=700)
with_links = st.lists(
    st.one_of(words, st.just("https://routerly.example/help/5g?channel=36"), st.just("routerly.com")),
    min_size=1,
    max_size=90,
)
anything = st.text(min_size=0, max_size=900)


@on_each_network
@settings(max_examples=60, deadline=None)
@given(body=st.one_of(latin, chinese, with_links.map(" ".join), anything), credit=st.sampled_from([LATIN, CHINESE]))
def test_every_reply_fits_and_ends_with_its_link(length: Length, maximum: int, body: str, credit: str) -> None:
    text = word_reply(AnswerWords(body, credit, LINK), length, maximum)
    assert length(text) <= maximum
    assert text.splitlines()[-1] == LINK


@on_each_network
@settings(max_examples=60, deadline=None)
@given(body=latin)
def test_latin_is_never_cut_in_mid_word(length: Length, maximum: int, body: str) -> None:
    text = word_reply(AnswerWords(body, LATIN, LINK), length, maximum)
    said = text.removesuffix(f"\n\n— {LATIN}\n{LINK}").removesuffix("…")
    assert body.startswith(said)
    assert body[len(said) : len(said) + 1] in {"", " ", ".", "'"} or not said


@on_each_network
@settings(max_examples=40, deadline=None)
@given(body=with_links.map(" ".join))
def test_a_link_in_the_answer_is_there_whole_or_not_at_all(length: Length, maximum: int, body: str) -> None:
    text = word_reply(AnswerWords(body, LATIN, LINK), length, maximum)
    for found in re.findall(r"https://\S+", text.removesuffix(LINK)):
        assert found.rstrip("…") == "https://routerly.example/help/5g?channel=36"


@on_each_network
def test_a_short_answer_stands_whole_with_credit_and_link(length: Length, maximum: int) -> None:
    text = word_reply(AnswerWords("Choose channel 36.\nThen restart.", LATIN, LINK), length, maximum)
    assert text == f"Choose channel 36. Then restart.\n\n— {LATIN}\n{LINK}"


@on_each_network
def test_a_long_answer_uses_most_of_the_room_and_ends_at_a_sentence(length: Length, maximum: int) -> None:
    text = word_reply(AnswerWords("Hold the reset button. " * 60, LATIN, LINK), length, maximum)
    assert text.endswith(f"Hold the reset button.\n\n— {LATIN}\n{LINK}")
    assert length(text) > maximum * 0.6


@on_each_network
def test_chinese_is_cut_after_a_sentence_or_between_characters(length: Length, maximum: int) -> None:
    whole = word_reply(AnswerWords("请长按复位键十秒。" * 80, CHINESE, LINK), length, maximum)
    assert whole.endswith(f"请长按复位键十秒。\n\n— {CHINESE}\n{LINK}")
    running = word_reply(AnswerWords("请长按复位键十秒钟" * 80, CHINESE, LINK), length, maximum)
    assert running.endswith(f"…\n\n— {CHINESE}\n{LINK}")
    assert length(running) > maximum * 0.9


@on_each_network
def test_one_endless_word_leaves_credit_or_link_and_no_piece_of_it(length: Length, maximum: int) -> None:
    assert word_reply(AnswerWords("x" * 2_000, LATIN, LINK), length, maximum) == LINK


def test_where_credit_and_link_are_too_long_together_the_link_stays() -> None:
    text = word_reply(AnswerWords("Choose channel 36 and restart it.", "S" * 200, LINK), len, 60)
    assert text == f"Choose channel 36 and…\n{LINK}"


def test_an_answer_without_words_is_credit_and_link() -> None:
    assert word_reply(AnswerWords("", LATIN, LINK), len, 200) == f"— {LATIN}\n{LINK}"
