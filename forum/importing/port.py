"""The port of importing: what happened in another community, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from forum.kernel.errors import ForumError


class DumpError(ForumError):
    """The dump cannot be read as it is. All of it is read before anything is imported."""

    status = 422


@dataclass(frozen=True)
class Member:
    """`former`: who left that community; their words stay under the name that the dump still gives, if any."""

    kind: ClassVar[str] = "member"
    remote_id: str
    display_name: str
    about: str  # plain text
    joined_at: datetime
    former: bool


@dataclass(frozen=True)
class Question:
    """`notes` are keys of what the reader had to change in the text, see `forum.importing.port.NOTES`."""

    kind: ClassVar[str] = "question"
    remote_id: str
    author: str  # a member's remote id
    title: str
    text: str  # Markdown
    tags: tuple[str, ...]
    at: datetime
    edited_at: datetime | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    kind: ClassVar[str] = "answer"
    remote_id: str
    question: str
    author: str
    text: str
    at: datetime
    edited_at: datetime | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Note:
    """A comment under a question or an answer."""

    kind: ClassVar[str] = "comment"
    remote_id: str
    post: str
    author: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Accepted:
    """`at` is after the answer; it is the day's beginning where the day is all that the dump knows."""

    kind: ClassVar[str] = "acceptance"
    remote_id: str  # the answer's
    at: datetime


@dataclass(frozen=True)
class Vote:
    """Whoever gave it is not known. `at` is the day's beginning, and never before the post."""

    kind: ClassVar[str] = "vote"
    remote_id: str
    post: str
    up: bool
    at: datetime


@dataclass(frozen=True)
class Duplicate:
    kind: ClassVar[str] = "duplicate"
    remote_id: str
    post: str
    of: str
    at: datetime


Happening = Member | Question | Answer | Note | Accepted | Vote | Duplicate

# Keys that an importer keeps beside the rows, and the sentence that follows their number.
CONVERTED, WORDS_DIFFER = "converted", "words differ"
NOTES: Mapping[str, str] = {
    CONVERTED: "texts were turned from HTML into Markdown, since their own Markdown reads otherwise here",
    WORDS_DIFFER: "texts read a little otherwise here than they did there",
}


class Dump(Protocol):
    """`left_out` says what is in the dump and never happens here, with how many rows of it there are."""

    left_out: Mapping[str, int]

    def forget(self, kind: str, remote_ids: Iterable[str]) -> None:
        """These came in before: they do not happen again."""
        ...

    def count(self) -> int:
        """How many happenings are left."""
        ...

    def happenings(self) -> Iterator[tuple[str, Happening]]:
        """Each with its day (`2014-01-21`), in order and the same each time: members first, under the day "", then by date.

        Within a day, what has the day alone comes last, by its number. Nothing comes before what it is about.
        """
        ...
