"""Dumps to import: a small made-up one, the real one of TEST_DATA, and the first days of that."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

import pytest

BEER = Path(os.environ.get("TEST_DATA") or Path(__file__).parents[3] / "shared" / "data") / "qa" / "beer"
needs_beer = pytest.mark.skipif(not BEER.is_dir(), reason="TEST_DATA has no qa/beer")

Row = Mapping[str, str]
FILES = ("Users", "Posts", "Comments", "Votes", "PostHistory", "PostLinks", "Tags")


def write_dump(folder: Path, **files: Iterable[Row]) -> Path:
    """One file for each keyword, such as Users=[{...}]."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in files.items():
        written = "\n".join(
            f"  <row {' '.join(f'{key}={quoteattr(value)}' for key, value in row.items())} />" for row in rows
        )
        (folder / f"{name}.xml").write_text(
            f'<?xml version="1.0" encoding="utf-8"?>\n<all>\n{written}\n</all>\n', "utf-8"
        )
    return folder


def beer_rows(name: str) -> list[Row]:
    """Read by other means than the importer's."""
    return [dict(row.attrib) for row in ElementTree.parse(BEER / f"{name}.xml").getroot()]


def first_days(folder: Path, until: str) -> Path:
    """The real dump up to the day `until`, which is left out."""
    files = {name: [row for row in beer_rows(name) if row.get("CreationDate", "") < until] for name in FILES}
    answers = {row["Id"] for row in files["Posts"]}
    files["Posts"] = [
        {key: value for key, value in row.items() if key != "AcceptedAnswerId" or value in answers}
        for row in files["Posts"]
    ]
    return write_dump(folder, **files)


def user(number: int, name: str, **more: str) -> Row:
    return {"Id": str(number), "DisplayName": name, "CreationDate": "2020-01-01T08:00:00.000", **more}


def question(number: int, owner: int | None, **more: str) -> Row:
    return {
        "Id": str(number), "PostTypeId": "1", "CreationDate": "2020-02-01T10:00:00.000", "Title": "Why does my cask leak?",
        "Body": "<p>It drips at night.</p>", "Tags": "<cask><leak>", **_owner(owner), **more,
    }  # fmt: skip


def reply(number: int, to: int, owner: int | None, **more: str) -> Row:
    return {
        "Id": str(number), "PostTypeId": "2", "ParentId": str(to), "CreationDate": "2020-02-01T11:00:00.000",
        "Body": "<p>Change the seal.</p>", **_owner(owner), **more,
    }  # fmt: skip


def remark(number: int, post: int, owner: int | None, text: str = "Thanks.", **more: str) -> Row:
    author = {"UserId": str(owner)} if owner is not None else {}
    at = "2020-02-01T12:00:00.000"
    return {"Id": str(number), "PostId": str(post), "Text": text, "CreationDate": at, **author, **more}


def vote(number: int, post: int, kind: int = 2, day: str = "2020-02-01") -> Row:
    return {"Id": str(number), "PostId": str(post), "VoteTypeId": str(kind), "CreationDate": f"{day}T00:00:00.000"}


def _owner(owner: int | None) -> Row:
    return {} if owner is None else {"OwnerUserId": str(owner)}
