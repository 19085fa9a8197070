"""Make a board and change one. A board is never deleted while it has threads; its address never changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.kernel.database import lock
from forum.kernel.errors import Invalid
from forum.kernel.ids import slug
from forum.kernel.messages import Message
from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.threads.board import Board
from forum.threads.thread import Kind

LONGEST_NAME, LONGEST_DESCRIPTION, LONGEST_SLUG = 60, 300, 60
LANGUAGES = ("en", "zh", "zh-Hans", "zh-Hant", "ja", "ko", "de", "fr", "es", "pt", "it", "nl", "ru")
KINDS = (Kind.QUESTION, Kind.DISCUSSION, Kind.IDEA)


@dataclass(frozen=True)
class BoardFacts:
    """A board as an admin describes it. `position` counts from 1; `language` is empty for mentions in any language."""

    name: str
    description: str
    kind: str
    language: str
    position: int


def make_board(session: Session, facts: BoardFacts, by: Account, now: datetime) -> Board:
    require(by, Act.ARRANGE_BOARDS)
    _check(session, facts, None)
    board = Board(slug=_free_slug(session, facts.name), created_at=now)
    _describe(board, facts)
    session.add(board)
    session.flush()
    session.add(
        LogEntry(act=Act.ARRANGE_BOARDS, about=f"board:{board.id}", by_id=by.id, at=now, details={"made": board.name})
    )
    return board


def change_board(session: Session, board: Board, facts: BoardFacts, by: Account, now: datetime) -> None:
    """Threads keep the kind that they were asked as."""
    require(by, Act.ARRANGE_BOARDS)
    lock(session, board)
    _check(session, facts, board)
    before = board.name
    _describe(board, facts)
    details = {"from": before, "to": board.name}
    session.add(LogEntry(act=Act.ARRANGE_BOARDS, about=f"board:{board.id}", by_id=by.id, at=now, details=details))
    session.flush()


def _check(session: Session, facts: BoardFacts, board: Board | None) -> None:
    wrong: dict[str, Message] = {}
    name = facts.name.strip()
    if not slug(name) or len(name) > LONGEST_NAME:
        wrong["name"] = Message("A name of 1 to %(most)s characters, please.", {"most": LONGEST_NAME})
    elif session.scalar(select(Board.id).where(Board.name == name, Board.id != (board.id if board else 0))) is not None:
        wrong["name"] = Message("There is a board of this name already.")
    if len(facts.description) > LONGEST_DESCRIPTION:
        wrong["description"] = Message("At most %(most)s characters, please.", {"most": LONGEST_DESCRIPTION})
    if facts.kind not in KINDS:
        wrong["kind"] = Message("Please choose one of the kinds.")
    if facts.language and facts.language not in LANGUAGES:
        wrong["language"] = Message("Please choose one of the languages.")
    if wrong:
        raise Invalid(Message("Please check what is marked below."), wrong)


def _describe(board: Board, facts: BoardFacts) -> None:
    board.name = facts.name.strip()
    board.description = " ".join(facts.description.split())
    board.kind = facts.kind
    board.language = facts.language or None
    board.position = min(max(facts.position, 0), 1000)


def _free_slug(session: Session, name: str) -> str:
    """The name's own, with a number behind it where that is taken."""
    wanted = slug(name, LONGEST_SLUG - 5)
    taken = set(session.scalars(select(Board.slug).where(Board.slug.startswith(wanted, autoescape=True))))
    number = 2
    free = wanted
    while free in taken:
        free, number = f"{wanted}-{number}", number + 1
    return free


def next_position(session: Session) -> int:
    return (session.scalar(select(func.max(Board.position))) or 0) + 1
