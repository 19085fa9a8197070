"""Turns an author's text into one person's words: choices are made, facts filled in, haste and manners added."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from random import Random

from forum.sample import small_talk

MARK = re.compile(r"«(\d*)(?::(\d+))?»")
_BRACES = re.compile(r"\{([^{}]*)\}")
_SENTENCE_START = re.compile(r"(?:^|[.!?]\s+|\n)$")

_EN = {
    "device": ("R6", "R7 Pro"),
    "points": ("one M2", "two M2", "three M2"),
    "fw": ("4.2", "4.2.1"),
    "isp": ("Quillnet", "Kestrel Cable", "Halvard Fibre", "Ostavia", "Blue Fjord Net", "Tarnwire"),
    "room": (
        "attic",
        "bedroom",
        "study",
        "kitchen",
        "garage",
        "basement",
        "nursery",
        "guest room",
        "office",
        "workshop",
    ),
    "room2": ("living room", "hallway", "dining room", "hall cupboard"),
    "gadget": ("work laptop", "TV", "console", "tablet", "old laptop", "streaming stick"),
    "when": ("last night", "yesterday", "last Tuesday", "last Friday", "last weekend", "last Sunday"),
    "minutes": ("five", "ten", "three or four", "fifteen"),
    "days": ("two", "three", "four", "five", "six"),
    "devices": ("17", "23", "26", "31", "42"),
    "plan": ("250", "500", "600", "900"),
    "got": ("38", "45", "60", "85", "95"),
    "channel": ("36", "40", "44", "48"),
    "kid": ("our daughter", "our son", "our eldest", "our youngest", "my stepson"),
    "late": ("half past eleven", "midnight", "one in the morning"),
    "bed": ("nine", "half past eight", "ten"),
    "hours": ("five", "six", "seven"),
    "cap": ("200", "300", "500"),
    "size": ("45", "60", "75", "90", "120"),
}
_ZH_HANS = {
    **_EN,
    "points": ("一个 M2", "两个 M2", "三个 M2"),
    "isp": ("海川宽带", "北辰宽带", "星桥宽带", "云岭宽带"),
    "room": ("主卧", "次卧", "书房", "儿童房", "楼上", "阁楼", "厨房"),
    "room2": ("客厅", "玄关", "弱电箱旁边", "餐厅"),
    "gadget": ("笔记本", "电视", "游戏机", "平板", "台式机"),
    "when": ("昨晚", "周末", "前天", "上周二", "上周五", "昨天"),
    "minutes": ("五", "十", "三四", "十五"),
    "days": ("两", "三", "四", "五"),
    "bed": ("九点", "九点半", "十点"),
    "plan": ("300", "500", "1000"),
}
_ZH_HANT = {
    **_EN,
    "points": ("一台 M2", "兩台 M2", "三台 M2"),
    "isp": ("海岸光纖", "北極星寬頻", "青田寬頻"),
    "room": ("三樓", "頂樓", "主臥", "書房", "後面房間"),
    "room2": ("客廳", "一樓電視櫃", "玄關"),
    "gadget": ("手機", "電視", "平板", "筆電"),
    "when": ("昨晚", "上週末", "前天", "上週三"),
    "days": ("兩", "三", "四"),
    "plan": ("300", "500"),
    "size": ("18", "25", "32", "40"),
}
FACTS = {"en": _EN, "zh-Hans": _ZH_HANS, "zh-Hant": _ZH_HANT}

_HASTY = frozenset({"nils_p", "quentin_d", "slowtrain", "leizi"})
_SLIPS = {"en": (("doesn't", "doesnt"), ("I've", "Ive"), ("because", "becuase"), ("restarted", "restartet"), ("definitely", "definately"), ("isn't", "isnt"), ("minutes", "minuets"), ("which", "wich")), "zh-Hans": (("的时候", "得时候"), ("已经", "己经")), "zh-Hant": ()}  # fmt: skip


def facts_for(rng: Random, language: str, own: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """One value for each fact, kept through a thread."""
    facts = {name: rng.choice(values) for name, values in {**FACTS[language], **own}.items()}
    return facts | {"other": "R6" if facts["device"] == "R7 Pro" else "R7 Pro"}


def fitting(texts: Sequence[str], question: int, answer: int | None = None) -> list[str]:
    """Those whose mark allows this question, and this answer if one is given; with their marks."""
    return [text for text in texts if _fits(text, question, answer)]


def fill(rng: Random, text: str, facts: Mapping[str, str]) -> str:
    """The text without its mark, every choice made and every fact in place."""
    text = MARK.sub("", text, count=1)
    while True:
        filled = _BRACES.sub(lambda found: _one(rng, found, facts), text)
        if filled == text:
            return text.strip()
        text = filled


def first_fit(text: str) -> int:
    """The first question that a text fits: 0 without a mark."""
    found = MARK.match(text)
    return int(found[1][0]) if found and found[1] else 0


def as_title(text: str) -> str:
    return text[:1].upper() + text[1:]


def asked_by(rng: Random, author: str, language: str, text: str, facts: Mapping[str, str], *, technical: bool) -> str:
    """A question in its asker's manner: a greeting or none, a detail more, thanks, haste, now and then a slip."""
    if technical and rng.random() < 0.45:
        text += (" " if language == "en" else "") + fill(rng, rng.choice(small_talk.DETAILS[language]), facts)
    if author in _HASTY:
        return _hasty(text, language)
    if rng.random() < 0.35:
        text = rng.choice(small_talk.OPENINGS[language]) + text
    if rng.random() < 0.35:
        text += "\n\n" + rng.choice(small_talk.CLOSINGS[language])
    return _with_slip(rng, text, language) if rng.random() < 0.08 else text


def title_from_post(text: str) -> str:
    """A thread's title made of a network post: without the handle, to the end of a sentence, or of a word."""
    words = re.sub(r"@\w+\s*", "", text).strip()
    first = re.split(r"(?<=[.!?。！？])\s*", words, maxsplit=1)[0].rstrip(".。")
    if len(first) < 18:
        first = words.rstrip(".。")
    return as_title(first if len(first) <= 90 else first[:90].rsplit(" ", 1)[0] + " …")


def _fits(text: str, question: int, answer: int | None) -> bool:
    found = MARK.match(text)
    if found is None:
        return True
    questions, its_answer = found[1], found[2]
    return (not questions or str(question) in questions) and (
        its_answer is None or answer is None or int(its_answer) == answer
    )


def _one(rng: Random, found: re.Match[str], facts: Mapping[str, str]) -> str:
    inside: str = found[1]
    if "|" in inside:
        return rng.choice(inside.split("|"))
    value = facts[inside]
    return as_title(value) if _SENTENCE_START.search(found.string[: found.start()]) else value


def _hasty(text: str, language: str) -> str:
    if language != "en":
        return text.replace("。", "，").rstrip("，")
    return re.sub(r"(^|[.!?] )([A-Z])(?=[a-z' ])", lambda found: found[1] + found[2].lower(), text).replace(
        " I ", " i "
    )


def _with_slip(rng: Random, text: str, language: str) -> str:
    usable = [(right, wrong) for right, wrong in _SLIPS[language] if right in text]
    if not usable:
        return text
    right, wrong = rng.choice(usable)
    return text.replace(right, wrong, 1)
