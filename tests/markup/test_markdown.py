"""What people expect of Markdown in a forum."""

from __future__ import annotations

import json

import pytest

from forum.markup.port import Markup
from forum.markup.renderer import MarkdownMarkup
from tests.markup.hostile import TEST_DATA
from tests.markup.structure import wrongs

markup: Markup = MarkdownMarkup()
REL = 'rel="nofollow ugc noopener"'


def html(text: str) -> str:
    made = markup.render(text).html
    assert wrongs(made) == []
    return made


def test_a_newline_is_a_line_break() -> None:
    assert html("a\nb\r\nc") == "<p>a<br>\nb<br>\nc</p>"


def test_emphasis_strong_strikes_and_code() -> None:
    assert html("*a* **b** ~~c~~ `d*` snake_case_word") == (
        "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d*</code> snake_case_word</p>"
    )


def test_headings_leave_the_h1_and_h2_to_the_page() -> None:
    assert (
        html("# a\n\n## b\n\n### c\n\n#### d\n\n###### e")
        == "<h3>a</h3>\n<h4>b</h4>\n<h5>c</h5>\n<h6>d</h6>\n<h6>e</h6>"
    )
    assert html("a\n===\n\nb\n---") == "<h3>a</h3>\n<h4>b</h4>"


def test_raw_html_is_shown_as_text() -> None:
    rendered = markup.render("<b>a</b>\n\n<div onclick='x'>\n*b*\n</div>\n\n<!-- c -->")
    assert "&lt;b&gt;a&lt;/b&gt;" in rendered.html
    assert "<em>b</em>" in rendered.html
    assert rendered.plain == "<b>a</b>\n\n<div onclick='x'>\nb\n</div>\n\n<!-- c -->"


def test_entities_are_the_characters_they_name() -> None:
    assert markup.render("&copy; &lt;b&gt; &amp;amp; AT&T").plain == "© <b> &amp; AT&T"


def test_fenced_code_is_coloured_by_classes_alone() -> None:
    made = html("```python\ndef f():\n    return '<b>' # @ada #tag\n```")
    assert made.startswith('<pre class="highlight"><code><span class="k">def</span>')
    assert "&lt;b&gt;" in made
    assert "style" not in made
    assert markup.render("```python\n@ada #tag\n```").mentions == ()


@pytest.mark.parametrize("language", ["", "nonsense", "mermaid", "../x", "python-but-not-really"])
def test_code_in_an_unknown_language_is_shown_without_colours(language: str) -> None:
    assert html(f"```{language}\nif a < b:\n```") == '<pre class="highlight"><code>if a &lt; b:\n</code></pre>'


def test_a_fence_that_is_never_closed_goes_to_the_end() -> None:
    assert html("a\n```\n*b*\n\n# c") == '<p>a</p>\n<pre class="highlight"><code>*b*\n\n# c\n</code></pre>'


def test_a_fence_closes_only_with_as_many_signs() -> None:
    assert html("````\n```\na\n```\n````\nb") == '<pre class="highlight"><code>```\na\n```\n</code></pre>\n<p>b</p>'
    assert html("~~~\n```\n~~~") == '<pre class="highlight"><code>```\n</code></pre>'


def test_a_fence_within_a_list_belongs_to_its_item() -> None:
    made = html("1. a\n\n    ```js\n    let b = 1;\n    ```\n\n2. c")
    assert made.count("<ol>") == 1
    assert '<span class="kd">let</span>' in made


def test_tables_align_by_class() -> None:
    made = html("a|b\n:-|-:\n1|`x|y`")
    assert '<th class="align-left">a</th>' in made
    assert '<td class="align-right"><code>x|y</code></td>' in made


def test_task_lists_are_signs_that_stay_in_the_plain_text() -> None:
    assert html("- [ ] a\n- [x] b\n- [link](/c)") == (
        f'<ul>\n<li class="task">☐ a</li>\n<li class="task">☑ b</li>\n<li><a href="/c" {REL}>link</a></li>\n</ul>'
    )
    assert markup.render("- [ ] a\n- [X] b").plain == "☐ a\n☑ b"


