"""What the sample's people have heard of: the last week's news stands behind their bells, older ones are read, no mail goes out."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from forum.actions.spread_news import spread_news
from forum.kernel.database import writing
from forum.notices.notice import Notice
from forum.outbox.claiming import due
from forum.outbox.delivery import Delivery, Kind, State
from forum.people.account import Account

FRESH = timedelta(days=7)
AT_ONCE = 500


def settle_news(sessions: sessionmaker[Session], now: datetime) -> int:
    """How many notices are new. Nobody reads at the sample's addresses."""
    with writing(), sessions.begin() as session:
        session.execute(delete(Delivery).where(Delivery.kind == Kind.NEWS, Delivery.made_at < now - FRESH))
    while True:
        with sessions() as session:
            waiting = due(session, [Kind.NEWS], now, AT_ONCE)
        for delivery_id in waiting:
            spread_news(sessions, delivery_id, lambda: now)
        if len(waiting) < AT_ONCE:
            break
    with writing(), sessions.begin() as session:
        return _read_what_is_old(session, now)


def _read_what_is_old(session: Session, now: datetime) -> int:
    mails = select(Notice.mail_id).where(Notice.mail_id.is_not(None))
    cancelled = update(Delivery).where(Delivery.id.in_(mails), Delivery.state == State.WAITING)
    session.execute(cancelled.values(state=State.CANCELLED, settled_at=now))
    old = update(Notice).where(Notice.read_at.is_(None), Notice.made_at < now - FRESH)
    session.execute(old.values(read_at=Notice.made_at))
    unread = select(func.count()).where(Notice.account_id == Account.id, Notice.read_at.is_(None)).scalar_subquery()
    session.execute(update(Account).values(unread_notices=unread).execution_options(synchronize_session=False))
    return session.scalar(select(func.sum(Account.unread_notices))) or 0
