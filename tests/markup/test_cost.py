"""No text of 20,000 characters takes long, however it is made. The bench measures 250 ms on an idle machine; here it is 1 s."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.markup import KNOWN, SIGNS, cpu_ms, shapes
from forum.markup.budget import PER_BLOCK, cost_of_markdown
from forum.markup.fences import LANGUAGES
from forum.markup.port import LONGEST_POST, Rendered
from forum.markup.renderer import MarkdownMarkup
from tests.markup.structure import wrongs

LIMIT = 1_000  # milliseconds of this process's CPU time
markup = MarkdownMarkup()


@pytest.mark.parametrize("motif", KNOWN.values(), ids=KNOWN.keys())
def test_known_bad_inputs_are_bounded_in_every_shape(motif: str) -> None:
    for shape, text in shapes(motif):
        assert len(text) <= LONGEST_POST
        assert cpu_ms(markup.render, text) < LIMIT, shape


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(SIGNS), min_size=1, max_size=12).map("".join), st.data())
def test_no_repeated_mixture_of_signs_is_dear(motif: str, data: st.DataObject) -> None:
    shape, text = data.draw(st.sampled_from(list(shapes(motif))))
    assert cpu_ms(markup.render, text) < LIMIT, shape


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(SIGNS), min_size=40, max_size=400).map("".join), st.integers(1, 50))
def test_no_long_mixture_of_signs_is_dear(text: str, times: int) -> None:
    assert cpu_ms(markup.render, (text * times)[:LONGEST_POST]) < LIMIT


@pytest.mark.parametrize(
    "make",
    [
        lambda: "".join(f"{'    ' * depth}- a\n" for depth in range(100)),
        lambda: "- " * 1_000 + "a",
        lambda: ">" * 1_000 + "a",
        lambda: "> " * 1_000 + "a",
        lambda: "> - 1. " * 400 + "a",
        lambda: "*a " * 3_000 + "a* " * 3_000,
        lambda: "**a *b " * 1_000 + "b* a** " * 1_000,
        lambda: "[" * 2_000 + "a" + "](/b)" * 2_000,
        lambda: "![" * 2_000 + "a" + "](/b)" * 2_000,
        lambda: f"[a]: https://{'x' * 9_000}\n\n" + "[a] " * 2_700,
        lambda: f"[a]: https://{'x' * 250}\n\n" + "[a] " * 4_900,
        lambda: "|" * 1_000 + "\n" + "|-" * 500 + "\n" + "|\n" * 5_000,
        lambda: "*" * 19_000 + " a",
        lambda: "a" + "*" * 9_000 + "b" + "*" * 9_000,
        lambda: "`" * 100 + " `" * 5_000,
        lambda: " ".join("`" * width for width in range(1, 190)),
        lambda: "```html\n" + " " * 19_000 + "<\n```",
        lambda: "a" + " " * 19_000 + "b",
        lambda: "a\n" + " " * 19_000 + "\nb",
        lambda: "http://" + "a." * 9_000,
        lambda: "@" + "a." * 9_000,
        lambda: "<a@" * 6_000,
    ],
)
def test_deep_wide_and_long_inputs_are_bounded_and_safe(make: Callable[[], str]) -> None:
    text = make()[:LONGEST_POST]
    assert cpu_ms(markup.render, text) < LIMIT
    assert wrongs(markup.render(text).html) == []


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_no_language_of_code_is_dear(language: str) -> None:
    for line in ("\n\n", "{__ <!--", "${ class <'\"/*"):
        for size, width in ((900, 8), (5_900, 190), (5_900, 8)):
            code = (f"{(line * width)[:width]}\n" * size)[:size]
            post = (f"```{language}\n{code}\n```\n\n" * 20)[:LONGEST_POST]
            assert cpu_ms(markup.render, post) < LIMIT, line


def test_a_block_over_its_budget_is_shown_as_written_and_the_others_are_rendered() -> None:
    rendered = markup.render("*a*\n\n" + "[" * 3_000 + "\n<b>\n\n*c*")
    assert rendered.html.startswith("<p><em>a</em></p>")
    assert rendered.html.endswith("<p><em>c</em></p>")
    assert "[[[\n&lt;b&gt;\n</pre>" in rendered.html


def test_long_ordinary_posts_are_within_the_budget() -> None:
    prose = "The router drops the *connection* every few minutes, see https://a.example/b and @ada, since [the update](/t/7). "
    paragraphs = "\n\n".join([prose * 4] * 40)
    assert "as-written" not in markup.render(paragraphs[:LONGEST_POST]).html
    assert "as-written" not in markup.render("路由器自从更新以后，每隔几分钟就会断线。" * 900).html
    links = "\n".join(f"- [the page number {n}](https://a.example/pages/{n}), as @ada said" for n in range(80))
    assert markup.render(links).html.count("<li>") == 80
    code = "def answer(question: str) -> int:\n    return len(question) + 42\n" * 90
    assert '<span class="k">def</span>' in markup.render(f"```python\n{code}```").html


def test_the_estimate_is_itself_cheap() -> None:
    for motif in KNOWN.values():
        assert cpu_ms(cost_of_markdown, (motif * LONGEST_POST)[:LONGEST_POST]) < 50


def test_a_refused_block_costs_more_than_a_block_may() -> None:
    assert cost_of_markdown("[" * 10_000) > PER_BLOCK
    assert cost_of_markdown("> " * 100 + "a") > PER_BLOCK
    assert cost_of_markdown("a sentence") < 1_000


def test_a_recursion_error_never_escapes_and_leaves_nothing_behind() -> None:
    """The caller may stand deep already: then the post is shown as written."""
    text = "- " * 10 + "**a *b* ~~c~~**"
    usual = markup.render(text)

    def deep(levels: int) -> Rendered:
        return deep(levels - 1) if levels else markup.render(text)

    def try_at_every_depth() -> None:
        results.append(markup.render(text))
        for left in range(60, 24, -3):
            results.append(deep(sys.getrecursionlimit() - left))
            results.append(markup.render(text))

    results: list[Rendered] = []
    thread = threading.Thread(target=try_at_every_depth)
    thread.start()
    thread.join()
    assert len(results) == 25
    assert all("a" in result.plain for result in results)
    assert any("as-written" in result.html for result in results)
    assert {result.html for result in results[::2]} == {usual.html}
