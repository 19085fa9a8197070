"""Import another community by replaying what happened there through the actions that people use, each at its own time.

Nothing is asked of anybody: no claim is opened for finance, no notice is written, nobody is asked for help. Each row is
kept with what it became in the same transaction, so an import may be killed anywhere and started again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from forum.actions.import_fitting import FITTED
from forum.actions.replay_happening import Replay
from forum.importing.port import Dump, Happening
from forum.kernel.database import writing
from forum.kernel.errors import Conflict, Invalid
from forum.kernel.ids import slug
from forum.kernel.messages import Message
from forum.markup.port import Markup
from forum.outbox.making import index_thread
from forum.threads.board import Board
from forum.threads.imported import ImportedRow, ImportedVote

OPEN = "open"  # the kind of the row that stands while an import is under way
AT_LEAST, AT_MOST = 500, 5_000  # happenings in one transaction: whole days, so that a day is reviewed as it ended
NAMED = 5  # rows that a remark names; the others are counted

# Settles what is due of ranks and badges at a time, some members at once; how many they were.
Review = Callable[[Session, datetime], int]


@dataclass(frozen=True)
class Importing:
    """`source` is the community's name, by which its rows are known again; `language` is what it is written in, if known."""

    sessions: sessionmaker[Session]
    markup: Markup
    clock: Callable[[], datetime]
    source: str
    board: str
    brand: str
    language: str | None = None
    review: Review | None = None


@dataclass(frozen=True)
class Imported:
    """`came_in` counts by kind what is new in this run; `remarks` all that had to be changed, in earlier runs too."""

    came_in: Mapping[str, int]
    left_out: Mapping[str, int]
    remarks: list[str] = field(default_factory=list)


def import_community(tools: Importing, dump: Dump, progress: Callable[[int, int], None]) -> Imported:
    """`progress` hears how many happenings are done, of how many. A second run changes nothing."""
    unfinished = _forget_what_came_in(tools, dump)
    total, came_in = dump.count(), dict[str, int]()
    if total or unfinished:
        board_id = _begin(tools)
        done = 0
        for days in _whole_days(dump.happenings()):
            with writing(), tools.sessions.begin() as session:
                _replay(session, tools, board_id, days, came_in)
            done += sum(len(happenings) for _day, happenings in days)
            progress(done, total)
        _finish(tools)
    with tools.sessions() as session:
        return Imported(came_in, dump.left_out, list(_remarks(session, tools.source)))


def clean_source(name: str) -> str:
    """Stands in mail addresses, so it is a plain word. Raises Invalid."""
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?", name, re.ASCII):
        words = Message("A source is one to forty small letters, digits and hyphens.")
        raise Invalid(words, {"source": words})
    return name


def _forget_what_came_in(tools: Importing, dump: Dump) -> bool:
    """Whether an import of this source was begun and not finished."""
    with tools.sessions() as session:
        rows = select(ImportedRow.kind, ImportedRow.remote_id).where(ImportedRow.source == tools.source)
        unfinished = False
        for kind, remote_id in session.execute(rows.execution_options(yield_per=1000)):
            unfinished = unfinished or kind == OPEN
            if kind not in FITTED:
                dump.forget(kind, [remote_id])
        votes = select(ImportedVote.remote_id).where(ImportedVote.source == tools.source)
        dump.forget("vote", session.scalars(votes.execution_options(yield_per=1000)))
    return unfinished


def _begin(tools: Importing) -> int:
    """The board's number; it is made where there is none of that name."""
    with writing(), tools.sessions.begin() as session:
        wanted = slug(tools.board)
        board = session.scalar(select(Board).where(Board.slug == wanted))
        if board is None:
            board = Board(slug=wanted, name=tools.board[:60], language=tools.language, created_at=tools.clock())
            session.add(board)
        elif board.private_since is not None:
            raise Conflict(Message("This board is private, and what is imported is for everybody."))
        standing = select(ImportedRow.id).where(ImportedRow.source == tools.source, ImportedRow.kind == OPEN)
        if session.scalar(standing) is None:
            session.add(ImportedRow(source=tools.source, kind=OPEN, remote_id=OPEN))
        session.flush()
        return board.id


Days = list[tuple[str, list[Happening]]]


def _whole_days(happenings: Iterator[tuple[str, Happening]]) -> Iterator[Days]:
    days: Days = []
    held = 0
    for day, happening in happenings:
        if not days or days[-1][0] != day:
            if held >= AT_LEAST:
                yield days
                days, held = [], 0
            days.append((day, []))
        days[-1][1].append(happening)
        held += 1
        if held >= AT_MOST:
            yield days
            days, held = [], 0
    if days:
        yield days


def _replay(session: Session, tools: Importing, board_id: int, days: Days, came_in: dict[str, int]) -> None:
    board = session.get_one(Board, board_id)
    replay = Replay(session, tools.source, board, tools.markup, tools.brand, tools.language)
    for day, happenings in days:
        for happening in happenings:
            if replay.tell(happening):
                came_in[happening.kind] = came_in.get(happening.kind, 0) + 1
        if day and tools.review is not None:
            _review(session, tools.review, datetime.fromisoformat(f"{day}T00:00:00+00:00"))
    replay.close()


def _review(session: Session, review: Review, day: datetime) -> None:
    while review(session, day + timedelta(days=1) - timedelta(seconds=1)):
        pass


def _finish(tools: Importing) -> None:
    """Each thread goes to the index once, and the import is over."""
    with writing(), tools.sessions.begin() as session:
        threads = select(ImportedRow.local_id).where(
            ImportedRow.source == tools.source, ImportedRow.kind == "question", ImportedRow.local_id.is_not(None)
        )
        now = tools.clock()
        session.add_all(index_thread(thread_id, now) for thread_id in session.scalars(threads) if thread_id)
        session.execute(delete(ImportedRow).where(ImportedRow.source == tools.source, ImportedRow.kind == OPEN))


def _remarks(session: Session, source: str) -> Iterator[str]:
    rows = select(ImportedRow.remote_id).where(ImportedRow.source == source).order_by(ImportedRow.id)
    for kind, sentence in FITTED.items():
        named = session.scalars(rows.where(ImportedRow.kind == kind)).all()
        if named:
            more = ", …" if len(named) > NAMED else ""
            yield f"{len(named)} {sentence}: {', '.join(named[:NAMED])}{more}"
