"""The bytes of a contact file as rows of text: packed, unpacked piece by piece, decoded, split into cells.

Nothing here holds a whole file in memory but its packed bytes; a file of half a million rows is read like one of ten.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from forum.kernel.errors import Invalid
from forum.kernel.messages import Message

PIECE = 64 * 1024
LARGEST = 50 * 1024 * 1024  # bytes, as it is sent
LARGEST_UNPACKED = 200 * 1024 * 1024  # bytes of text; a small packed file can be a very large one
SAMPLE = 256 * 1024  # bytes that guesses are made from
LONGEST_CELL = 100_000  # characters; a quotation mark that is never closed would swallow the rest of the file

ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "big5hkscs", "cp1252")
SEPARATORS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Packed:
    body: bytes  # zlib
    sha256: str  # of the text itself, so that a file and its gzip are the same


@dataclass(frozen=True)
class Record:
    """`number` is the row as a spreadsheet counts it, the head being 1. `cells` is None where it could not be split."""

    number: int
    cells: list[str] | None


def pack(stream: BinaryIO) -> Packed:
    """Reads to the end; a gzip file is taken apart. Raises Invalid for one that is too large, empty or damaged."""
    start = stream.read(2)
    stream.seek(0)
    source = gzip.GzipFile(fileobj=stream) if start == b"\x1f\x8b" else stream
    packer, digest, pieces, length = zlib.compressobj(6), hashlib.sha256(), [], 0
    try:
        while piece := source.read(PIECE):
            length += len(piece)
            if length > LARGEST_UNPACKED:
                raise _refused(Message("This file is too large. Please send it in parts, a month each, say."))
            digest.update(piece)
            pieces.append(packer.compress(piece))
    except (OSError, EOFError, zlib.error) as error:
        raise _refused(Message("This file is damaged: it could not be unpacked.")) from error
    if length == 0:
        raise _refused(Message("This file is empty."))
    return Packed(b"".join([*pieces, packer.flush()]), digest.hexdigest())


def first_bytes(body: bytes) -> bytes:
    return io.BufferedReader(_Unpacked(body), PIECE).read(SAMPLE)


def read_records(body: bytes, encoding: str, separator: str) -> Iterator[Record]:
    """Every row of the file, also empty ones, so that their numbers are those of a spreadsheet."""
    # A character that the encoding does not know becomes U+FFFD, which a row is then refused for.
    text = io.TextIOWrapper(io.BufferedReader(_Unpacked(body), PIECE), encoding, errors="replace", newline="")
    rows = csv.reader(text, delimiter=separator)
    csv.field_size_limit(LONGEST_CELL)
    number = 0
    while True:
        number += 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield Record(number, None)
            continue
        if number == 1 and cells:
            cells[0] = cells[0].removeprefix("\ufeff")
        yield Record(number, [_plain(cell) for cell in cells])


def guess_encoding(sample: bytes) -> str:
    """By its mark, else by what can be read: UTF-8 is hardly ever right by chance, the others are told by their letters."""
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) > len(sample) // 10:
        return "utf-16-be" if even > odd else "utf-16-le"
    if _decodes(sample, "utf-8"):
        return "utf-8-sig"
    if _high_bytes_stand_alone(sample):
        return "cp1252"
    chinese = {name: _common_han(sample, name) for name in ("gb18030", "big5hkscs")}
    best = max(chinese, key=lambda name: chinese[name])
    return best if chinese[best] > 0 else "cp1252"


def guess_separator(text: str) -> str:
    """The one that cuts most of the first rows into the same number of cells."""

    def agreement(separator: str) -> tuple[int, int]:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(text), delimiter=separator) if row][:30]
        except csv.Error:
            return 0, 0
        width, times = Counter(widths).most_common(1)[0] if widths else (0, 0)
        return (times, width) if width > 1 else (0, 0)

    best = max(SEPARATORS, key=agreement)
    return best if agreement(best) > (0, 0) else ","


class _Unpacked(io.RawIOBase):
    """A stream over packed bytes that unpacks no more than is asked for."""

    def __init__(self, body: bytes) -> None:
        self._unpacker = zlib.decompressobj()
        self._body = memoryview(body)
        self._fed = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        while not self._unpacker.eof:
            given = self._unpacker.unconsumed_tail or self._next()
            piece = self._unpacker.decompress(given, len(view))
            if piece:
                view[: len(piece)] = piece
                return len(piece)
            if not given:
                break
        return 0

    def _next(self) -> memoryview:
        """A piece at a time, since what is not yet unpacked is copied with every call."""
        given = self._body[self._fed : self._fed + PIECE // 4]
        self._fed += len(given)
        return given


def _plain(cell: str) -> str:
    """Without the ="..." by which exports keep a spreadsheet from dropping leading zeros."""
    cell = cell.strip()
    return cell[2:-1] if len(cell) > 2 and cell.startswith('="') and cell.endswith('"') else cell


def _decodes(sample: bytes, encoding: str) -> bool:
    """The sample may end amid a character."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _high_bytes_stand_alone(sample: bytes) -> bool:
    """In European text a letter with an accent stands between plain ones; Chinese bytes come in pairs."""
    high = [place for place, byte in enumerate(sample) if byte >= 0x80]
    alone = [
        place
        for place in high
        if (place == 0 or sample[place - 1] < 0x80) and sample[place + 1 : place + 2] < b"\x80"
        and (place + 2 >= len(sample) or sample[place + 2] < 0x80)
    ]  # fmt: skip
    return len(alone) * 2 > len(high)


def _common_han(sample: bytes, encoding: str) -> float:
    """The share of common characters among those beyond ASCII; 0 where the encoding cannot have written this."""
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return 0.0
    beyond = [character for character in text if character > "\x7f"]
    return sum(_is_common(character, encoding) for character in beyond) / len(beyond) if beyond else 0.0


def _is_common(character: str, encoding: str) -> bool:
    """The first level of either character set holds what is written every day; marks of punctuation count too."""
    try:
        pair = character.encode("gb2312" if encoding == "gb18030" else "big5")
    except UnicodeEncodeError:
        return False
    first, last = (0xB0, 0xD7) if encoding == "gb18030" else (0xA4, 0xC6)
    return len(pair) == 2 and (first <= pair[0] <= last or pair[0] in (0xA1, 0xA3))


def _refused(message: Message) -> Invalid:
    return Invalid(message, {"file": message})
