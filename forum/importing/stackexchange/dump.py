"""A Stack Exchange dump as the port of importing wants it: its happenings in order, from a scratch database."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from forum.importing.choosing import Render, chosen_text
from forum.importing.html_tree import tree_of
from forum.importing.port import Accepted, Answer, Duplicate, Happening, Member, Note, Question, Vote
from forum.importing.stackexchange.order import put_in_order
from forum.importing.stackexchange.staging import UP, stage
from forum.importing.stackexchange.values import tag_names

NOBODY = "Former member"  # whom the dump gives no name
_TEXTS = "SELECT p.*, b.text AS markdown FROM posts p LEFT JOIN bodies b ON b.post = p.id WHERE p.id = ?"
_OF_POST = "SELECT s.at AS said_at, t.* FROM {} t JOIN said s ON s.id = t.post WHERE t.id = ?"


@contextmanager
def open_dump(folder: Path, render: Render) -> Iterator[StackExchangeDump]:
    """Reads and orders all of `folder` first; `render` shows how a text will read here. Raises DumpError."""
    scratch = sqlite3.connect("", isolation_level="DEFERRED")  # a file without a name: nobody has to remove it
    try:
        scratch.row_factory = sqlite3.Row
        scratch.execute("PRAGMA journal_mode=OFF")
        scratch.execute("PRAGMA synchronous=OFF")
        scratch.create_function("former_key", 3, _former_key, deterministic=True)
        left_out = stage(folder, scratch) + put_in_order(scratch)
        yield StackExchangeDump(scratch, render, left_out)
    finally:
        scratch.close()


class StackExchangeDump:
    """Implements `forum.importing.port.Dump`."""

    def __init__(self, scratch: sqlite3.Connection, render: Render, left_out: Mapping[str, int]) -> None:
        self.left_out = left_out
        self._scratch = scratch
        self._render = render

    def forget(self, kind: str, remote_ids: Iterable[str]) -> None:
        rows = ((kind, remote_id) for remote_id in remote_ids)
        self._scratch.executemany("INSERT OR IGNORE INTO forgotten VALUES (?, ?)", rows)
        self._scratch.commit()

    def count(self) -> int:
        return int(self._scratch.execute(f"SELECT count(*) {_LEFT}").fetchone()[0])

    def happenings(self) -> Iterator[tuple[str, Happening]]:
        read: Mapping[str, Callable[[str], Happening]] = {
            "member": self._member, "question": self._question, "answer": self._answer, "comment": self._note,
            "acceptance": self._accepted, "vote": self._vote, "duplicate": self._duplicate,
        }  # fmt: skip
        rows = self._scratch.execute(f"SELECT h.day, h.kind, h.id {_LEFT} ORDER BY h.seq")
        for day, kind, remote_id in rows:
            yield day, read[kind](remote_id)

    def _member(self, remote_id: str) -> Member:
        row = self._one("SELECT name, about, at, 0 AS former FROM users WHERE CAST(id AS TEXT) = ? "
                        "UNION ALL SELECT name, '', at, 1 FROM former WHERE key = ?", remote_id, remote_id)  # fmt: skip
        about = re.sub(r"\s*\n\s*", "\n", tree_of(row["about"]).text()).strip()
        return Member(remote_id, row["name"] or NOBODY, about, _time(row["at"]), bool(row["former"]))

    def _question(self, remote_id: str) -> Question:
        row = self._one(_TEXTS, int(remote_id))
        text, notes = chosen_text(row["body"], row["markdown"], self._render)
        tags = tuple(tag_names(row["tags"]))
        at, edited_at = _time(row["at"]), _edited(row)
        return Question(remote_id, self._author(row), row["title"], text, tags, at, edited_at, notes)

    def _answer(self, remote_id: str) -> Answer:
        row = self._one(_TEXTS, int(remote_id))
        text, notes = chosen_text(row["body"], row["markdown"], self._render)
        author, at, edited_at = self._author(row), _time(row["at"]), _edited(row)
        return Answer(remote_id, str(row["parent"]), author, text, at, edited_at, notes)

    def _note(self, remote_id: str) -> Note:
        row = self._one("SELECT * FROM comments WHERE id = ?", int(remote_id))
        return Note(remote_id, str(row["post"]), self._author(row), row["text"], _time(row["at"]))

    def _accepted(self, remote_id: str) -> Accepted:
        row = self._one(
            "SELECT a.at, s.at AS said_at FROM accepted a JOIN said s ON s.id = a.id WHERE a.id = ?", int(remote_id)
        )
        earliest = _time(row["said_at"]) + timedelta(seconds=1)
        return Accepted(remote_id, max(_time(row["at"]), earliest) if row["at"] else earliest)

    def _vote(self, remote_id: str) -> Vote:
        row = self._one(_OF_POST.format("votes"), int(remote_id))
        return Vote(remote_id, str(row["post"]), row["type"] == UP, max(_time(row["at"]), _time(row["said_at"])))

    def _duplicate(self, remote_id: str) -> Duplicate:
        row = self._one("SELECT * FROM links WHERE id = ?", int(remote_id))
        return Duplicate(remote_id, str(row["post"]), str(row["related"]), _time(row["at"]))

    def _author(self, row: sqlite3.Row) -> str:
        return self._former(row) or str(row["owner"])

    def _former(self, row: sqlite3.Row) -> str | None:
        known = self._scratch.execute("SELECT 1 FROM users WHERE id = ?", (row["owner"],)).fetchone()
        return _former_key(row["owner"], row["owner_name"], known is not None)

    def _one(self, query: str, *values: object) -> sqlite3.Row:
        row: sqlite3.Row = self._scratch.execute(query, values).fetchone()
        return row


_LEFT = "FROM happenings h WHERE NOT EXISTS (SELECT 1 FROM forgotten f WHERE f.kind = h.kind AND f.id = h.id)"


def _former_key(owner: int | None, name: str, known: int | None) -> str | None:
    """One member for each name that is left of those who have gone; None for whoever is still there."""
    if owner is not None and known:
        return None
    digest = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:16]
    return f"former-{digest}"


def _edited(row: sqlite3.Row) -> datetime | None:
    return _time(row["edited"]) if row["edited"] else None


def _time(written: str) -> datetime:
    return datetime.fromisoformat(written)
