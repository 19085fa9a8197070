"""What mends typing alone, and what changes what is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.threads.small_edit import is_small_edit

SAID = "Open the settings, choose channel 36 and restart the router. It does not need a reset."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (SAID, SAID.replace(" and", "\n\nand")),
        ("Restart the ruoter.", "Restart the router."),
        ("Open teh settings", "Open teh settigns"),
        ("Choose the chanel", "Choose the channel"),
        ("Restart it", "Restart it."),
        ("restart the router", "Restart the router"),
        ("", ""),
    ],
)
def test_spaces_letters_and_full_stops_are_small(before: str, after: str) -> None:
    assert is_small_edit(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (SAID, SAID.replace("36", "63")),
        (SAID, SAID.replace(" not", "")),
        (SAID, SAID + " Buy one at https://shop.example."),
        ("See https://help.example/mesh", "See https://help.exampel/mesh"),
        ("You should restart it", "You shouldn't restart it"),
        ("Does it help", "Doesn't it help"),
        ("Can you reset it", "Can't you reset it"),
        ("Increase the power", "Decrease the power"),
        ("Turn it on", "Turn it off"),
        ("不要重启路由器", "要重启路由器"),
        ("first second third fourth", "firsd seconf thirf fourtg"),
        ("Hold it", ""),
    ],
)
def test_numbers_links_words_and_meaning_are_not(before: str, after: str) -> None:
    assert not is_small_edit(before, after)


@given(
    st.lists(st.text(st.characters(categories=["L", "N", "P"]), min_size=1)),
    st.sampled_from([" ", "\n", "\t ", "\n\n"]),
)
def test_breaking_lines_elsewhere_is_always_small(words: list[str], space: str) -> None:
    assert is_small_edit(" ".join(words), space.join(words))
