"""What language a text is surely in, told by its script alone: cheap enough for a page."""

from __future__ import annotations

import re

_KANA = re.compile(r"[\u3040-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")
ENOUGH = 0.25  # of all letters, so that a product's Chinese name does not make an English text Chinese


def written_in(text: str) -> str | None:
    """ja, ko, zh-Hans or zh-Hant; None where the script does not tell, as with everything in Latin letters."""
    letters = len(_LETTER.findall(text))
    if not letters:
        return None
    for language, script in (("ja", _KANA), ("ko", _HANGUL)):
        if len(script.findall(text)) > ENOUGH / 2 * letters:
            return language
    if len(_HAN.findall(text)) < ENOUGH * letters:
        return None
    return chinese_script(text)


def chinese_script(text: str) -> str:
    """Simplified unless some character is in Taiwan's national set alone."""
    han = "".join(_HAN.findall(text))
    return "zh-Hans" if _fits(han, "gb2312") or not _fits(han, "big5") else "zh-Hant"


def _fits(han: str, charset: str) -> bool:
    try:
        han.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
