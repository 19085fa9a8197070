"""Make a board and change one. A board is never deleted while it has threads; its address never changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.actions.learn_expertise import learn_authors_soon
from forum.kernel.database import lock
from forum.kernel.errors import Invalid
from forum.kernel.ids import numbered, slug
from forum.kernel.messages import Message
from forum.listening.connection import Connection
from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.threads.board import Board
from forum.threads.thread import Kind, Thread

LONGEST_NAME, LONGEST_DESCRIPTION, LONGEST_SLUG = 60, 300, 60
LANGUAGES = ("en", "zh", "zh-Hans", "zh-Hant", "ja", "ko", "de", "fr", "es", "pt", "it", "nl", "ru")
KINDS = (Kind.QUESTION, Kind.DISCUSSION, Kind.IDEA)


@dataclass(frozen=True)
class BoardFacts:
    """A board as an admin describes it. `position` counts from 1; `language` is empty for mentions in any language.

    A private one is for staff, and superfans whose rights say so, alone.
    """

    name: str
    description: str
    kind: str
    language: str
    position: int
    private: bool = False


def make_board(session: Session, facts: BoardFacts, by: Account, now: datetime) -> Board:
    require(by, Act.ARRANGE_BOARDS)
    _check(session, facts, None)
    board = Board(slug=_free_slug(session, facts.name), created_at=now)
    _describe(board, facts, now)
    session.add(board)
    session.flush()
    details = {"made": board.name, **({"private": "yes"} if facts.private else {})}
    session.add(LogEntry(act=Act.ARRANGE_BOARDS, about=f"board:{board.id}", by_id=by.id, at=now, details=details))
    return board


def change_board(session: Session, board: Board, facts: BoardFacts, by: Account, now: datetime) -> None:
    """Threads keep the kind that they were asked as."""
    require(by, Act.ARRANGE_BOARDS)
    lock(session, board)
    _check(session, facts, board)
    before, was_private = board.name, board.private_since is not None
    _describe(board, facts, now)
    details = {"from": before, "to": board.name}
    if facts.private != was_private:
        details["private"] = "yes" if facts.private else "no"
        learn_authors_soon(session, Thread.board_id == board.id, now)
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
    if facts.private and (why := _why_not_private(session, facts, board)) is not None:
        wrong["private"] = why
    if wrong:
        raise Invalid(Message("Please check what is marked below."), wrong)


def _why_not_private(session: Session, facts: BoardFacts, board: Board | None) -> Message | None:
    """Whoever asked on a network has to be able to read what is answered here."""
    if facts.language:
        return Message("Mentions go to this board by their language, and who wrote them could not read it.")
    if board is None:
        return None
    heard = select(Connection.id).where(Connection.board_id == board.id, Connection.removed_at.is_(None))
    if session.scalar(heard.limit(1)) is not None:
        return Message("A connected network brings its mentions to this board.")
    asked = select(Thread.id).where(Thread.board_id == board.id, Thread.origin_network.is_not(None))
    if session.scalar(asked.limit(1)) is not None:
        return Message("Threads from networks stand on this board, and who asked could not read them any more.")
    return None


def _describe(board: Board, facts: BoardFacts, now: datetime) -> None:
    board.name = facts.name.strip()
    board.description = " ".join(facts.description.split())
    board.kind = facts.kind
    board.language = facts.language or None
    board.position = min(max(facts.position, 0), 1000)
    if facts.private != (board.private_since is not None):
        board.private_since = now if facts.private else None


def _free_slug(session: Session, name: str) -> str:
    """The name's own, with a number behind it where that is taken."""
    wanted = slug(name, LONGEST_SLUG - 5)
    taken = set(session.scalars(select(Board.slug).where(Board.slug.startswith(wanted, autoescape=True))))
    return numbered(wanted, taken)


def next_position(session: Session) -> int:
    return (session.scalar(select(func.max(Board.position))) or 0) + 1
