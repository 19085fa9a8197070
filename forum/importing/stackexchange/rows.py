"""The rows of one XML file, streamed. A file that declares a document type or an entity is refused before any is expanded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from forum.importing.port import DumpError
from forum.kernel.messages import Message

CHUNK = 1 << 16  # bytes
MOST_DEEP = 2  # the root and its rows

Row = Mapping[str, str]


def rows_of(path: Path) -> Iterator[Row]:
    """Each `row` element's attributes, in the order of the file, a chunk of it in memory at a time.

    Raises DumpError where the file cannot be opened, is no well-formed XML, holds another element, or declares anything.
    """
    reader = _Reader(path.name)
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield from reader.take(chunk)
            yield from reader.take(b"", last=True)
    except OSError as error:
        why = {"file": path.name, "why": error.strerror or "?"}
        raise DumpError(Message("%(file)s cannot be read: %(why)s", why)) from error


class _Reader:
    def __init__(self, name: str) -> None:
        self._name = name
        self._depth = 0
        self._rows: list[Row] = []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._declares
        self._parser.EntityDeclHandler = self._declares
        self._parser.StartElementHandler = self._begins
        self._parser.EndElementHandler = self._ends

    def take(self, chunk: bytes, last: bool = False) -> list[Row]:
        self._rows = []
        try:
            self._parser.Parse(chunk, last)
        except expat.ExpatError as error:
            why = expat.errors.messages.get(error.code, "?")
            where = {"file": self._name, "line": error.lineno, "why": why}
            raise DumpError(Message("%(file)s is broken at line %(line)s: %(why)s", where)) from error
        return self._rows

    def _declares(self, *_args: object) -> NoReturn:
        raise DumpError(
            Message("%(file)s declares a document type or an entity, which no dump does.", {"file": self._name})
        )

    def _begins(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 1:
            return
        if tag != "row" or self._depth > MOST_DEEP:
            where = {"file": self._name, "line": self._parser.CurrentLineNumber}
            raise DumpError(Message("%(file)s is no file of a Stack Exchange dump: see line %(line)s.", where))
        self._rows.append(attributes)

    def _ends(self, _tag: str) -> None:
        self._depth -= 1
