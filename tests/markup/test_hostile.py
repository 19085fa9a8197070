"""No text, however it is meant, becomes more than text, links and the few tags of the allow-list."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.markup import SIGNS
from forum.markup.port import LONGEST_POST
from forum.markup.renderer import MarkdownMarkup
from forum.markup.sanitise import bleached, sealed
from tests.markup.hostile import DISGUISES, everywhere, payloads
from tests.markup.structure import safe_address, wrongs

markup = MarkdownMarkup()

WRITTEN = st.lists(st.one_of(st.sampled_from([*SIGNS, *DISGUISES]), st.text(max_size=5)), max_size=60).map("".join)


def test_every_published_payload_is_harmless() -> None:
    found = {payload: wrong for payload in payloads() if (wrong := wrongs(markup.render(payload).html))}
    assert found == {}


def test_published_payloads_are_harmless_wherever_markdown_takes_them() -> None:
    some = [*DISGUISES, *islice(payloads(), len(DISGUISES), None, 10)]
    found = {payload: wrong for payload in some if (wrong := wrongs(markup.render(everywhere(payload)).html))}
    assert found == {}


def test_every_published_payload_is_harmless_from_a_network() -> None:
    found = {payload: wrong for payload in payloads() if (wrong := wrongs(markup.from_network(payload).html))}
    assert found == {}


@pytest.mark.parametrize("sanitise", [bleached, sealed])
def test_each_sanitiser_alone_stops_what_runs_in_raw_payloads(sanitise: Callable[[str], str]) -> None:
    """Addresses without a scheme, and links without rel or within links, are the parser's and the other one's to stop."""
    for payload in payloads():
        html = sanitise(payload.encode("utf-8", "replace").decode())
        assert [wrong for wrong in wrongs(html) if not wrong.startswith(("address", "a link"))] == [], payload
        for address in re.findall(r'href="([^"]*)"', html):
            scheme = re.match(r"([a-z][a-z0-9+.-]*):", re.sub(r"^[\x00-\x20]+|[\t\n\r]", "", unquoted(address)), re.I)
            assert scheme is None or scheme.group(1).lower() in {"http", "https", "mailto"}, payload


@pytest.mark.parametrize(
    "address", [a for a in DISGUISES if "script:" in a.lower() or a.startswith(("data:", "file:", "blob:"))]
)
def test_a_disguised_script_is_no_address(address: str) -> None:
    for text in (f"[a]({address})", f"[a](<{address}>)", f"![a]({address})", f"<{address}>", f"[a]\n\n[a]: {address}"):
        html = markup.render(text).html
        assert wrongs(html) == []
        assert 'href="javascript' not in html.lower()


def test_the_judge_of_these_tests_notices_what_is_wrong() -> None:
    for bad in (
        "<script>x</script>", "<p onclick=x>a</p>", '<a href="javascript:x" rel="nofollow ugc noopener">a</a>', "<p>", "<!-- x -->",
        '<a href="/x">a</a>', '<p style="x">a</p>', "<img src=x>", '<a href="JAVA\tSCRIPT:x" rel="nofollow ugc noopener">a</a>',
    ):  # fmt: skip
        assert wrongs(bad), bad
    assert safe_address("mailto:a@b.c")
    assert not safe_address("data:x")


def unquoted(attribute: str) -> str:
    """An attribute as a browser reads it; `html.unescape` would drop control characters, which a browser keeps."""
    return attribute.replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@settings(max_examples=400, deadline=None)
@given(WRITTEN)
def test_no_mixture_of_signs_is_harmful_and_each_renders_the_same_twice(text: str) -> None:
    rendered = markup.render(text)
    assert wrongs(rendered.html) == []
    assert markup.render(text) == rendered
    assert MarkdownMarkup().render(text) == rendered, "what came before a post must not show in it"
    assert sealed(bleached(rendered.html)) == rendered.html, "a page that was sanitised is not changed by it again"
    assert wrongs(markup.from_network(text).html) == []


@pytest.mark.parametrize(
    "text", ["\x00", "a\x00b", "\ud800", "\udfff a", "\ud83d\ude00", "\ufeff", "\x1b[31m", "\u2028", "\x85"]
)
def test_characters_that_cannot_be_stored_are_replaced_and_none_crashes(text: str) -> None:
    for rendered in (markup.render(text), markup.from_network(text)):
        assert "\x00" not in rendered.html + rendered.plain
        (rendered.html + rendered.plain).encode("utf-8")


def test_signs_of_writing_direction_are_left_alone() -> None:
    assert markup.render("a \u202eb\u202c \u2067c\u2069").plain == "a \u202eb\u202c \u2067c\u2069"


def test_a_very_long_word_is_kept_whole() -> None:
    word = "x" * LONGEST_POST
    assert markup.render(word).plain == word


def test_a_text_beyond_the_longest_is_shown_as_written() -> None:
    rendered = markup.render("*a* <b>\n" * LONGEST_POST)
    assert rendered.html.startswith('<pre class="as-written">')
    assert wrongs(rendered.html) == []
