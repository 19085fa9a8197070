"""Private boards: who may read what stands on one. The only place that says so; lists, pages, search and actions ask here.

Whoever may not read a private board is told that there is no such thing, never that they may not see it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, case, select, true
from sqlalchemy.orm import Session

from forum.kernel.errors import NotFound
from forum.kernel.messages import Message
from forum.people.account import Account
from forum.people.permissions import Act, may
from forum.threads.board import Board
from forum.threads.thread import Thread


def may_read_board(board: Board, account: Account | None) -> bool:
    """Staff, and superfans whose rights say so, read private boards; everybody reads the others."""
    return board.private_since is None or may(account, Act.ENTER_PRIVATE_BOARDS)


def board_is_readable(account: Account | None) -> ColumnElement[bool]:
    """A condition on Board, for lists of boards."""
    return true() if may(account, Act.ENTER_PRIVATE_BOARDS) else Board.private_since.is_(None)


def thread_is_readable(account: Account | None) -> ColumnElement[bool]:
    """A condition on Thread, for every list of threads or of what stands in them. It adds no query."""
    return true() if may(account, Act.ENTER_PRIVATE_BOARDS) else ~thread_is_private()


def thread_is_private() -> ColumnElement[bool]:
    """A condition on Thread: it stands on a private board now."""
    return Thread.board_id.in_(select(Board.id).where(Board.private_since.is_not(None)))


def require_readable(session: Session, thread: Thread, account: Account | None) -> None:
    """Raises NotFound, as if the thread were not there. Every action on a thread or a post asks this first."""
    if not may_read_board(session.get_one(Board, thread.board_id), account):
        raise NotFound(Message("There is no such thread."))


def boards_beside(session: Session, board_id: int) -> Sequence[int]:
    """The boards whose threads may be shown beside one of `board_id`: the public ones, and itself."""
    beside = Board.private_since.is_(None) | (Board.id == board_id)
    return session.scalars(select(Board.id).where(beside)).all()


def public_title() -> ColumnElement[str]:
    """Of a thread in the company's report, which goes to people who may not read private boards: empty for those."""
    return case((thread_is_private(), ""), else_=Thread.title)


def public_slug() -> ColumnElement[str]:
    return case((thread_is_private(), ""), else_=Thread.slug)
