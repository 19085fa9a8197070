"""Excerpts: the stretch that shows what was looked for, marked, and never a word cut in two."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.search.excerpt import MarkedExcerpts

EXCERPTS = MarkedExcerpts()
LONG = "Lorem ipsum dolor sit amet consectetur. " * 20


def marked(plain: str, query: str, length: int = 220) -> str:
    """The excerpt as one line, hits in brackets."""
    return "".join(f"[{piece.text}]" if piece.hit else piece.text for piece in EXCERPTS.marked(plain, query, length))


@pytest.mark.parametrize(
    ("plain", "query", "expected"),
    [
        ("我要申请退款，谢谢。", "退款", "我要申请[退款]，谢谢。"),
        ("請問網路一直斷線", "网路断线", "請問[網路]一直[斷線]"),
        ("他退了", "退", "他[退]了"),
        ("Routers reconnect", "reconnecting router", "[Routers] [reconnect]"),
        ("My Wi‑Fi drops", "wifi", "My [Wi‑Fi] drops"),
        ("Six wifi 6 and 6 apples", "wifi-6", "Six [wifi 6] and 6 apples"),
        ("The end of the router", "the router", "The end of the [router]"),
        ("not a drop, but the wifi drops", '"wifi drops"', "not a drop, but the [wifi drops]"),
        ("ＷＰＡ３ is on", "wpa3", "[ＷＰＡ３] is on"),
        ("one\n\n  two", "two", "one [two]"),
        ("plain", "", "plain"),
        ("", "word", ""),
        ("<b>bold</b>", "bold", "<b>[bold]</b>"),
    ],
)
def test_what_was_looked_for_is_marked(plain: str, query: str, expected: str) -> None:
    assert marked(plain, query) == expected


def test_the_excerpt_lies_where_most_of_the_words_meet() -> None:
    plain = "router router router. " + LONG + "The router lost its firmware overnight. " + LONG
    assert "[router] lost its [firmware]" in marked(plain, "router firmware")
    assert marked(plain, "router firmware").startswith("…")


def test_without_a_hit_it_is_the_beginning() -> None:
    assert marked(LONG, "absent", 30) == "Lorem ipsum dolor sit amet …"


def test_a_hit_deep_in_chinese_text_is_shown() -> None:
    plain = "今天天气很好我们去公园玩" * 40 + "我想退款请帮忙" + "今天天气很好我们去公园玩" * 40
    excerpt = marked(plain, "退款", 60)
    assert "我想[退款]请帮忙" in excerpt
    assert len(excerpt) <= 64


def test_a_hit_far_into_a_long_thread_is_shown() -> None:
    excerpt = marked("word " * 9_000 + "the firmware of it " + "word " * 9_000, "firmware", 60)
    assert "the [firmware] of it" in excerpt
    assert excerpt.startswith("…")
    assert excerpt.endswith("…")


WORDS = st.lists(
    st.sampled_from(["router", "wifi-6", "firmware", "the", "退款", "4.2.1", "naïve", "👩‍👩‍👧", "—"]),
    min_size=1,
    max_size=80,
)


@given(words=WORDS, query=st.sampled_from(["router", "firmware 4.2.1", "退款", "absent"]), length=st.integers(25, 120))
def test_no_word_is_cut_and_the_length_is_kept(words: list[str], query: str, length: int) -> None:
    shown = "".join(piece.text for piece in EXCERPTS.marked(" ".join(words), query, length))
    assert len(shown) <= length + 2
    assert set(shown.replace("…", "").split()) <= {*words, "退", "款"}


@settings(deadline=None)
@given(plain=st.text(max_size=300), query=st.text(max_size=30), length=st.integers(1, 50))
def test_pieces_are_the_text_itself(plain: str, query: str, length: int) -> None:
    shown = "".join(piece.text for piece in EXCERPTS.marked(plain, query, length))
    assert shown.removeprefix("…").removesuffix("…") in regex.sub(r"\s+", " ", plain).strip() + "…"


def test_one_endless_word_is_cut_rather_than_left_out() -> None:
    assert 10 < len(marked("x" * 5_000, "y", 40)) <= 42
    assert marked("a" * 500 + " router " + "b" * 500, "router", 40).count("[router]") == 1
