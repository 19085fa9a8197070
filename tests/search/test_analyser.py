"""What counts as a word, and that whoever searches and whoever indexes agree about it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.search.analyser import folded, stem, terms, tokens


def terms_of(text: str) -> set[str]:
    return {term for term, _ in terms(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wifi-6", {"wifi-6", "wifi6", "wifi", "6"}),
        ("Wi-Fi", {"wi", "fi", "wifi"}),
        ("4.2.1", {"4.2.1", "4", "2", "1"}),
        ("R6", {"r6", "r", "6"}),
        ("5GHz", {"5ghz", "5", "ghz"}),
        ("WPA3", {"wpa3", "wpa", "3"}),
        ("192.168.1.1", {"192.168.1.1", "192", "168", "1"}),
        ("SN-4F2A9C81D7E", {"sn", "4f2a9c81d7e", "sn4f2a9c81d7e", "sn-4f2a9c81d7e"}),
    ],
)
def test_a_technical_word_is_kept_whole_and_in_parts(text: str, expected: set[str]) -> None:
    assert terms_of(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Routers", "router"),
        ("reconnecting", "reconnected"),
        ("the router's", "the router"),
        ("don’t", "don't"),
        ("CAFÉ", "cafe"),
        ("ＷＰＡ３", "wpa3"),
        ("ﾙｰﾀｰ", "ルーター"),
        ("網路斷線", "网路断线"),
        ("退\u200b款", "退款"),
        ("rou\u00adter", "router"),
        ("роутеры", "роутера"),
        ("re‑boot", "re-boot"),
    ],
)
def test_two_spellings_of_one_word_are_one_term(one: str, other: str) -> None:
    assert terms_of(one) == terms_of(other)


def test_words_of_different_sense_stay_apart() -> None:
    assert terms_of("router").isdisjoint(terms_of("route"))
    assert stem("4g") != stem("5g")


@pytest.mark.parametrize("run", ["退款", "ルーター", "환불", "คืนเงิน"])
def test_a_run_without_spaces_gives_each_character_and_each_pair(run: str) -> None:
    characters = folded(run)
    expected = {*characters, *(a + b for a, b in pairwise(characters))}
    assert terms_of(run) == expected


def test_pairs_do_not_reach_over_punctuation() -> None:
    assert "请退" not in terms_of("申请，退款")


@given(st.text())
def test_an_excerpt_sees_the_same_terms_as_the_index(text: str) -> None:
    assert [(token.term, token.position) for token in tokens(text)] == list(terms(text))


@given(st.text())
def test_every_token_lies_within_its_text(text: str) -> None:
    assert all(0 <= token.start < token.end <= len(text) for token in tokens(text))


@given(st.text(alphabet=st.characters(categories=["L", "N", "M", "P", "Z", "S", "Cf"])))
def test_folding_what_is_folded_changes_nothing_that_is_looked_for(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_a_long_word_and_a_long_chain_of_words_stay_short_and_quick() -> None:
    assert max(len(term) for term, _ in terms("x" * 100_000 + " " + "a-" * 50_000 + "a")) <= 64
