"""Tell a member of something: a notice, and a mail where they want one. Never of their own act, never twice of one thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from forum.notices.events import Event
from forum.notices.notice import Notice, NoticeChoice
from forum.outbox.mail import notice_delivery
from forum.people.account import Account


@dataclass(frozen=True)
class About:
    """`key` names the thing, such as `acceptance:17`; `details` holds what the sentence needs and no secret."""

    key: str
    thread_id: int | None = None
    post_id: int | None = None
    by_id: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def tell(session: Session, account_id: int, event: Event, about: About, now: datetime) -> bool:
    """Whether a notice was made: not for one's own act, a closed account, a thing already told, or an unwanted event."""
    account = session.get(Account, account_id)
    if account is None or account.closed_at is not None or about.by_id == account_id:
        return False
    choice = session.get(NoticeChoice, (account_id, event.name))
    in_page, by_mail = (choice.in_page, choice.by_mail) if choice else (event.in_page, event.by_mail)
    if not (in_page or by_mail):
        return False
    made = _add(session, account_id, event, about, in_page, now)
    if made is None:
        return False
    if in_page:
        account.unread_notices = Account.unread_notices + 1
    if by_mail and takes_mail(account):
        session.add(notice_delivery(made, now))
    session.flush()
    return True


def takes_mail(account: Account) -> bool:
    """Members who came in with an import have an address that no mail can reach (RFC 2606)."""
    return not account.email_key.endswith(".invalid")


def _add(session: Session, account_id: int, event: Event, about: About, in_page: bool, now: datetime) -> int | None:
    """The notice's id; None where the thing was told already."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(Notice).values(
        account_id=account_id, event=event.name, key=about.key, thread_id=about.thread_id, post_id=about.post_id,
        by_id=about.by_id, details=dict(about.details), in_page=in_page, made_at=now,
        read_at=None if in_page else now,
    )  # fmt: skip
    made: int | None = session.scalar(insert.on_conflict_do_nothing().returning(Notice.id))
    return made
