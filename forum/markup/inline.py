"""What Markdown itself lacks within a line: bare addresses, mail addresses in angle brackets, @mentions and #tags."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

from forum.markup.urls import BARE_URL, CJK, without_trailing_punctuation

# No mention within a mail address or a path, but right after an ideograph: Chinese puts no space before an @.
_BEFORE = rf"(?:(?<![\w.@/+#&\-])|(?<=[{CJK}]))"
# Two to thirty characters, as account names are; a full stop at the end is the sentence's. Not `@name@elsewhere`.
MENTION = _BEFORE + r"@(\w[\w.\-]{0,28}\w)(?![\w@]|[.\-]+[\w@])"
# At least one letter, so `#123` stays the number of something; `#word#`, as on Weibo, is one tag.
TAG = _BEFORE + r"#(?=[\w\-]{0,49}[^\W\d_])(\w[\w\-]{0,49})(?![\w\-])#?"
MAIL = r"<([^\s<>@\x00-\x1f]{1,64}@[^\s<>@\x00-\x1f]{1,255})>"


class BareUrl(InlineProcessor):
    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int, int]:  # type: ignore[override]  # noqa: N802
        url = without_trailing_punctuation(m.group(0))
        if url.endswith("://"):
            return None, m.start(0), m.end(0)
        return link(url, url), m.start(0), m.start(0) + len(url)


class Mail(InlineProcessor):
    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: N802
        return link(m.group(1), f"mailto:{m.group(1)}"), m.start(0), m.end(0)


class Mention(InlineProcessor):
    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: N802
        return link(m.group(0), f"/people/{quote(m.group(1), safe='')}", "mention"), m.start(0), m.end(0)


class Tag(InlineProcessor):
    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: N802
        return link(m.group(0), f"/tags/{quote(m.group(1).lower(), safe='')}", "tag"), m.start(0), m.end(0)


class ForumInline(Extension):
    """Puts the four beside Markdown's own patterns, after code and links, before emphasis (names may hold underscores)."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.ESCAPED_CHARS.append("@")
        md.inlinePatterns.deregister("html")  # raw HTML is text: the serialiser escapes it
        md.inlinePatterns.register(Mail(MAIL, md), "automail", 110)
        md.inlinePatterns.register(BareUrl(BARE_URL.pattern, md), "bare_url", 105)
        md.inlinePatterns.register(Mention(MENTION, md), "mention", 78)
        md.inlinePatterns.register(Tag(TAG, md), "tag", 77)
        # The pattern of the base class is compiled case-sensitively; addresses are typed in capitals, too.
        bare: Any = md.inlinePatterns["bare_url"]
        bare.compiled_re = BARE_URL


def link(text: str, href: str, kind: str | None = None) -> Element:
    """A link whose text is shown as it is; the ampersand is escaped here, as the serialiser leaves what looks like an entity."""
    element = Element("a", {"href": href})
    if kind:
        element.set("class", kind)
    element.text = AtomicString(text.replace("&", "&amp;"))
    return element
