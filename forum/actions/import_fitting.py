"""What comes from elsewhere, made to fit our limits. What had to be changed is said by a key, and nothing is lost silently."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from forum.importing.port import NOTES
from forum.kernel.errors import Invalid
from forum.people.names import LONGEST_BIO, LONGEST_DISPLAY_NAME
from forum.threads.writing import LONGEST_TITLE, MOST_TAGS, clean_tags, clean_title

NAME_CUT, ABOUT_CUT, TITLE_MADE, TITLE_CUT = "name cut", "about cut", "title made", "title cut"
TEXT_CUT, COMMENT_CUT, TEXT_MADE, TAG_LEFT_OUT, REFUSED = (
    "text cut",
    "comment cut",
    "text made",
    "tag left out",
    "refused",
)

FITTED: Mapping[str, str] = {
    **NOTES,
    NAME_CUT: f"display names were cut to {LONGEST_DISPLAY_NAME} characters",
    ABOUT_CUT: f"words about oneself were cut to {LONGEST_BIO} characters",
    TITLE_CUT: f"titles were cut to {LONGEST_TITLE} characters",
    TITLE_MADE: "titles were too short and have the text's beginning behind them",
    TEXT_CUT: "texts were longer than this forum takes and were cut",
    COMMENT_CUT: "comments were longer than this forum takes and were cut",
    TEXT_MADE: "texts were empty and are an ellipsis now",
    TAG_LEFT_OUT: f"tags were left out, since they cannot be tags here or were more than {MOST_TAGS}",
    REFUSED: "rows were refused by a rule of this forum, such as a locked thread or a closed account",
}
EMPTY = "…"


class Fitted(NamedTuple):
    text: str
    note: str | None


def fit(text: str, longest: int, cut: str, made: str | None = None) -> Fitted:
    """Cut between words where there is one near the end; `made` is the key where an ellipsis stands for nothing at all."""
    bare = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    if not bare.strip() and made:
        return Fitted(EMPTY, made)
    if len(bare) <= longest:
        return Fitted(bare, None)
    kept = bare[: longest - 1]
    space = max(kept.rfind(" "), kept.rfind("\n"))
    return Fitted(f"{kept[:space] if space > longest * 0.9 else kept}…", cut)


def fit_title(title: str, text: str) -> Fitted:
    shown = fit(" ".join(title.split()), LONGEST_TITLE, TITLE_CUT)
    try:
        return Fitted(clean_title(shown.text), shown.note)
    except Invalid:
        longer = f"{shown.text} … {' '.join(text.split())[:60]}"
        return Fitted(longer.strip(), TITLE_MADE)


def fit_tags(names: Iterable[str]) -> tuple[list[str], int]:
    """The tags that can be tags here, and how many cannot."""
    kept: list[str] = []
    left_out = 0
    for name in names:
        try:
            clean = [tag for tag in clean_tags([name]) if tag not in kept]
        except Invalid:
            clean = []
        if not clean or len(kept) == MOST_TAGS:
            left_out += 1
        else:
            kept += clean
    return kept, left_out
