"""Mark notices as read; each act also sets the account's count anew from the rows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from forum.kernel.database import lock
from forum.kernel.errors import NotFound
from forum.kernel.messages import Message
from forum.notices.notice import Notice
from forum.people.account import Account


def read_notice(session: Session, notice_id: int, by: Account, now: datetime) -> Notice:
    """One's own; raises NotFound for anybody else's. Reading again changes nothing."""
    lock(session, by)  # before the notice: whoever tells does the same
    notice = session.get(Notice, notice_id, populate_existing=True)
    if notice is None or notice.account_id != by.id or not notice.in_page:
        raise NotFound(Message("There is no such notification."))
    if notice.read_at is None:
        notice.read_at = now
    _count(session, by)
    return notice


def read_all_notices(session: Session, by: Account, up_to: int, now: datetime) -> None:
    """Those with ids up to `up_to`: what came after the page was shown stays unread."""
    lock(session, by)
    unread = update(Notice).where(Notice.account_id == by.id, Notice.read_at.is_(None), Notice.id <= up_to)
    session.execute(unread.values(read_at=now))
    _count(session, by)


def count_unread(session: Session, account: Account) -> int:
    """From the rows; what `Account.unread_notices` keeps."""
    unread = select(func.count()).where(Notice.account_id == account.id, Notice.read_at.is_(None))
    return session.scalar(unread) or 0


def _count(session: Session, account: Account) -> None:
    session.flush()
    account.unread_notices = count_unread(session, account)
    session.flush()
