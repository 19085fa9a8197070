"""Put replies that surely have not gone out back before staff: what was approved no longer is what would be sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from forum.outbox.delivery import Delivery, Kind, State
from forum.outbox.making import news
from forum.threads.acceptance import Acceptance


def hold_replies(
    session: Session, acceptance: Acceptance, again: str, now: datetime, *, worded_only: bool = False
) -> list[int]:
    """The ids of those that wait again. One that staff took over says what staff wrote, so it goes its way.

    `again` names the cause, so that staff hear of each once; `worded_only` leaves alone what nobody has worded yet.
    """
    waiting = (
        update(Delivery)
        .where(Delivery.acceptance_id == acceptance.id, Delivery.kind == Kind.REPLY)
        .where(Delivery.state == State.WAITING, Delivery.taken_over_by_id.is_(None))
    )
    if worded_only:
        waiting = waiting.where(Delivery.text.is_not(None))
    held = session.scalars(
        waiting.values(
            state=State.HELD, settled_at=None, approved_by_id=None, approved_at=None, edited_by_id=None, text=None
        )
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    ).all()
    for reply_id in sorted(held):
        session.refresh(session.get_one(Delivery, reply_id))
        told = news("held", reply_id, acceptance.thread_id, now, again=f":{again}")
        told.key = f"{told.key}:{again}"
        session.add(told)
    return sorted(held)
