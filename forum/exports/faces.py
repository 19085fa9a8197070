"""The fonts of a PDF: which of them shows a character, and what stands for one that none of them has.

Helvetica is part of every PDF reader and shows Western letters. For the rest a TrueType font is looked for, and where
there is none, Chinese, Japanese and Korean go through the fonts that PDF readers bring for them.
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

log = logging.getLogger(__name__)

REPLACEMENT = "¿"  # Helvetica has it, and it is plainly no part of the word it stands in
CHINESE = (
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/wenquanyi/wqy-microhei/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
    "/System/Library/Fonts/STHeiti Light.ttc",
    "/Library/Fonts/Arial Unicode.ttf",
)
FURTHER = (  # Greek, Cyrillic, signs and symbols
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
)
# The readers' own fonts: which characters they have follows from the character sets that they were made for.
BUILT_IN = (
    ("STSong-Light", "gbk"), ("MSung-Light", "big5"), ("HeiseiMin-W3", "shift_jis"), ("HYSMyeongJo-Medium", "euc_kr"),
)  # fmt: skip
TRADITIONAL = "UniCNS-UCS2-H"
# What may stand for a character that no font has without anybody missing it.
PLAINER = {
    "\u2212": "-",
    "\u202f": "\u00a0",
    "\u2009": " ",
    "\u2011": "-",
    "\u2010": "-",
    "\u3000": " ",
    "\t": " ",
    "\n": " ",
}


@dataclass(frozen=True)
class Face:
    """A font by its name in reportlab, its bold, and whether it has a character."""

    name: str
    bold: str
    covers: Callable[[str], bool]


@dataclass(frozen=True)
class Run:
    """Characters that one font shows."""

    font: str
    text: str


class Faces:
    """The fonts of one document in their order, and what it had to leave out so far."""

    def __init__(self, faces: Sequence[Face]) -> None:
        self._faces = faces
        self.missing: set[str] = set()

    def runs(self, text: str, *, bold: bool = False) -> Sequence[Run]:
        """`text` cut where the font changes. Every character is there, or its replacement is."""
        shown = [(self._face(char), char) for char in self._showable(text)]
        found = []
        for face, chars in groupby(shown, key=lambda one: one[0]):
            found.append(Run(face.bold if bold else face.name, "".join(char for _face, char in chars)))
        return found

    def _showable(self, text: str) -> Iterator[str]:
        for char in unicodedata.normalize("NFC", text):
            if self._has(char):
                yield char
            elif (plainer := PLAINER.get(char)) is not None:
                yield plainer
            elif not _invisible(char):
                self.missing.add(char)
                yield REPLACEMENT

    def _has(self, char: str) -> bool:
        return any(face.covers(char) for face in self._faces)

    def _face(self, char: str) -> Face:
        return next(face for face in self._faces if face.covers(char))


def faces_for(language: str, chosen: Path | None = None) -> Faces:
    """The fonts of a document in `language`; `chosen` is the operator's own, asked before those found on the machine."""
    return Faces(_faces(language, chosen))


@lru_cache(maxsize=16)
def _faces(language: str, chosen: Path | None) -> Sequence[Face]:
    western = Face("Helvetica", "Helvetica-Bold", _in_helvetica)
    files = [_from_file(path) for path in ([chosen] if chosen else [])]
    files += [next(filter(None, (_from_file(Path(path)) for path in places)), None) for places in (CHINESE, FURTHER)]
    return (western, *[face for face in files if face], *_built_in(language))


def _built_in(language: str) -> Sequence[Face]:
    """Traditional characters first where the reader writes them."""
    first = "MSung-Light" if language.replace("-", "_").lower() in {"zh_hant", "zh_tw", "zh_hk"} else "STSong-Light"
    faces = []
    for name, charset in sorted(BUILT_IN, key=lambda one: one[0] != first):
        pdfmetrics.registerFont(_built_in_font(name))
        faces.append(Face(name, name, lambda char, charset=charset: char >= "\u2e80" and _encodes(char, charset)))  # type: ignore[misc]
    return faces


def _built_in_font(name: str) -> UnicodeCIDFont:
    """reportlab gives the Traditional font the Simplified one's encoding, with which readers show nothing at all."""
    font = UnicodeCIDFont(name)
    if name == "MSung-Light":
        font.encodingName = TRADITIONAL
    return font


def _from_file(path: Path) -> Face | None:
    """None where there is no such file; reportlab takes TrueType outlines alone, so a refused one is said and passed over."""
    if not path.exists():
        return None
    name = f"{path.stem}-{len(str(path))}"
    try:
        font = TTFont(name, str(path), subfontIndex=0)
    except (TTFError, OSError) as error:
        log.warning("%s cannot be used for reports: %s", path, error)
        return None
    pdfmetrics.registerFont(font)
    glyphs = font.face.charToGlyph
    return Face(name, name, lambda char: glyphs.get(ord(char), 0) > 0 and not _invisible(char))


def _in_helvetica(char: str) -> bool:
    return char >= " " and char != "\x7f" and _encodes(char, "cp1252")


def _encodes(char: str, charset: str) -> bool:
    try:
        char.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _invisible(char: str) -> bool:
    """Joiners, variation selectors and controls, which leave no mark of their own."""
    return unicodedata.category(char) in {"Cf", "Cc", "Cs"} or "\ufe00" <= char <= "\ufe0f"
