"""Markdown to safe HTML: the adapter behind the port of markup.

A post is cut into parts, each part's cost is estimated, and what fits goes through the parser (Python-Markdown with
pymdown-extensions), bleach and nh3; what does not fit is shown as it was written, in a `pre class="as-written"`.

Images are never loaded: `![alt](https://…)` becomes a plain link to the image, because the page's policy allows none from
elsewhere and its host would learn who reads what. Raw HTML is text. The text that was written is never changed here.
"""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from markdown import Markdown

from forum.markup.budget import A_COLOUR, PER_POST, Budget, cost_of_code, cost_of_markdown
from forum.markup.excerpt import excerpt
from forum.markup.fences import Colours, plain_code_html
from forum.markup.inline import ForumInline
from forum.markup.network_text import cost_of_network_text, network_html
from forum.markup.parts import Block, Fence, parts_of, with_lists_apart
from forum.markup.port import LONGEST_POST, Rendered
from forum.markup.reading import read
from forum.markup.sanitise import bleached, sealed
from forum.markup.tree import ForumShape

# For the fences within lists and quotations of one post, beside what the budget counts.
NESTED_COLOURS = 400
NESTED_CHARACTERS = 1_500
# Control characters have no place on a page, NUL none in PostgreSQL either, and the parser marks its own places with some.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


class MarkdownMarkup:
    """Implements `forum.markup.port.Markup`; one instance serves every thread."""

    def __init__(self) -> None:
        self._own = threading.local()  # a parser has state: one for each thread

    def render(self, text: str) -> Rendered:
        """Markdown to safe HTML; the same text always gives the same page."""
        return read(sealed("\n".join(self._pieces(_clean(text)))))

    def from_network(self, text: str) -> Rendered:
        """A network's plain text; links and line breaks live, all else escaped."""
        clean = _clean(text)
        if len(clean) > LONGEST_POST or cost_of_network_text(clean) > PER_POST:
            return read(sealed(_as_written([clean])))
        return read(sealed(bleached(network_html(clean))))

    def excerpt(self, plain: str, length: int) -> str:
        """The beginning of a plain text."""
        return excerpt(plain, length)

    def _pieces(self, text: str) -> Iterator[str]:
        if len(text) > LONGEST_POST:
            yield _as_written([text])
            return
        budget = Budget()
        judged = [(_shown(part, budget), part) for part in parts_of(text)]
        colours, nested = Colours(0), Colours(NESTED_COLOURS, NESTED_CHARACTERS)
        for shown, run in groupby(judged, key=itemgetter(0)):
            parts = [part for _, part in run]
            if shown == "parsed":
                yield self._parsed([part.written for part in parts], nested)
            elif shown == "code":
                yield from (_code(part, budget, colours) for part in parts if isinstance(part, Fence))
            elif len(parts) == 1 and isinstance(parts[0], Fence):
                yield plain_code_html(parts[0].code)
            else:
                yield _as_written([part.written for part in parts])

    def _parsed(self, blocks: list[str], nested: Colours) -> str:
        try:
            return bleached(self._parser(nested).convert("\n\n".join(map(with_lists_apart, blocks))))
        except RecursionError:  # the depth is bounded, but not how deep the caller already stands
            # Stopped within a list or a quotation, this parser would go on there with the next post.
            self._own.__dict__.pop("parser", None)
            return _as_written(blocks)

    def _parser(self, nested: Colours) -> Markdown:
        if not hasattr(self._own, "parser"):
            self._own.parser = _ForumParser()
        parser: _ForumParser = self._own.parser
        parser.nested = nested
        return parser.reset()


class _ForumParser(Markdown):
    """The parser with the extensions that people expect; `nested` colours the fences within lists and quotations."""

    nested: Colours

    def __init__(self) -> None:
        any_language = {"name": "*", "class": "", "format": self._fence}
        super().__init__(
            extensions=[
                "pymdownx.superfences",
                "pymdownx.tilde",
                "pymdownx.saneheaders",
                "tables",
                "nl2br",
                "sane_lists",
                ForumInline(),
                ForumShape(),
            ],
            extension_configs={
                "pymdownx.superfences": {"custom_fences": [any_language]},
                "pymdownx.tilde": {"subscript": False},
                "tables": {"use_align_attribute": True},
            },
        )
        self.preprocessors.deregister("html_block")  # raw HTML is text

    def _fence(self, source: str, language: str, *_args: object, **_options: object) -> str:
        return self.nested.code_html(f"{source}\n", language)


def _shown(part: Block | Fence, budget: Budget) -> str:
    if isinstance(part, Block):
        return "parsed" if budget.take(cost_of_markdown(part.written)) else "as written"
    return "code" if budget.take(cost_of_code(part.code)) else "as written"


def _code(fence: Fence, budget: Budget, colours: Colours) -> str:
    """Colours take what the whole post's parts have left over."""
    colours.left = before = max(0, int(budget.left / A_COLOUR))
    made = colours.code_html(fence.code, fence.language)
    budget.left -= (before - colours.left) * A_COLOUR
    return bleached(made)


def _as_written(parts: list[str]) -> str:
    text = "\n\n".join(parts)
    return f'<pre class="as-written">\n{html.escape(text, quote=False)}\n</pre>' if text.strip() else ""


def _clean(text: str) -> str:
    """Text that every later step can hold: no half characters, no control characters, one kind of line end."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _CONTROLS.sub("\ufffd", whole.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n"))
