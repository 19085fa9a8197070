"""A member's card as a file that proves itself: a drawing whose facts are signed in its metadata.

The drawing follows from the facts alone, so whoever verifies a card draws it once more and sees whether the picture, too,
is as it was made.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from forum.exports.card_drawing import THEMES, draw
from forum.exports.edition import Say
from forum.kernel.signing import Signer
from forum.reports.card_facts import CardFacts

VERSION = 1
LARGEST = 64 * 1024  # characters of a card that is looked at; ours have a tenth
_METADATA = re.compile(r"<metadata id=\"answerback-card\">([^<]{1,8000})</metadata>")
_TEXTS = ("site", "address", "name", "shown_name", "rank", "since", "as_of", "theme", "language")


class Verdict(StrEnum):
    GENUINE = "genuine"
    REDRAWN = "redrawn"  # the facts are ours and signed; the picture is not the one that we drew
    FORGED = "forged"  # facts or signature were changed, or another key signed them
    UNREADABLE = "unreadable"  # no card of this kind


@dataclass(frozen=True)
class Verified:
    """`facts` are what the card claims; only those of a genuine or redrawn one are true, as of their day."""

    verdict: Verdict
    facts: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Setting:
    """Where and how a card is shown. `address` is the profile's."""

    site: str
    address: str
    theme: str
    language: str
    day: date


def card(facts: CardFacts, setting: Setting, signer: Signer, say: Say) -> str:
    """The SVG. On the same day, for the same facts, it is the same to the byte."""
    said = {
        "v": VERSION, "site": setting.site, "address": setting.address, "name": facts.name,
        "shown_name": facts.shown_name, "rank": facts.rank, "solutions": facts.solutions, "helped": facts.helped,
        "since": facts.since.isoformat(), "as_of": setting.day.isoformat(), "theme": setting.theme,
        "language": setting.language,
    }  # fmt: skip
    return _drawn(said, signer, say)


def verify(text: str, signer: Signer, say: Say) -> Verified:
    """Whether `text` is a card that this installation signed. No XML is parsed, so a hostile file costs nothing."""
    found = _METADATA.search(text[:LARGEST])
    claimed = _claimed(html.unescape(found[1])) if found else None
    if claimed is None:
        return Verified(Verdict.UNREADABLE)
    facts, signature = claimed
    if not signer.holds(facts, signature):
        return Verified(Verdict.FORGED, facts)
    same = _drawn(facts, signer, say).strip() == text.replace("\r\n", "\n").strip()
    return Verified(Verdict.GENUINE if same else Verdict.REDRAWN, facts)


def _drawn(facts: Mapping[str, Any], signer: Signer, say: Say) -> str:
    signed = {"facts": facts, "signature": signer.sign(facts), "key": signer.fingerprint}
    return draw(facts, json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=True), say)


def _claimed(text: str) -> tuple[Mapping[str, Any], str] | None:
    try:
        signed = json.loads(text)
        facts, signature = signed["facts"], signed["signature"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return (facts, signature) if isinstance(signature, str) and _is_whole(facts) else None


def _is_whole(facts: Any) -> bool:
    """Of the shape that we sign, so that a forged one can be shown without surprise."""
    return (
        isinstance(facts, dict)
        and facts.get("v") == VERSION
        and all(isinstance(facts.get(name), str) for name in _TEXTS)
        and isinstance(facts.get("solutions"), int)
        and (facts.get("helped") is None or isinstance(facts.get("helped"), int))
        and facts["theme"] in THEMES
    )