def test_a_list_right_under_a_sentence_is_a_list() -> None:
    assert html("Try:\n- a\n- b") == "<p>Try:</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>"
    assert "<li>" not in html("It was in\n1998. That is so")
    assert "<li>" not in html("a\n*b*")


def test_a_numbered_list_keeps_its_first_number() -> None:
    assert '<ol start="3">' in html("3. a\n4. b")


@pytest.mark.parametrize(
    ("text", "address", "rest"),
    [
        ("https://a.example/b?c=1&d=2.", "https://a.example/b?c=1&amp;d=2", "."),
        ("(https://a.example/b_(c))", "https://a.example/b_(c)", ")"),
        ("**https://a.example**", "https://a.example", ""),
        ("HTTPS://A.example", "HTTPS://A.example", ""),
        ("看https://a.example/b，好", "https://a.example/b", "，好"),
        ("https://a.example/@ada#tag", "https://a.example/@ada#tag", ""),
        ("https://a.example/a_b_c*d*", "https://a.example/a_b_c*d", ""),
    ],
)  # fmt: skip
def test_a_bare_address_is_a_link_without_the_sentence_around_it(text: str, address: str, rest: str) -> None:
    made = html(text)
    assert f'<a href="{address}" {REL}>{address}</a>' in made
    assert made.split("</a>")[1].removeprefix("</strong>").removesuffix("</p>").removeprefix("*") == rest
    assert markup.render(text).mentions == ()


def test_addresses_in_angle_brackets_and_without_a_scheme() -> None:
    assert html("<https://a.example>") == f'<p><a href="https://a.example" {REL}>https://a.example</a></p>'
    assert html("<ada@a.example>") == f'<p><a href="mailto:ada@a.example" {REL}>ada@a.example</a></p>'
    assert html("www.a.example!") == f'<p><a href="https://www.a.example" {REL}>www.a.example</a>!</p>'


def test_a_link_keeps_its_title_and_a_reference_finds_its_address() -> None:
    assert html('[a](https://b.example "c")') == f'<p><a href="https://b.example" title="c" {REL}>a</a></p>'
    assert html("[a][b]\n\n[b]: https://b.example") == f'<p><a href="https://b.example" {REL}>a</a></p>'


def test_a_link_without_an_allowed_scheme_keeps_its_text_alone() -> None:
    assert html("[a](javascript:x) [b](ftp://x) [c](d)") == "<p><span>a</span> <span>b</span> <span>c</span></p>"


def test_an_image_is_a_link_to_it() -> None:
    assert (
        html("![a cat](https://b.example/c.png)")
        == f'<p><a class="image" href="https://b.example/c.png" {REL}>a cat</a></p>'
    )
    assert "<img" not in html("[![a](https://b.example/c.png)](https://d.example)")
    assert markup.render("![a](data:image/png;base64,xx)").html == "<p><span>a</span></p>"


def test_the_plain_text_parts_paragraphs_by_a_blank_line() -> None:
    text = "# Title\n\nA *b*\nc\n\n- d\n- e\n\n```\nf\n\ng\n```\n\na|b\n-|-\n1|2\n\n> h\n>\n> i"
    assert markup.render(text).plain == "Title\n\nA b\nc\n\nd\ne\n\nf\n\ng\n\na b\n1 2\n\nh\n\ni"


def test_nothing_is_rendered_as_nothing() -> None:
    for text in ("", " ", "\n\n", "\t\n "):
        rendered = markup.render(text)
        assert (rendered.html, rendered.plain, rendered.mentions, rendered.tags) == ("", "", (), ())


def test_every_example_of_the_commonmark_specification_renders_and_is_safe() -> None:
    file = TEST_DATA / "conformance" / "cm_spec.json"
    if not file.is_file():
        pytest.skip(f"the examples of the specification are not at {file}")
    examples = json.loads(file.read_text("utf-8"))
    assert len(examples) > 600
    found = {e["example"]: wrong for e in examples if (wrong := wrongs(markup.render(e["markdown"]).html))}
    assert found == {}
    assert all(markup.render(e["markdown"]).plain for e in examples if e["section"] == "Paragraphs")
