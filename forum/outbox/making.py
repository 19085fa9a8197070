"""The rows that causes put into the outbox. Each has a key of its own, so a cause makes one delivery."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from forum.outbox.delivery import Delivery, Kind, State

if TYPE_CHECKING:
    from forum.listening.mention import Mention
    from forum.threads.acceptance import Acceptance


def index_thread(thread_id: int, now: datetime) -> Delivery:
    """The thread changed: the search index should read it again."""
    return Delivery(kind=Kind.INDEX, key=f"index:{thread_id}:{uuid4()}", thread_id=thread_id, made_at=now, due_at=now)


def news(what: str, number: int, thread_id: int, now: datetime, **facts: object) -> Delivery:
    """Something happened in the thread that others want to know: `what` (post, edit, comment, acceptance, held) and its number.

    Who they are, thousands perhaps, is found by the worker that tells them.
    """
    payload = {"about": what, "id": number, **facts}
    key = f"news:{what}:{number}"
    return Delivery(kind=Kind.NEWS, key=key, thread_id=thread_id, made_at=now, due_at=now, payload=payload)


def mirror(acceptance: Acceptance, mention: Mention, *, approved: bool, now: datetime) -> Delivery:
    """The accepted answer on its way to one who asked; held until staff approve where the author is not trusted yet.

    Its text is worded by the worker that sends it first, since only the network knows how long it may be.
    """
    return Delivery(
        kind=Kind.REPLY,
        key=f"reply:{acceptance.id}:{mention.id}",
        state=State.WAITING if approved else State.HELD,
        thread_id=acceptance.thread_id,
        acceptance_id=acceptance.id,
        mention_id=mention.id,
        made_at=now,
        due_at=now,
    )


def retract(reply: Delivery, policy: str, now: datetime, *, late: str = "") -> Delivery:
    """Takes `reply` away again, or corrects it by a follow-up, as the connection's policy says.

    `late` names a sending that came through after the reply had been given up: one more cause, one more retraction.
    """
    return Delivery(
        kind=Kind.RETRACTION,
        key=f"retraction:{reply.id}:{late}" if late else f"retraction:{reply.id}",
        thread_id=reply.thread_id,
        acceptance_id=reply.acceptance_id,
        mention_id=reply.mention_id,
        of_id=reply.id,
        payload={"policy": policy},
        made_at=now,
        due_at=now,
    )
