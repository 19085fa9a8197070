"""What the bench of routing reads of a Stack Exchange dump: questions, answers, accepted marks and up-votes, each with its time."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.etree.ElementTree import iterparse

QUESTION, ANSWER = "1", "2"  # PostTypeId
ACCEPTED, UP = "1", "2"  # VoteTypeId; votes carry their day alone


@dataclass(frozen=True)
class Asked:
    id: int
    at: datetime
    asker: int | None
    accepted: int | None
    text: str
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Answered:
    id: int
    at: datetime
    by: int
    question: int
    text: str
    accepted_on: datetime | None
    ups: tuple[datetime, ...]


@dataclass(frozen=True)
class Dump:
    """In order of time. Answers without an owner, or to a question that the dump has not, are left out."""

    questions: Sequence[Asked]
    answers: Sequence[Answered]

    def question(self) -> Mapping[int, Asked]:
        return {one.id: one for one in self.questions}


def read_dump(folder: Path) -> Dump:
    posts = list(_rows(folder / "Posts.xml"))
    accepted, ups = _votes(folder / "Votes.xml")
    questions = [_asked(row) for row in posts if row["PostTypeId"] == QUESTION]
    known = {one.id for one in questions}
    answers = [
        Answered(
            id=(number := int(row["Id"])),
            at=_time(row["CreationDate"]),
            by=int(row["OwnerUserId"]),
            question=int(row["ParentId"]),
            text=_plain(row["Body"]),
            accepted_on=accepted.get(number),
            ups=tuple(sorted(ups.get(number, ()))),
        )
        for row in posts
        if row["PostTypeId"] == ANSWER and "OwnerUserId" in row and int(row["ParentId"]) in known
    ]
    return Dump(sorted(questions, key=lambda one: (one.at, one.id)), sorted(answers, key=lambda one: (one.at, one.id)))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    for _event, element in iterparse(path):
        if element.tag == "row":
            yield dict(element.attrib)
            element.clear()


def _votes(path: Path) -> tuple[dict[int, datetime], dict[int, list[datetime]]]:
    accepted: dict[int, datetime] = {}
    ups: defaultdict[int, list[datetime]] = defaultdict(list)
    for row in _rows(path):
        day = _time(row["CreationDate"])
        if row["VoteTypeId"] == ACCEPTED:
            accepted[int(row["PostId"])] = day
        elif row["VoteTypeId"] == UP:
            ups[int(row["PostId"])].append(day)
    return accepted, ups


def _asked(row: Mapping[str, str]) -> Asked:
    owner, accepted = row.get("OwnerUserId"), row.get("AcceptedAnswerId")
    return Asked(
        id=int(row["Id"]),
        at=_time(row["CreationDate"]),
        asker=int(owner) if owner else None,
        accepted=int(accepted) if accepted else None,
        text=f"{row.get('Title', '')}\n{_plain(row['Body'])}",
        tags=tuple(re.findall(r"[^<>|]+", row.get("Tags", ""))),  # <a><b> in older dumps, |a|b| in newer ones
    )


def _time(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def _plain(body: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", body))
