"""Draws a card: one SVG without script, style sheet, font or picture from elsewhere, so that any page may hold it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from babel.dates import format_date
from babel.numbers import format_decimal

from forum.exports.edition import Say
from forum.kernel.messages import Message

WIDTH, HEIGHT, MARGIN = 440, 148, 24
FONTS = (
    "Inter, 'Segoe UI', Helvetica, Arial, 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
)

# Thousandths of an em in Helvetica, which is as wide as the faces that come first, or wider.
_NARROW = {**dict.fromkeys("ijl'|", 222), **dict.fromkeys("I!,./:;[]\\ ft", 278), **dict.fromkeys("r()-`{}", 333)}
_WIDE = {
    **dict.fromkeys("ABEKPSVXY&", 667),
    **dict.fromkeys("CDHNRUw", 722),
    **dict.fromkeys("GOQ", 778),
    "M": 833,
    "m": 833,
    "W": 944,
    "@": 1015,
    "%": 889,
}
_USUAL, _OTHER, _FULL = 556, 650, 1000


@dataclass(frozen=True)
class Theme:
    ground: str
    edge: str
    ink: str
    quiet: str
    accent: str
    wash: str


THEMES: Mapping[str, Theme] = {
    "light": Theme("#ffffff", "#dfe3ea", "#1c2230", "#5a6272", "#3a4fc4", "#eef1fd"),
    "dark": Theme("#171b24", "#343b4a", "#eceef3", "#a9b0be", "#9db2ff", "#232b48"),
}


def draw(facts: Mapping[str, Any], metadata: str, speak: Say) -> str:
    theme, language = THEMES[facts["theme"]], facts["language"]
    words = _words(facts, speak)
    room = WIDTH - 2 * MARGIN
    name, size = fitted(facts["shown_name"], room, 24, 17)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" aria-labelledby="t" lang={quoteattr(language.replace("_", "-"))} font-family={quoteattr(FONTS)}>',
        f'<title id="t">{_text(words.title)}</title>',
        f'<metadata id="answerback-card">{_text(metadata)}</metadata>',
        f'<rect x=".5" y=".5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="10" fill="{theme.ground}" stroke="{theme.edge}"/>',
        f'<rect x=".5" y="14" width="4" height="{HEIGHT - 28}" rx="2" fill="{theme.accent}"/>',
        _run(name, MARGIN, 42, size, theme.ink, "650", room),
        _rank(facts["rank"], theme),
        _figure(words.solutions, MARGIN, theme),
        _figure(words.helped, MARGIN + 130, theme) if words.helped else "",
        _run(fitted(words.site, 150, 13, 11)[0], WIDTH - MARGIN, 112, 13, theme.ink, "600", 150, anchor="end"),
        _run(words.day, WIDTH - MARGIN, 129, 11, theme.quiet, "400", 150, anchor="end"),
        "</svg>",
    ]
    return "\n".join(line for line in lines if line) + "\n"


def width_of(text: str, size: float) -> float:
    """About how wide `text` is, in pixels: Chinese, Japanese and Korean letters are a full em, marks above others nothing."""
    return sum(_thousandths(character) for character in text) * size / 1000


def fitted(text: str, room: float, size: int, least: int) -> tuple[str, int]:
    """Smaller letters first, down to `least`; then as much as fits, with an ellipsis that is never behind half a letter."""
    text = " ".join(seen(text).split())
    while size > least and width_of(text, size) > room:
        size -= 1
    if width_of(text, size) <= room:
        return text, size
    while text and width_of(text + "…", size) > room:
        text = text[:-1]
        while text and _thousandths(text[-1]) == 0:  # a joiner or an accent would hang on nothing
            text = text[:-1]
    return text.rstrip() + "…", size


def seen(text: str) -> str:
    """What XML may hold, without marks that turn the direction of everything after them."""
    return "".join(
        character
        for character in text
        if character in "\t\n "
        or (unicodedata.category(character) not in {"Cc", "Cs", "Cn", "Co"} and character not in TURNING)
    )


TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


@dataclass(frozen=True)
class _Words:
    title: str
    solutions: tuple[str, str]
    helped: tuple[str, str] | None
    site: str
    day: str


def _words(facts: Mapping[str, Any], speak: Say) -> _Words:
    language = facts["language"]
    helped, solutions = facts["helped"], format_decimal(facts["solutions"], locale=language)
    told = {"name": facts["shown_name"], "site": facts["site"], "solutions": solutions}
    day = format_date(date.fromisoformat(facts["as_of"]), "medium", locale=language)
    return _Words(
        title=speak(Message("%(name)s on %(site)s, solutions: %(solutions)s", told), language),
        solutions=(solutions, speak(Message("Solutions"), language)),
        helped=(format_decimal(helped, locale=language), speak(Message("People helped"), language))
        if helped is not None
        else None,
        site=facts["site"],
        day=speak(Message("as of %(day)s", {"day": day}), language),
    )


def _rank(rank: str, theme: Theme) -> str:
    if not rank:
        return ""
    words, size = fitted(rank, 200, 12, 12)
    wide = round(width_of(words, size) * 1.06) + 20
    return f'<rect x="{MARGIN}" y="54" width="{wide}" height="22" rx="11" fill="{theme.wash}"/>' + _run(
        words, MARGIN + 10, 69, size, theme.accent, "600", wide - 20
    )


def _figure(figure: tuple[str, str], x: int, theme: Theme) -> str:
    number, word = figure
    label, size = fitted(word, 120, 12, 9)
    return _run(number, x, 112, 24, theme.ink, "680", 120) + _run(label, x, 129, size, theme.quiet, "400", 120)


def _run(text: str, x: int, y: int, size: int, ink: str, weight: str, room: float, anchor: str = "start") -> str:
    """A line of text. One that nearly fills its room is told how wide to be, since another font may be wider than ours."""
    wide = width_of(text, size)
    held = f' textLength="{round(min(wide, room))}" lengthAdjust="spacingAndGlyphs"' if wide > 0.85 * room else ""
    return f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{ink}" text-anchor="{anchor}"{held}>{_text(text)}</text>'


def _text(text: str) -> str:
    return escape(seen(text))


def _thousandths(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    if unicodedata.east_asian_width(character) in {"W", "F"}:
        return _FULL
    if character.isascii():
        return _NARROW.get(character) or _WIDE.get(character) or (667 if character.isupper() else _USUAL)
    return _OTHER
