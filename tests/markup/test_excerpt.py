"""The beginning of a text, as lists and mails show it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.markup.renderer import MarkdownMarkup

excerpt = MarkdownMarkup().excerpt


def test_a_text_that_fits_is_whole() -> None:
    assert excerpt("Hello world", 11) == "Hello world"


@pytest.mark.parametrize(
    ("length", "expected"), [(10, "Hello…"), (6, "Hello…"), (16, "Hello…"), (17, "Hello, wonderful…")]
)
def test_it_is_cut_between_words(length: int, expected: str) -> None:
    assert excerpt("Hello, wonderful world", length) == expected


def test_chinese_is_cut_between_characters() -> None:
    assert excerpt("路由器自从更新以后，每隔几分钟就断线", 6) == "路由器自从…"
    assert excerpt("路由器自从更新以后，每隔几分钟就断线", 11) == "路由器自从更新以后…"


def test_one_long_word_is_cut_within() -> None:
    assert excerpt("x" * 100, 10) == "x" * 9 + "…"


def test_paragraphs_become_one_line() -> None:
    assert excerpt("a\n\nb\n c", 99) == "a b c"


def test_a_sign_of_several_characters_is_not_split() -> None:
    family = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"
    assert excerpt(family * 3, 12) == family * 2 + "…"
    assert excerpt("か\u3099" * 9, 6) == "か\u3099" * 2 + "…"


@given(st.text(st.sampled_from("ab  ,.路由。か\u3099\u200d👨👩\n"), max_size=60), st.integers(-1, 70))
def test_it_is_never_longer_than_asked_and_always_a_beginning(text: str, length: int) -> None:
    short, whole = excerpt(text, length), " ".join(text.split())
    assert len(short) <= max(length, 0)
    assert short == whole or whole.startswith(short.removesuffix("…"))
    if length > 0 and len(whole) > length:
        assert short.endswith("…")
