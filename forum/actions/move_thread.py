"""Move a thread to another board. What it earned stays where it was earned; its address stays, too."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from forum.actions.learn_expertise import learn_authors_soon
from forum.kernel.database import lock
from forum.kernel.errors import Invalid, NotFound
from forum.kernel.messages import Message
from forum.moderation.log import LogEntry
from forum.outbox.making import index_thread
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.threads.board import Board
from forum.threads.private_boards import may_read_board, require_readable
from forum.threads.thread import Thread


def move_thread(session: Session, thread: Thread, board: Board, by: Account, now: datetime) -> None:
    """The kind of the thread stays, so a question can still be solved. To the board where it stands changes nothing.

    Out of and into a private board only those move it who may read both, and never one that came from a network: who
    asked there could not read the answer any more.
    """
    require(by, Act.MOVE_THREADS)
    require_readable(session, thread, by)
    if not may_read_board(board, by):
        raise NotFound(Message("There is no such board."))
    lock(session, thread)
    if thread.board_id == board.id:
        return
    if board.private_since is not None and thread.origin_network is not None:
        sentence = Message("A thread from a network stays where everybody can read it.")
        raise Invalid(sentence, {"board": sentence})
    before = session.get_one(Board, thread.board_id)
    for one in sorted((before, board), key=lambda one: one.id):  # two who move at once must not wait for each other
        lock(session, one)
    before.thread_count -= 1
    board.thread_count += 1
    thread.board_id = board.id
    learn_authors_soon(session, Thread.id == thread.id, now)  # of this board now
    details = {"from": before.name, "to": board.name}
    about = f"thread:{thread.id}"
    session.add(LogEntry(act=Act.MOVE_THREADS, about=about, by_id=by.id, at=now, details=details))
    session.add(index_thread(thread.id, now))
    session.flush()
