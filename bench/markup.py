"""Search for the text of 20,000 characters that costs most to render: `python -m bench.markup [seconds] [seed]`.

It repeats short motifs of Markdown's signs, as one block, as blocks of the greatest size that the budget takes, and as many
small ones, in lists, quotations and fences, and prints the dearest with its CPU time in milliseconds. Run it on an idle machine.
"""

from __future__ import annotations

import heapq
import itertools
import random
import sys
import time
from collections.abc import Callable, Iterator

from forum.markup.budget import PER_BLOCK, cost_of_markdown
from forum.markup.port import LONGEST_POST
from forum.markup.renderer import MarkdownMarkup

SIGNS = [
    "[", "]", "(", ")", "![", "](", "*", "**", "_", "__", "~~", "`", "``", "```", "<", ">", "&", "&lt;", "&#x41;", "|", "-", "+", "=",
    "#", "# ", "@", "@ab", "#tag", "\\", ":", "://", "http://", "https://a.b", "www.a", "!", "\"", "'", ".", "1. ", "- ", "> ", "    ", "  ",
    " ", "\n", "\n\n", "\t", "a", "a ", "路", "0", "/", "~~~", "[a]: b", "[a]", "[ ] ", "|-", "---\n", "{", "}", "<a@b>", "<x:", "\u0301", "\u200b",
]  # fmt: skip

KNOWN = {
    "brackets": "[",
    "images": "![[",
    "links": "[a](b) ",
    "open links": "[a](",
    "angle links": "[a](<",
    "emphasis": "*a_",
    "nested emphasis": "*a **b ",
    "strikes": "~~a ~",
    "ticks": "` `` ``` ",
    "one run of ticks": "`",
    "fences": "```\na\n```\n",
    "headings": "# a\n",
    "underlined": "a\n=\n",
    "rules": "---\n",
    "quotations": "> ",
    "quoted lines": "> a\n",
    "entities": "&lt;",
    "ampersands": "&",
    "less than": "<",
    "definitions": "[a]: b\n",
    "pipes": "|",
    "tables": "a|b\n-|-\n",
    "mentions": "@ab ",
    "tags": "#ab ",
    "addresses": "http://a.b ",
    "mail": "<a@b> ",
    "items": "- a\n",
    "items apart": "- a\n\n",
    "items in one line": "- ",
    "lines": "a\n",
    "paragraphs": "a\n\n",
    "escapes": "\\*",
    "dots": "@a.",
    "prose": "The router drops the connection since the update, and I don't know why. ",
    "Chinese": "路由器自从更新以后每隔几分钟就会断线。",
}


def shapes(motif: str) -> Iterator[tuple[str, str]]:
    """A motif in every shape that is worth trying."""
    whole = _filled(motif)
    yield "one block", whole
    fitting = _greatest_affordable(motif)
    for name, size in (("greatest blocks", fitting), ("half of them", fitting // 2), ("small blocks", 300)):
        if 0 < size < LONGEST_POST:
            yield name, _filled(_filled(motif, size) + "\n\n")
    yield "lines", _filled(_filled(motif, 60) + "\n")
    item = motif.replace("\n", " ")
    yield "items", _filled("- a" + _filled(item, 60) + "\n")
    yield "long items", _filled("1. a" + _filled(item, 2_000) + "\n")
    yield "quoted", _filled("> " + _filled(motif, 200).replace("\n", "\n> ") + "\n\n")
    yield (
        "in a list",
        "- a\n\n" + _filled("    " + _filled(motif, 200).replace("\n", "\n    ") + "\n\n", LONGEST_POST - 5),
    )
    yield "in a fence", "```html\n" + _filled(motif, LONGEST_POST - 8)
    yield "in small fences", _filled("```js\n" + _filled(motif, 2_000) + "\n```\n")
    yield (
        "in nested fences",
        "- a\n"
        + _filled(
            "\n    ```python\n    " + _filled(motif, 300).replace("\n", "\n    ") + "\n    ```\n", LONGEST_POST - 4
        ),
    )
    yield "in a table", _filled("|a|b|c|\n|-|-|-|\n" + "|" + _filled(motif.replace("\n", " "), 200) + "|\n")
    yield "emphasised", "*a " + _filled(motif, LONGEST_POST - 6) + " b*"
    yield "in a link", "[" + _filled(motif, LONGEST_POST - 6) + "](/b)"


def motifs(random_source: random.Random) -> Iterator[tuple[str, str]]:
    """The known bad ones, then chance."""
    yield from KNOWN.items()
    for length in itertools.cycle((1, 2, 2, 3, 3, 4, 6, 12)):
        motif = "".join(random_source.choices(SIGNS, k=length))
        yield repr(motif), motif


def cpu_ms(work: Callable[[str], object], text: str) -> float:
    """CPU time of this process; the better of two where the first looks dear."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work(text)
        best = min(best, (time.process_time() - start) * 1e3)
        if best < 120:
            break
    return best


def main(seconds: float = 60, seed: int = 1) -> None:
    """Print the dearest texts found."""
    markup = MarkdownMarkup()
    markup.render("warm up `a` *b*\n\n```python\ndef f(): pass\n```")
    worst: list[tuple[float, str]] = []
    tried, end = 0, time.monotonic() + seconds
    for name, motif in motifs(random.Random(seed)):
        if time.monotonic() > end:
            break
        for shape, text in shapes(motif):
            tried += 1
            heapq.heappush(worst, (cpu_ms(markup.render, text), f"{name}, {shape}"))
        heapq.heappush(worst, (cpu_ms(markup.from_network, _filled(motif)), f"{name}, from a network"))
        worst = heapq.nlargest(25, worst)
        heapq.heapify(worst)
    print(f"{tried} texts of {LONGEST_POST} characters; the dearest, in ms of CPU:")
    for cost, name in sorted(worst, reverse=True):
        print(f"{cost:8.1f}  {name}")


def _filled(motif: str, size: int = LONGEST_POST) -> str:
    return (motif * (size // len(motif) + 1))[:size]


def _greatest_affordable(motif: str) -> int:
    low, high = 0, LONGEST_POST
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if cost_of_markdown(_filled(motif, middle)) <= PER_BLOCK else (low, middle - 1)
    return low


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
