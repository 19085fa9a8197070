"""HTML turned into Markdown says here what it said there, and keeps links, lists, quotations and code."""

from __future__ import annotations

import html
import re
import unicodedata

import pytest

from forum.importing.choosing import chosen_text
from forum.importing.markdown import markdown_of
from forum.importing.port import CONVERTED
from forum.markup.renderer import MarkdownMarkup
from tests.importing.dumps import beer_rows, needs_beer

MARKUP = MarkdownMarkup()


@pytest.mark.parametrize(
    ("page", "markdown"),
    [
        ("<p>One</p>\n<p>Two<br>lines</p>", "One\n\nTwo\nlines"),
        ("<p>An <em>old </em><strong>cask</strong> of <code>a `b`</code></p>", "An *old* **cask** of `` a `b` ``"),
        ('<p><a href="http://x.example/a_(b)">see</a></p>', "[see](http://x.example/a_%28b%29)"),
        ('<p><img src="//i.example/a.png" alt="a [cask]"></p>', "![a \\[cask\\]](https://i.example/a.png)"),
        ("<ul><li>one</li><li><p>two</p><p>more</p></li></ul>", "- one\n\n- two\n\n    more"),
        ("<ol start='3'><li>three<ul><li>deep</li></ul></li><li>four</li></ol>", "3. three\n    - deep\n4. four"),
        ("<pre><code>a &lt; b\n```\n</code></pre>", "````\na < b\n```\n````"),
        ("<blockquote><p>said</p><p>twice</p></blockquote>", "> said\n>\n> twice"),
        ("<h2>Head</h2>text<hr>", "## Head\n\ntext\n\n---"),
        ("<p>CO<sub>2</sub>, x<sup>2</sup>, <sub>small words</sub></p>", "CO₂, x², small words"),
        (
            "<p># no heading</p><p>1. no list</p><p>*no* [link](x) a_b_c</p>",
            "\\# no heading\n\n1\\. no list\n\n\\*no\\* \\[link\\](x) a\\_b\\_c",
        ),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>1|2</td></tr></table>", "| a | b |\n| --- | --- |\n| 1\\|2 |  |"),
        ("<p>kept<script>gone()</script><style>p{}</style></p>", "kept"),
        ("<p>&amp;nbsp; stays a word</p>", "&amp;nbsp; stays a word"),
        ("", ""),
    ],
)
def test_what_becomes_of_html(page: str, markdown: str) -> None:
    assert markdown_of(page) == markdown


@pytest.mark.parametrize("part", ["<b>", "<ul><li>", "<blockquote>", "<a href='x'>"])
def test_endless_nesting_is_read_all_the_same(part: str) -> None:
    assert "bottom" in markdown_of(part * 5_000 + "bottom")


def test_hostile_html_becomes_text_and_no_element() -> None:
    text, notes = chosen_text(
        '<p><img src=x onerror=alert(1)><a href="javascript:alert(1)">go</a> <svg onload=x></p>', None, MARKUP.render
    )
    shown = MARKUP.render(text).html
    assert notes
    assert "onerror" not in shown
    assert "javascript" not in shown
    assert "svg" not in shown


def test_markdown_that_reads_otherwise_here_gives_way_to_the_html() -> None:
    assert chosen_text("<p>CO<sub>2</sub></p>", "CO<sub>2</sub>", MARKUP.render) == ("CO₂", (CONVERTED,))
    assert chosen_text("<h1>Head</h1>", "#Head", MARKUP.render) == ("# Head", (CONVERTED,))
    assert chosen_text("<p>now</p>", "as it was once", MARKUP.render) == ("now", (CONVERTED,))
    assert chosen_text("<p><em>now</em></p>", "_now_", MARKUP.render) == ("_now_", ())


@needs_beer
def test_every_body_of_a_real_community_reads_the_same_after_it_was_turned_into_markdown() -> None:
    """All of them, though most come in by their own Markdown; links and code are compared one by one."""
    posts = [row for row in beer_rows("Posts") if row["PostTypeId"] in ("1", "2")]
    assert len(posts) == 1989
    for post in posts:
        shown = MARKUP.render(markdown_of(post["Body"]))
        assert _words(shown.html) == _words(post["Body"]), post["Id"]
        assert _code(shown.html) == _code(post["Body"]), post["Id"]
        assert _addresses(post["Body"]) <= _addresses(shown.html), post["Id"]


def _words(page: str) -> list[str]:
    page = re.sub(r'<img src="([^"]*)"(?: alt="([^"]*)")?[^>]*>', lambda found: f" {found[2] or found[1]} ", page)
    page = re.sub(r"</?(?!em|strong|a|sub|sup|code|i|b|strike|span)\w+[^>]*>", " ", page)
    return re.findall(r"\w+", unicodedata.normalize("NFKC", html.unescape(re.sub(r"<[^>]+>", "", page))))


def _code(page: str) -> list[str]:
    blocks = re.findall(r"<pre.*?</pre>", page, re.S)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", "", block)).split()) for block in blocks]


def _addresses(page: str) -> set[str]:
    """Those that can be addresses; how brackets are written in them is all the same."""
    found = (html.unescape(one) for one in re.findall(r'<a href="(https?://[\w.-]+/?[^"]*)"', page))
    return {one.replace("(", "%28").replace(")", "%29").rstrip("/") for one in found if "%20" not in one.split("/")[2]}
