"""What is wrong with a rendered page, seen by a parser that neither sanitiser uses and an allow-list written out again."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

ATTRIBUTES = {
    "a": {"href", "title", "class", "rel"},
    "li": {"class"},
    "ol": {"start"},
    "pre": {"class"},
    "span": {"class"},
    "td": {"class"},
    "th": {"class"},
    **{
        tag: set[str]()
        for tag in "blockquote br code del em h3 h4 h5 h6 hr p strong table tbody thead tr ul".split()  # noqa: SIM905
    },
}
VOID = {"br", "hr"}
CLASS = re.compile(r"mention|tag|image|task|highlight|as-written|align-(left|right|center)|[a-z][a-z0-9]{0,2}")


class _Judge(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ATTRIBUTES:
            self.wrong.append(f"<{tag}> is not allowed")
        for name, value in attrs:
            self._judge_attribute(tag, name, value or "")
        if tag == "a":
            if "a" in self.open:
                self.wrong.append("a link within a link")
            if dict(attrs).get("rel") != "nofollow ugc noopener":
                self.wrong.append(f"a link without rel: {attrs}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing")

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        self.wrong.append(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        self.wrong.append(f"an instruction: {data}")

    def unknown_decl(self, data: str) -> None:
        self.wrong.append(f"a marked section: {data}")

    def _judge_attribute(self, tag: str, name: str, value: str) -> None:
        if name not in ATTRIBUTES.get(tag, ()):
            self.wrong.append(f"{name}={value!r} on <{tag}>")
        elif name == "class" and not CLASS.fullmatch(value):
            self.wrong.append(f"class {value!r}")
        elif name == "href" and not safe_address(value):
            self.wrong.append(f"address {value!r}")


def safe_address(href: str) -> bool:
    """Whether a browser, which drops spaces and control characters, could only open it as an allowed scheme or here."""
    bare = re.sub(r"[\x00-\x20]", "", href)
    if bare.startswith(("/", "#")):
        return True
    return urlsplit(bare).scheme.lower() in {"http", "https", "mailto"} if ":" in bare else False


def wrongs(html: str) -> list[str]:
    """Everything that should not be on the page; empty where it is safe."""
    judge = _Judge()
    judge.feed(html)
    judge.close()
    if re.search(r"[\x00\ud800-\udfff]", html):
        judge.wrong.append("a character that cannot be stored")
    return judge.wrong + [f"<{tag}> is never closed" for tag in judge.open]
