"""What ranks and badges have in common when an admin describes them: titles, a look and a formula, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from forum.kernel.messages import Message
from forum.superfans.formula import FormulaError, parse
from forum.superfans.looks import COLOURS, ICONS
from forum.superfans.titles import ENGLISH

LONGEST_TITLE, LONGEST_DESCRIPTION = 40, 200


def check_titles(titles: Mapping[str, str], languages: Sequence[str]) -> dict[str, Message]:
    """By field: `title_en` and so on. English has to be there, since it stands in for a language that is not."""
    wrong = {
        f"title_{language}": Message("At most %(most)s characters, please.", {"most": LONGEST_TITLE})
        for language in languages
        if len(titles.get(language, "").strip()) > LONGEST_TITLE
    }
    if not titles.get(ENGLISH, "").strip():
        wrong[f"title_{ENGLISH}"] = Message("An English title, please: readers of other languages see it too.")
    return wrong


def check_descriptions(descriptions: Mapping[str, str], languages: Sequence[str]) -> dict[str, Message]:
    return {
        f"description_{language}": Message("At most %(most)s characters, please.", {"most": LONGEST_DESCRIPTION})
        for language in languages
        if len(descriptions.get(language, "").strip()) > LONGEST_DESCRIPTION
    }


def check_look(icon: str, colour: str) -> dict[str, Message]:
    wrong: dict[str, Message] = {}
    if icon not in ICONS:
        wrong["icon"] = Message("Please choose one of the icons.")
    if colour not in COLOURS:
        wrong["colour"] = Message("Please choose one of the colours.")
    return wrong


def check_formula(text: str, wants: Literal["truth", "number"]) -> dict[str, Message]:
    try:
        parse(text, wants)
    except FormulaError as error:
        return {"formula": error.message}
    return {}
