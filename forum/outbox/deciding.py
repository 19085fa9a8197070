"""A person's decision on a delivery: a conditional update on what they saw, so a second click or a race changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from forum.outbox.delivery import TRANSITIONS, Delivery, State

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Decision(StrEnum):
    """What a person can say of a delivery that could not be settled without them."""

    STANDS = "stands"  # the network shows it; of a retraction: the reply is gone there
    AGAIN = "again"
    GIVE_UP = "give_up"


OUTCOME = {Decision.STANDS: State.SENT, Decision.AGAIN: State.WAITING, Decision.GIVE_UP: State.CANCELLED}
# One that is still being read back is the worker's to cancel: it may stand on the network, and would then stand for ever.
_FOR_A_PERSON = {
    State.FAILED: tuple(Decision),
    State.PARKED: tuple(Decision),
    State.UNCERTAIN: (Decision.STANDS,),
}


@dataclass(frozen=True)
class Seen:
    """The state a person looked at, and when it was settled: a delivery that failed twice is not the same twice."""

    state: State
    settled_at: datetime | None

    @staticmethod
    def of(delivery: Delivery) -> Seen:
        return Seen(State(delivery.state), delivery.settled_at)

    @staticmethod
    def named(name: str) -> Seen | None:
        """From `name` in a form; None where that is none."""
        state, _dash, time = name.partition("-")
        if state not in set(State) or not (time == "" or (time.isdecimal() and len(time) < 18)):
            return None
        return Seen(State(state), _EPOCH + timedelta(microseconds=int(time)) if time else None)

    @property
    def name(self) -> str:
        if self.settled_at is None:
            return self.state
        return f"{self.state}-{(self.settled_at - _EPOCH) // timedelta(microseconds=1)}"


def decisions(state: str) -> Sequence[Decision]:
    """What a person may decide in this state; the transitions themselves stand in TRANSITIONS."""
    known = State(state)
    return [one for one in _FOR_A_PERSON.get(known, ()) if OUTCOME[one] in TRANSITIONS[known]]


def decide(session: Session, delivery: Delivery, seen: Seen, to: State, now: datetime, **facts: Any) -> bool:
    """False where the delivery is no longer what was seen."""
    if to not in TRANSITIONS[seen.state]:
        raise ValueError(f"a delivery does not go from {seen.state} to {to}")
    settled = Delivery.settled_at.is_(None) if seen.settled_at is None else Delivery.settled_at == seen.settled_at
    decided = session.execute(
        update(Delivery)
        .where(Delivery.id == delivery.id, Delivery.state == seen.state, settled)
        .values(**{"state": to, "settled_at": now, "claim": None, "lease_until": None, **facts})
        .execution_options(synchronize_session=False)
    )
    session.refresh(delivery)
    return isinstance(decided, CursorResult) and decided.rowcount == 1
