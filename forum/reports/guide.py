"""The guided strip of a sample community: how far somebody has followed a question on its way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.kernel.lease import Switch
from forum.kernel.messages import Message
from forum.listening.mention import Mention
from forum.outbox.delivery import Delivery, Kind, State
from forum.threads.thread import Thread


@dataclass(frozen=True)
class Step:
    word: Message
    href: str
    state: str  # done | now | later


def guide_for(session: Session) -> Sequence[Step] | None:
    """The five steps and which comes next; None where no sample community was planted.

    The steps are read from what has happened since the planting: the newest mention, its thread, its reply.
    """
    planted = session.get(Switch, "sample_planted_mention")
    if planted is None:
        return None
    thread = session.execute(
        select(Thread.id, Thread.first_reply_at, Thread.solved_at)
        .join(Mention, Mention.thread_id == Thread.id)
        .where(Mention.id > int(planted.value), Mention.opens_thread)
        .order_by(Mention.id.desc())
        .limit(1)
    ).first()
    thread_href = f"/threads/{thread.id}" if thread else "/"
    sent = thread is not None and _sent(session, thread.id)
    done = [
        thread is not None,
        thread is not None and thread.first_reply_at is not None,
        thread is not None and thread.solved_at is not None,
        sent,
        False,
    ]
    words = [
        (Message("Post in the sandbox"), "/sandbox"),
        (Message("Answer it here"), thread_href),
        (Message("Accept the answer"), thread_href),
        (Message("Watch it go back"), "/sandbox" if not sent else _reply_href(session, thread.id if thread else 0)),
        (Message("Read the report"), "/reports/deflection"),
    ]
    now_at = next(place for place, is_done in enumerate(done) if not is_done)
    return [
        Step(word, href, "done" if is_done else "now" if place == now_at else "later")
        for place, ((word, href), is_done) in enumerate(zip(words, done, strict=True))
    ]


def _sent(session: Session, thread_id: int) -> bool:
    count = select(func.count()).where(
        Delivery.thread_id == thread_id, Delivery.kind == Kind.REPLY, Delivery.state == State.SENT
    )
    return bool(session.scalar(count))


def _reply_href(session: Session, thread_id: int) -> str:
    return (
        session.scalar(select(Mention.permalink).where(Mention.thread_id == thread_id, Mention.opens_thread).limit(1))
        or "/sandbox"
    )
