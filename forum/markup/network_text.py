"""A network's plain text made a post: paragraphs, lines and addresses live, all else as it was written there.

Its @names and #tags are that network's, not ours: they are neither linked nor counted.
"""

from __future__ import annotations

import html
import re

from forum.markup.urls import BARE_URL, safe_href, without_trailing_punctuation


def network_html(text: str) -> str:
    """HTML of clean text (line ends are newlines)."""
    paragraphs = re.split(r"\n[ \t]*(?:\n[ \t]*)+", text.strip())
    return "\n".join(f"<p>{_lines(paragraph)}</p>" for paragraph in paragraphs if paragraph)


def cost_of_network_text(text: str) -> float:
    """Microseconds, as in the budget: lines, signs to be escaped and links are what costs."""
    signs = text.count("<") + text.count(">") + text.count("&")
    return (
        100
        + len(text) * 0.5
        + text.count("\n") * 25
        + signs * 12
        + (text.count("://") + text.lower().count("www.")) * 60
    )


def _lines(paragraph: str) -> str:
    return "<br>\n".join(_linked(line) for line in paragraph.split("\n"))


def _linked(line: str) -> str:
    pieces, at = [], 0
    for found in BARE_URL.finditer(line):
        url = without_trailing_punctuation(found.group())
        href = safe_href(url)
        if href is None or url.endswith("://"):
            continue
        pieces.append(html.escape(line[at : found.start()], quote=False))
        pieces.append(f'<a href="{html.escape(href)}">{html.escape(url, quote=False)}</a>')
        at = found.start() + len(url)
    return "".join([*pieces, html.escape(line[at:], quote=False)])
