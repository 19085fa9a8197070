"""Where a member wants to hear of an event: as they chose, else as the event says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.kernel.database import numbers
from forum.notices.events import EVENTS, Event
from forum.notices.notice import NoticeChoice
from forum.people.account import Account


@dataclass(frozen=True)
class Way:
    in_page: bool
    by_mail: bool

    @property
    def anywhere(self) -> bool:
        return self.in_page or self.by_mail


def default_way(event: Event) -> Way:
    return Way(event.in_page, event.by_mail)


def ways_of(session: Session, wanted: Mapping[int, Event]) -> dict[int, Way]:
    """By account, for the event that each would be told of; one query."""
    ways = {account_id: default_way(event) for account_id, event in wanted.items()}
    names = {event.name for event in wanted.values()}
    chosen = select(NoticeChoice).where(
        NoticeChoice.account_id.in_(numbers(wanted)), NoticeChoice.event.in_(sorted(names))
    )
    for choice in session.scalars(chosen):
        if wanted[choice.account_id].name == choice.event:
            ways[choice.account_id] = Way(choice.in_page, choice.by_mail)
    return ways


def choices_of(session: Session, account: Account) -> dict[str, Way]:
    """Every event that this member can be told of, by name, in the order of EVENTS."""
    kept = select(NoticeChoice).where(NoticeChoice.account_id == account.id)
    chosen = {choice.event: Way(choice.in_page, choice.by_mail) for choice in session.scalars(kept)}
    return {event.name: chosen.get(event.name, default_way(event)) for event in offered(account)}


def offered(account: Account) -> list[Event]:
    return [event for event in EVENTS.values() if account.is_staff or not event.for_staff]
