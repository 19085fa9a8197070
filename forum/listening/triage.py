"""Triage: what a mention is, and who should answer it. Doubt goes to staff, never to the community."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from forum.kernel.scripts import chinese_script
from forum.listening.mention import Route, Word
from forum.listening.personal_data import holds_personal_data

LANGUAGES = ["en", "zh", "ja", "ko", "de", "fr", "es", "pt", "it", "nl", "ru"]
ANGRY_AT = -0.8  # VADER's compound; set so that plain complaints still reach the community


@dataclass(frozen=True)
class Triage:
    language: str  # BCP 47; zh-Hans or zh-Hant for Chinese
    route: Route
    reasons: tuple[str, ...]  # names of what spoke against the community


def triage(text: str, language: str | None = None) -> Triage:
    """Judge a mention by its words. `language` is what the network said, believed where it is one of ours."""
    words = re.sub(r"@[\w.-]+|https?://\S+", " ", text).strip()
    spoken = _language(words, language)
    if not re.search(r"\w", words):
        return Triage(spoken, Route.IGNORE, ("nothing_said",))
    reasons = []
    if holds_personal_data(text):
        reasons.append("personal_data")
    reasons += [name for name, pattern in _CONCERNS.items() if pattern.search(words)]
    if _is_angry(words, spoken):
        reasons.append("angry")
    if reasons:
        return Triage(spoken, Route.PRIVATE if "personal_data" in reasons else Route.STAFF, tuple(reasons))
    return Triage(spoken, Route.COMMUNITY, ())


def word_of(text: str) -> Word | None:
    """What an asker's later post says of the answer: solved, still broken, or neither. A denial beats a thank-you."""
    words = re.sub(r"@[\w.-]+|https?://\S+", " ", text).lower()
    if _STILL_BROKEN.search(words):
        return Word.UNSOLVED
    return Word.SOLVED if _SOLVED.search(words) else None


_CONCERNS = {
    "legal": re.compile(r"\b(lawyer|lawsuit|sue you|suing|legal action|attorney|small claims|gdpr request)\b|律师|律師|起诉|起訴|投诉到|12315|法院", re.I),
    "safety": re.compile(r"\b(caught fire|on fire|smok(e|ing)|burn(ing|t) smell|electric shock|exploded?|overheat(s|ed|ing)?|melt(s|ed|ing))\b|着火|著火|冒烟|冒煙|触电|觸電|爆炸|烧焦|燒焦|起火", re.I),
}  # fmt: skip
_ANGRY_WORDS = re.compile(
    r"\b(scam|scammers?|fuck\w*|bullshit|thieves|disgrace(ful)?|ripped off|worst company|never again buy)\b"
    r"|骗子|騙子|垃圾公司|坑人|忽悠人|无耻|無恥|滚|去死",
    re.I,
)
_STILL_BROKEN = re.compile(
    r"\bstill (not|no|broken|drops?|dropping|down|the same|doesn.?t|isn.?t|won.?t|can.?t|fails?|happening|unsolved)\b"
    r"|\b(did ?n.?t|does ?n.?t|not|never) (really )?(work|help|fix|solve)(ed|s|ing)?\b|\bno luck\b|\bback again\b|\bnot (yet )?solved\b"
    r"|还是不行|還是不行|还是没|還是沒|没有解决|沒有解決|没解决|沒解決|仍然|依然|没用|沒用|又断了|又斷了",
    re.I,
)
_SOLVED = re.compile(
    r"\b(solved|fixed( it)?|resolved|sorted|works? (now|again|perfectly|fine|like a charm)|working (now|again|perfectly)|that (worked|did it|helped)|did the trick|it worked)\b"
    r"|解决了|解決了|好了|搞定|可以了|管用|有用了|恢复了|恢復了|正常了",
    re.I,
)


def _language(words: str, told: str | None) -> str:
    base = (told or "").split("-")[0].lower()
    spoken = base if base in LANGUAGES else (str(_identifier().classify(words)[0]) if words else "en")
    return chinese_script(words) if spoken == "zh" else spoken


def _is_angry(words: str, language: str) -> bool:
    if _ANGRY_WORDS.search(words):
        return True
    return language == "en" and float(_sentiment().polarity_scores(words)["compound"]) <= ANGRY_AT


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415  loads a model of some megabytes

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(LANGUAGES)
    return identifier


@lru_cache(maxsize=1)
def _sentiment() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # noqa: PLC0415  reads its lexicon

    return SentimentIntensityAnalyzer()
