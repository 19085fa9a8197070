"""What a text is about."""

from __future__ import annotations

import pytest

from forum.search.telling import LONGEST_TEXT, MOST_TERMS, subject_of


def test_words_that_stand_in_any_text_tell_nothing() -> None:
    assert subject_of("Why does the router of my neighbour drop?").terms == ("router", "neighbour", "drop")


def test_a_word_is_the_same_in_each_of_its_forms_and_stands_once() -> None:
    assert subject_of("drops dropping DROPPED drop").terms == ("drop",)


def test_running_text_is_told_by_its_pairs_in_either_script() -> None:
    assert subject_of("路由器").terms == ("路由", "由器")
    assert subject_of("無線網路").terms == subject_of("无线网路").terms


@pytest.mark.parametrize(
    ("text", "name"), [("My AX3000 is dead", "ax3000"), ("the rt-2, again", "rt2"), ("路由器R6坏了", "r6")]
)
def test_a_name_of_letters_and_digits_is_a_product_and_no_term(text: str, name: str) -> None:
    about = subject_of(text)
    assert about.products == (name,)
    assert name not in about.terms


@pytest.mark.parametrize("text", ["5GHz", "2024-05-01", "30 days", "Wi-Fi"])
def test_a_measure_a_date_and_a_word_are_no_products(text: str) -> None:
    assert subject_of(text).products == ()


def test_a_number_alone_tells_nothing() -> None:
    assert subject_of("12 345 6").terms == ()


def test_a_text_without_end_has_an_end() -> None:
    assert (
        len(subject_of(" ".join(f"word{'abc'[n % 3]}{'xyz'[n % 7 % 3]}q{'k' * (n % 50)}" for n in range(5000))).terms)
        == MOST_TERMS
    )
    assert "needle" not in subject_of("hay " * LONGEST_TEXT + "needle").terms


@pytest.mark.parametrize("text", ["", "   ", "???", "\x00", "🦆🦆"])
def test_nothing_said_is_about_nothing(text: str) -> None:
    assert subject_of(text).terms == ()
