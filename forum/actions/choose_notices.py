"""Choose what to hear of, where, and until when to get no mail; and stop mails by the link that each of them carries."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy import delete
from sqlalchemy.orm import Session

from forum.kernel.database import lock
from forum.kernel.errors import Invalid
from forum.kernel.messages import Message
from forum.notices.choosing import Way, choices_of, default_way, offered
from forum.notices.events import EVENTS
from forum.notices.notice import NoticeChoice
from forum.people.account import Account

LONGEST_PAUSE = timedelta(days=366)


def choose_notices(
    session: Session, by: Account, chosen: Mapping[str, Way], *, paused_until: str, zone: tzinfo, now: datetime
) -> None:
    """`chosen` by event name; events that are not offered to this member are left as they are. `paused_until` is a
    day such as 2026-08-01, on which mails begin again, or empty. Raises Invalid."""
    until = _day(paused_until, zone, now)
    lock(session, by)
    for event in offered(by):
        if event.name in chosen:
            _keep(session, by.id, event.name, chosen[event.name])
    by.mail_paused_until = until
    session.flush()


def stop_mails(session: Session, account: Account, events: Collection[str]) -> None:
    """No mails about these any more; the page goes on as it was. Doing it twice changes nothing."""
    lock(session, account)
    ways = choices_of(session, account)
    for name in events:
        if name in ways:
            _keep(session, account.id, name, Way(ways[name].in_page, by_mail=False))
    session.flush()


def _keep(session: Session, account_id: int, event: str, way: Way) -> None:
    """Only what differs from the event's own way is a row, so that it says what was chosen."""
    session.execute(delete(NoticeChoice).where(NoticeChoice.account_id == account_id, NoticeChoice.event == event))
    if way != default_way(EVENTS[event]):
        choice = NoticeChoice(account_id=account_id, event=event, in_page=way.in_page, by_mail=way.by_mail)
        session.add(choice)
        session.flush()


def _day(text: str, zone: tzinfo, now: datetime) -> datetime | None:
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise _wrong(Message("This is not a date. Write it like 2026-08-01.")) from None
    until = datetime.combine(day, time(), zone)
    if until <= now:
        raise _wrong(Message("Please take a day that is still to come."))
    if until > now + LONGEST_PAUSE:
        raise _wrong(Message("At most a year, please."))
    return until


def _wrong(sentence: Message) -> Invalid:
    return Invalid(Message("Please check what is marked below."), {"paused_until": sentence})
