"""Tell members of something: a notice, and a mail where they want one. Never of their own act, never twice of one thing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from forum.kernel.database import numbers
from forum.notices.choosing import Way, ways_of
from forum.notices.events import Event
from forum.notices.notice import Notice
from forum.outbox.delivery import Delivery, State
from forum.outbox.mail import notice_delivery
from forum.people.account import Account
from forum.threads.board import Board
from forum.threads.private_boards import may_read_board
from forum.threads.thread import Thread


@dataclass(frozen=True)
class About:
    """`key` names the thing, such as `acceptance:17`; `details` holds what the sentence needs and no secret (docs/notifications.md)."""

    key: str
    thread_id: int | None = None
    post_id: int | None = None
    by_id: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def tell(session: Session, account_id: int, event: Event, about: About, now: datetime) -> bool:
    """Whether a notice was made: not for one's own act, a closed account, a thing already told, an unwanted event,
    or a thread that the member may not read."""
    return tell_all(session, {account_id: event}, about, now) == 1


def tell_all(session: Session, wanted: Mapping[int, Event], about: About, now: datetime) -> int:
    """Tell each account its event of one thing; how many notices were made. A fixed number of statements.

    The accounts are held until the transaction ends, in the order of their ids: callers who tell in several calls
    within one transaction hold them in this order before.
    """
    ways = ways_of(session, wanted)
    accounts = [one for one in _hold(session, wanted, about) if ways[one.id].anywhere]
    if not accounts:
        return 0
    made = _add(session, {one.id: (wanted[one.id], ways[one.id]) for one in accounts}, about, now)
    shown = [account_id for account_id in made if ways[account_id].in_page]
    if shown:
        counted = update(Account).where(Account.id.in_(numbers(shown)))
        session.execute(counted.values(unread_notices=Account.unread_notices + 1))
    mailed = [one.id for one in accounts if one.id in made and ways[one.id].by_mail and takes_mail(one, now)]
    _mail(session, {account_id: made[account_id] for account_id in mailed}, about, now)
    session.flush()
    return len(made)


def takes_mail(account: Account, now: datetime) -> bool:
    """Nobody has an address of that kind (RFC 2606) who came in with an import; and a member may want a rest from mails."""
    resting = account.mail_paused_until is not None and account.mail_paused_until > now
    return not resting and not account.email_key.endswith(".invalid")


def _hold(session: Session, wanted: Mapping[int, Event], about: About) -> Sequence[Account]:
    """Those who may hear of it, held."""
    session.flush()
    found = (
        select(Account)
        .where(Account.id.in_(numbers(wanted)), Account.closed_at.is_(None), Account.id != (about.by_id or 0))
        .order_by(Account.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    accounts = [one for one in session.scalars(found) if one.is_staff or not wanted[one.id].for_staff]
    if about.thread_id is None or not accounts:
        return accounts
    place = select(Thread.hidden_at, Board).join(Board, Board.id == Thread.board_id).where(Thread.id == about.thread_id)
    hidden_at, board = session.execute(place).one()
    return [] if hidden_at is not None else [one for one in accounts if may_read_board(board, one)]


def _add(session: Session, told: Mapping[int, tuple[Event, Way]], about: About, now: datetime) -> dict[int, int]:
    """The new notices' ids by account; who was told of the thing before is not among them."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    rows = [
        {
            "account_id": account_id, "event": event.name, "key": about.key, "thread_id": about.thread_id,
            "post_id": about.post_id, "by_id": about.by_id, "details": dict(about.details), "in_page": way.in_page,
            "made_at": now, "read_at": None if way.in_page else now,
        }
        for account_id, (event, way) in told.items()
    ]  # fmt: skip
    statement = dialect.insert(Notice).values(rows).on_conflict_do_nothing()
    made = session.execute(statement.returning(Notice.account_id, Notice.id))
    return {row.account_id: row.id for row in made}


def _mail(session: Session, made: Mapping[int, int], about: About, now: datetime) -> None:
    """A mail that has not left yet takes what else is new in its thread along."""
    if not made:
        return
    waiting = _waiting_mails(session, made, about.thread_id, now) if about.thread_id is not None else {}
    mails = {account_id: notice_delivery(made[account_id], now) for account_id in made if account_id not in waiting}
    session.add_all(mails.values())
    session.flush()
    ids = waiting | {account_id: mail.id for account_id, mail in mails.items()}
    session.execute(update(Notice), [{"id": made[one], "mail_id": ids[one]} for one in made])


def _waiting_mails(session: Session, accounts: Collection[int], thread_id: int, now: datetime) -> dict[int, int]:
    """Held, so that none of them is taken by a worker before this notice can be read too."""
    found = (
        select(Notice.account_id, Delivery.id)
        .join(Delivery, Delivery.id == Notice.mail_id)
        .where(Notice.account_id.in_(numbers(accounts)), Notice.thread_id == thread_id)
        .where(Delivery.state == State.WAITING, Delivery.attempts == 0, Delivery.due_at > now)
        .with_for_update(of=Delivery, key_share=True)
    )
    return {row.account_id: row.id for row in session.execute(found)}
