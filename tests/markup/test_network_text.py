"""A network's post is plain text: no Markdown is meant in it, and its names are not ours."""

from __future__ import annotations

import pytest

from bench.markup import KNOWN
from forum.markup.renderer import MarkdownMarkup
from tests.markup.structure import wrongs

markup = MarkdownMarkup()
REL = 'rel="nofollow ugc noopener"'


def test_line_breaks_and_paragraphs_live() -> None:
    rendered = markup.from_network("a\nb\r\n\r\n\r\nc")
    assert rendered.html == "<p>a<br>\nb</p>\n<p>c</p>"
    assert rendered.plain == "a\nb\n\nc"


def test_addresses_are_links_without_the_sentence_around_them() -> None:
    assert markup.from_network("see https://a.example/?b=1&c=2, or www.d.example.").html == (
        f'<p>see <a href="https://a.example/?b=1&amp;c=2" {REL}>https://a.example/?b=1&amp;c=2</a>, '
        f'or <a href="https://www.d.example" {REL}>www.d.example</a>.</p>'
    )


def test_no_markdown_and_no_html_is_meant() -> None:
    text = "*a* # b `c` [d](https://e.example) <b>f</b> &amp; ![g](h) 1. i"
    rendered = markup.from_network(text)
    assert rendered.plain == text
    assert rendered.html.count("<a ") == 1
    assert "<em>" not in rendered.html
    assert "<b>" not in rendered.html


def test_its_names_and_tags_are_not_ours() -> None:
    rendered = markup.from_network("@routerly my #wifi drops")
    assert (rendered.mentions, rendered.tags) == ((), ())
    assert "<a " not in rendered.html


@pytest.mark.parametrize("motif", KNOWN.values(), ids=KNOWN.keys())
def test_what_costs_markdown_much_costs_it_nothing(motif: str) -> None:
    rendered = markup.from_network((motif * 20_000)[:20_000])
    assert wrongs(rendered.html) == []


def test_too_many_lines_are_shown_as_written() -> None:
    rendered = markup.from_network("a\n" * 10_000)
    assert rendered.html.startswith('<pre class="as-written">')
    assert rendered.plain.count("a\n") == 9_999
