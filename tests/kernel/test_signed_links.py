"""Texts that nobody but us can have signed."""

from __future__ import annotations

import re

import pytest

from forum.kernel.signed_links import sign, signed_text


def test_what_was_signed_comes_back_whole() -> None:
    for text in ("17:answered,accepted", "", "你好 / ? & =", "a" * 500):
        token = sign("key", "stop", text)
        assert re.fullmatch(r"[\w-]*\.[\w-]+", token)
        assert signed_text("key", "stop", token) == text


def test_another_key_purpose_or_text_holds_nothing() -> None:
    token = sign("key", "stop", "17:answered")
    other = sign("key", "stop", "18:answered")
    assert signed_text("another", "stop", token) is None
    assert signed_text("key", "card", token) is None
    assert signed_text("key", "stop", f"{other.partition('.')[0]}.{token.partition('.')[2]}") is None
    assert signed_text("key", "stop", token[:-4]) is None


@pytest.mark.parametrize(
    "token", ["", ".", "a", "a.b", "ä.ö", "MTc", "_-_.", "a" * 9999, "MTc.MTc\n", "/w.x", "\x00.\x00"]
)
def test_what_is_no_token_is_none(token: str) -> None:
    assert signed_text("key", "stop", token) is None
