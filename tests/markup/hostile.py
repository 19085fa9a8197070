"""Texts of people who mean harm: published lists of script injections and naughty strings, and our own disguises.

`payloads()` yields each as it is; `everywhere(payload)` is a post that uses it wherever Markdown takes something.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

TEST_DATA = Path(os.environ.get("TEST_DATA") or Path(__file__).parents[3] / "shared" / "data")

DISGUISES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "java\x00script:alert(1)",
    "\x01javascript:alert(1)",
    "java\u00adscript:alert(1)",
    "\u200bjavascript:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "javascript&#x3a;alert(1)",
    "javascript&amp;colon;alert(1)",
    "javascript&amp;#58;alert(1)",
    "&#106;&#97;&#118;&#97;script:alert(1)",
    "&#x6A&#x61&#x76&#x61script:alert(1)",
    "&#0000106avascript:alert(1)",
    "java&Tab;script:alert(1)",
    "java&NewLine;script:alert(1)",
    "javascript%3Aalert(1)",
    "javascript\\:alert(1)",
    "\\javascript:alert(1)",
    "javascript://%0aalert(1)",
    "javascript:/*<x>*/alert(1)",
    "jav*asc*ript:alert(1)",
    "`java`script:alert(1)",
    "vbscript:msgbox(1)",
    "livescript:alert(1)",
    "feed:javascript:alert(1)",
    "view-source:javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "file:///etc/passwd",
    "blob:https://x/1",
    "//evil.example/x",
    "https://a.example/\" onmouseover=\"alert(1)",
    "https://a.example/' onmouseover='alert(1)",
    "https://a.example/><script>alert(1)</script>",
    "https://a.example/`><img src=x onerror=alert(1)>",
    "x\" onerror=\"alert(1)",
    "x' onclick='alert(1)' y='",
    "</code></pre><script>alert(1)</script>",
    "<script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;",
    "\x02klzzwxh:0000\x03",
    "\x02wzxhzdk:0\x03",
    "\x0260\x03script\x0262\x03alert(1)",
    "\ud83d<script>\ude00",
    "<\u202escript>alert(1)</script>",
    "＜script＞alert(1)＜/script＞",
]  # fmt: skip


def payloads() -> Iterator[str]:
    """All of them; skips where the published lists are absent."""
    folder = TEST_DATA / "hostile"
    if not folder.is_dir():
        pytest.skip(f"the published lists of hostile texts are not at {folder}")
    yield from DISGUISES
    yield from json.loads((folder / "blns.json").read_text("utf-8"))
    yield from (folder / "payloadbox_xss.txt").read_text("utf-8", "surrogateescape").splitlines()


def everywhere(payload: str) -> str:
    """One post with the payload as text, address, title, label, code, cell, name and definition."""
    line = " ".join(payload.splitlines())
    return "\n\n".join(
        [
            payload,
            f"[a]({line}) [a](<{line}>) [a](/b \"{line}\") ![{line}]({line}) [{line}](/b) <{line}>",
            f"[a][r] [r] ![a][r]\n\n[r]: {line} \"{line}\"",
            f"# {line}\n\n> {line}\n\n- {line}\n- [x] {line}",
            f"|{line}|b|\n|-|:-:|\n|`{line}`|{line}|",
            f"@{line} #{line} https://a.example/{line} www.{line}",
            f"*{line}* **{line}** ~~{line}~~ `{line}`",
            f"```{line}\n{payload}\n```",
            f"```html\n{payload}\n```",
            f"- a\n\n    ```{line}\n    {line}\n    ```",
        ]
    )  # fmt: skip
