"""Names, addresses and the words about oneself."""

from __future__ import annotations

import pytest

from forum.kernel.errors import Invalid
from forum.markup.renderer import MarkdownMarkup
from forum.people.names import clean_bio, clean_display_name, clean_email, clean_name, key_of


@pytest.mark.parametrize("name", ["ada", "Ada.Lovelace", "x_1", "_ada_", "小林", "José-9", "a" * 30, "привет", "4you"])
def test_a_good_name_stays_as_it_is_and_can_be_mentioned(name: str) -> None:
    assert clean_name(name) == name
    assert MarkdownMarkup().render(f"Hello @{name}.").mentions == (name,)


@pytest.mark.parametrize(
    "name",
    ["", "a", "a" * 31, "ß" * 16, "ada lovelace", "ada/../bob", "..", "-ada", "ada.", "ada@home", "__", "a\u200bda",
     "a\x00da", "<b>", "аdа\u0061da", "ada\u202e"],
)  # fmt: skip
def test_a_name_that_no_address_or_mention_can_hold_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_name(name)
    assert list(refused.value.fields) == ["name"]


@pytest.mark.parametrize(
    "name", ["admin", "Admin", "ADMIN", "a.d.m.i.n", "_admin_", "staff", "routerly", "me", "ａｄｍｉｎ"]
)
def test_a_name_of_the_house_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="check"):
        clean_name(name)


def test_the_name_of_the_site_is_refused() -> None:
    with pytest.raises(Invalid):
        clean_name("acme_forum", brand="Acme Forum")


def test_names_that_read_alike_have_one_key() -> None:
    assert key_of("Ada") == key_of("ADA") == key_of(" ａｄａ ") == "ada"
    assert key_of("Straße") == key_of("STRASSE")
    assert key_of("a\x00b\ud800") == "ab?"


@pytest.mark.parametrize(
    "email", ["ada@example.com", "a.d+a@mail.example.org", "grün@example.com", "ada@bücher.example.com"]
)
def test_a_mail_address_is_taken(email: str) -> None:
    assert clean_email(f" {email} ") == email


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@", "@example.com", "ada@localhost", "a b@example.com", "ada@example.com\nBcc: b@example.com",
              "ada@" + "x" * 300 + ".com", "<ada@example.com>", "ada\x00@example.com", "\ud800@example.com"]
)  # fmt: skip
def test_what_is_no_mail_address_is_refused(email: str) -> None:
    with pytest.raises(Invalid):
        clean_email(email)


def test_a_shown_name_is_one_line_and_never_empty() -> None:
    assert clean_display_name("  Ada \n Lovelace\u202e ", "ada") == "Ada Lovelace"
    assert clean_display_name(" \x00 ", "ada") == "ada"
    with pytest.raises(Invalid):
        clean_display_name("x" * 61, "ada")


def test_the_words_about_oneself_keep_their_lines() -> None:
    assert clean_bio(" one\r\ntwo\x00 \n\n") == "one\ntwo"
    with pytest.raises(Invalid):
        clean_bio("x" * 501)
