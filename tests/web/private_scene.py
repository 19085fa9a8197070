"""A board that everybody could read, with all that a thread leaves behind, until it was made private.

What may not be seen afterwards is written in words that stand nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.accept_answer import accept_answer
from forum.actions.comment import comment
from forum.actions.edit_post import edit_post
from forum.actions.follow_thread import follow_thread, have_same_problem
from forum.actions.give_kudos import give_kudos
from forum.actions.index_threads import index_threads
from forum.actions.qualify_claims import qualify_claims
from forum.actions.state_intent import state_intent
from forum.kernel.clock import utc_now
from forum.ledger.claim import Claim
from forum.notices.notice import Notice
from forum.threads.board import Board
from forum.threads.post import Post
from forum.threads.thread import SimilarThread, Thread, ThreadLink
from tests.application import QuietParts
from tests.cast import Cast
from tests.scene import Stage

# One for each place that could leak: the board's name and line, title, tag, question, edit, answer, comment.
SECRETS = (
    "zanzibar", "quagmire", "marmalade", "xylotag", "obsidian", "farthing", "tangerine", "whippoorwill",
)  # fmt: skip


@dataclass(frozen=True)
class PrivateScene:
    board: Board
    thread: Thread
    question: Post
    answer: Post
    beside: Thread  # public, and similar to the private one


def private_scene(session: Session, parts: QuietParts, stage: Stage, cast: Cast) -> PrivateScene:
    """Sue asked on the board, Ann answered, and everybody took part while they could."""
    board = stage.board("zanzibar-room", description="About a quagmire.")
    public = stage.board("wifi")
    thread = stage.thread(
        cast.sue, board, title="Marmalade on the router", text="An obsidian farthing.", tags=["xylotag"]
    )
    answer = stage.answer(thread, cast.bob, "A tangerine on the router.")
    stage.answer(thread, cast.ada, "I have that, too.")
    question = session.scalars(select(Post).where(Post.thread_id == thread.id, Post.number == 1)).one()
    comment(session, thread, answer, cast.bob, text="Like a whippoorwill.", markup=stage.markup, now=stage.clock())
    edit_post(
        session, thread, question, cast.sue, text="An obsidian farthing, and a router.", markup=stage.markup,
        now=stage.clock.pass_by(minutes=1),
    )  # fmt: skip
    for one in (cast.ada, cast.bob, cast.fay, cast.mallory):
        follow_thread(session, thread, one, stage.clock())
    have_same_problem(session, thread, cast.ada, stage.clock())
    give_kudos(session, thread, answer, cast.ada, stage.clock())
    accept_answer(session, thread, answer, cast.sue, now=stage.clock.pass_by(minutes=1))
    _into_the_ledger(session, thread, cast, stage)
    beside = stage.thread(cast.ada, public, title="My router drops", text="The router.")
    reply = stage.answer(beside, cast.bob, "Restart the router.")
    accept_answer(session, beside, reply, cast.ada, now=stage.clock.pass_by(minutes=1))
    session.commit()
    while index_threads(parts.sessions, parts.index, utc_now):
        pass
    _beside_each_other(session, thread, beside, stage)
    session.add_all(
        Notice(
            account_id=one.id, event="followed", key=f"post:{answer.id}", thread_id=thread.id, post_id=answer.id,
            by_id=cast.sue.id, details={}, made_at=stage.clock(),
        )
        for one in (cast.ada, cast.bob, cast.fay, cast.mallory)
    )  # fmt: skip
    board.private_since = stage.clock.pass_by(minutes=1)
    session.commit()
    return PrivateScene(board, thread, question, answer, beside)


def _into_the_ledger(session: Session, thread: Thread, cast: Cast, stage: Stage) -> None:
    """Its claim came to its day before the board was made private."""
    claim = session.scalars(select(Claim).where(Claim.thread_id == thread.id)).one()
    state_intent(session, claim, thread, cast.sue, intent="yes", channel="phone", now=stage.clock())
    qualify_claims(session, utc_now().tzinfo, claim.due_at + timedelta(minutes=1))  # type: ignore[arg-type]


def _beside_each_other(session: Session, thread: Thread, beside: Thread, stage: Stage) -> None:
    if session.get(SimilarThread, (beside.id, 0)) is None:
        session.add(SimilarThread(thread_id=beside.id, rank=0, other_id=thread.id))
    session.add(ThreadLink(thread_id=beside.id, other_id=thread.id, made_at=stage.clock()))
    session.add(ThreadLink(thread_id=thread.id, other_id=beside.id, made_at=stage.clock()))
