"""The dump's rows in a scratch database of their own, so that a large one is put in order without being held in memory."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from forum.importing.port import DumpError
from forum.importing.stackexchange.rows import Row, rows_of
from forum.importing.stackexchange.values import BadValueError, moment, number, optional_moment, optional_number
from forum.kernel.messages import Message

QUESTION, ANSWER = 1, 2
ACCEPTED, UP, DOWN = 1, 2, 3
DUPLICATE = 3
BODIES = frozenset({"2", "5", "8"})  # PostHistoryTypeId: a body as first written, edited, rolled back

_TABLES = """
CREATE TABLE users (id INTEGER PRIMARY KEY, at TEXT, name TEXT, about TEXT);
CREATE TABLE posts (id INTEGER PRIMARY KEY, type INTEGER, parent INTEGER, accepted INTEGER, at TEXT, edited TEXT,
                    owner INTEGER, owner_name TEXT, title TEXT, tags TEXT, body TEXT);
CREATE TABLE bodies (post INTEGER PRIMARY KEY, at TEXT, id INTEGER, text TEXT);
CREATE TABLE comments (id INTEGER PRIMARY KEY, post INTEGER, at TEXT, owner INTEGER, owner_name TEXT, text TEXT);
CREATE TABLE votes (id INTEGER PRIMARY KEY, post INTEGER, type INTEGER, at TEXT);
CREATE TABLE links (id INTEGER PRIMARY KEY, post INTEGER, related INTEGER, type INTEGER, at TEXT);
"""


def _user(row: Row) -> tuple[object, ...]:
    return number(row, "Id"), moment(row, "CreationDate"), row.get("DisplayName", ""), row.get("AboutMe", "")


def _post(row: Row) -> tuple[object, ...]:
    kind = number(row, "PostTypeId")
    parent = number(row, "ParentId") if kind == ANSWER else None
    return (
        number(row, "Id"), kind, parent, optional_number(row, "AcceptedAnswerId"), moment(row, "CreationDate"),
        optional_moment(row, "LastEditDate"), optional_number(row, "OwnerUserId"), row.get("OwnerDisplayName", ""),
        row.get("Title", ""), row.get("Tags", ""), row.get("Body", ""),
    )  # fmt: skip


def _body(row: Row) -> tuple[object, ...] | None:
    if row.get("PostHistoryTypeId") not in BODIES:
        return None
    return number(row, "PostId"), moment(row, "CreationDate"), number(row, "Id"), row.get("Text", "")


def _comment(row: Row) -> tuple[object, ...]:
    return (
        number(row, "Id"), number(row, "PostId"), moment(row, "CreationDate"), optional_number(row, "UserId"),
        row.get("UserDisplayName", ""), row.get("Text", ""),
    )  # fmt: skip


def _vote(row: Row) -> tuple[object, ...]:
    return number(row, "Id"), number(row, "PostId"), number(row, "VoteTypeId"), moment(row, "CreationDate")


def _link(row: Row) -> tuple[object, ...]:
    return (
        number(row, "Id"), number(row, "PostId"), number(row, "RelatedPostId"), number(row, "LinkTypeId"),
        moment(row, "CreationDate"),
    )  # fmt: skip


_FILES: Mapping[str, tuple[str, Callable[[Row], tuple[object, ...] | None]]] = {
    "Users.xml": ("INSERT INTO users VALUES (?, ?, ?, ?)", _user),
    "Posts.xml": ("INSERT INTO posts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _post),
    # Of a post's bodies the last one counts; the file is in no promised order.
    "PostHistory.xml": (
        "INSERT INTO bodies VALUES (?, ?, ?, ?) ON CONFLICT (post) DO UPDATE SET at = excluded.at, id = excluded.id, "
        "text = excluded.text WHERE (excluded.at, excluded.id) > (at, id)",
        _body,
    ),
    "Comments.xml": ("INSERT INTO comments VALUES (?, ?, ?, ?, ?, ?)", _comment),
    "Votes.xml": ("INSERT INTO votes VALUES (?, ?, ?, ?)", _vote),
    "PostLinks.xml": ("INSERT INTO links VALUES (?, ?, ?, ?, ?)", _link),
}
NEEDED = ("Users.xml", "Posts.xml")

# Attributes that dumps are known to have; whether they are taken is told in docs/importing.md.
KNOWN = frozenset(
    "Id CreationDate DisplayName AboutMe Reputation LastAccessDate WebsiteUrl Location Views UpVotes DownVotes AccountId "  # noqa: SIM905 - words read as words
    "ProfileImageUrl Age EmailHash PostTypeId ParentId AcceptedAnswerId LastEditDate OwnerUserId OwnerDisplayName Title Tags Body "
    "Score ViewCount LastActivityDate CommentCount LastEditorUserId LastEditorDisplayName AnswerCount FavoriteCount ClosedDate "
    "CommunityOwnedDate DeletionDate ContentLicense PostHistoryTypeId PostId RevisionGUID UserId UserDisplayName Text Comment "
    "CloseReasonId VoteTypeId BountyAmount RelatedPostId LinkTypeId".split()
)


def stage(folder: Path, scratch: sqlite3.Connection) -> Counter[str]:
    """Read all files of `folder` into `scratch`; what was left out, by its reason. Raises DumpError before anything is imported."""
    left_out = Counter[str]()
    for needed in NEEDED:
        if not (folder / needed).is_file():
            raise DumpError(Message("%(file)s is not in the folder.", {"file": needed}))
    scratch.executescript(_TABLES)
    for name, (insert, values) in _FILES.items():
        if (folder / name).exists():
            for row in _staged(folder / name, left_out):
                _keep(scratch, insert, values, row, name, left_out)
        else:
            left_out[f"{name}, a file that is not in the folder"] += 1
    scratch.commit()
    return left_out


def _staged(path: Path, left_out: Counter[str]) -> Iterator[Row]:
    strange = Counter[str]()
    for row in rows_of(path):
        strange.update(row.keys() - KNOWN)
        yield row
    for attribute, rows in sorted(strange.items()):
        left_out[f"values of {attribute} in {path.name}, which this importer does not know"] += rows


def _keep(
    scratch: sqlite3.Connection,
    insert: str,
    values: Callable[[Row], tuple[object, ...] | None],
    row: Row,
    name: str,
    left_out: Counter[str],
) -> None:
    try:
        kept = values(row)
        if kept is not None:
            scratch.execute(insert, kept)
    except BadValueError as wrong:
        left_out[f"rows of {name} whose {wrong} is missing or cannot be read"] += 1
    except sqlite3.IntegrityError:
        left_out[f"rows of {name} whose Id another row has already"] += 1
