"""Review members of whom something changed: measure them, let them rise or fall, give badges, and tell them.

An event leaves a mark (`review_soon`), a worker takes it within a minute; the night marks everybody whose figures slide
with the days. Whoever is held by another transaction is left for the next look, so nobody waits for anybody here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from forum.actions.award_badges import Rule, award_badges, read_rules
from forum.actions.give_points import review_soon
from forum.actions.measure_members import measure
from forum.actions.settle_rank import Ladder, read_ladder, settle_rank
from forum.people.account import Account
from forum.people.roles import Role
from forum.superfans.badge import Badge
from forum.superfans.formula import Values
from forum.superfans.rank import QUIETLY, MemberMeasure, Rank, ReviewDue

AT_ONCE = 200
MARKED_AT_ONCE = 2000
OVERLAP = timedelta(minutes=1)


@dataclass(frozen=True)
class Standards:
    """What members are held against: read once for a batch."""

    ladder: Ladder
    rules: Sequence[Rule]


def review_due(session: Session, now: datetime, *, zone: tzinfo, quiet: bool = False, most: int = AT_ONCE) -> int:
    """Settle the oldest marks, `most` at a time; how many were settled. `quiet` tells nobody, for what happened long ago.

    The caller commits. Safe to run twice, and beside another: a mark that is new since it was read stays.
    """
    oldest = select(ReviewDue.account_id, ReviewDue.mark).order_by(ReviewDue.since, ReviewDue.account_id)
    found = oldest.where(ReviewDue.since <= now).limit(min(most, AT_ONCE))  # an import reviews days long gone
    marks = {row.account_id: row.mark for row in session.execute(found)}
    accounts = _hold(session, list(marks))
    if not accounts:
        return 0
    standards = Standards(read_ladder(session), read_rules(session))
    members = [one for one in accounts if is_member(one)]
    values = measure(session, [one.id for one in members], now, zone) if members else {}
    for account in accounts:
        if account.id in values:
            silent = quiet or marks[account.id] == QUIETLY
            settle_rank(session, account, values[account.id], standards.ladder, now, quiet=silent)
            award_badges(session, account, values[account.id], standards.rules, now, quiet=silent)
        else:
            _let_go(session, account, standards.ladder, now)
    _keep(session, values, now)
    return _forget_marks(session, {one.id: marks[one.id] for one in accounts})


def mark_stale(session: Session, now: datetime, *, zone: tzinfo, most: int = MARKED_AT_ONCE) -> int:
    """Mark those who were last measured before today, or before a rank or a badge was changed. How many were marked.

    Windows slide at midnight. Who never did anything was never measured and costs nothing.
    """
    waiting = select(ReviewDue.account_id)
    stale = _stale(session, now, zone).where(MemberMeasure.account_id.not_in(waiting))
    ids = session.scalars(stale.order_by(MemberMeasure.measured_at).limit(most)).all()
    review_soon(session, ids, now)
    return len(ids)


def review_is_due(session: Session, now: datetime, *, zone: tzinfo) -> bool:
    """Looks at indexes and two small tables, for the schedule."""
    if session.scalar(select(ReviewDue.account_id).where(ReviewDue.since <= now).limit(1)) is not None:
        return True
    return session.scalar(_stale(session, now, zone).limit(1)) is not None


def _stale(session: Session, now: datetime, zone: tzinfo) -> Select[Any]:
    changes = (session.scalar(select(func.max(model.changed_at))) for model in (Rank, Badge))
    since = max([midnight(now, zone), *(_settled(at, now) for at in changes if at is not None)])
    return select(MemberMeasure.account_id).where(MemberMeasure.measured_at < since)


def _settled(changed_at: datetime, now: datetime) -> datetime:
    """A worker may have read the old ranks just before the change was there to be read, so that minute is looked at twice."""
    return changed_at + OVERLAP if now >= changed_at + OVERLAP else changed_at


def midnight(now: datetime, zone: tzinfo) -> datetime:
    """The beginning of today in the company's time zone."""
    return datetime.combine(now.astimezone(zone).date(), time(), zone)


def is_member(account: Account) -> bool:
    """Staff answer as their work: they hold no rank and earn no badges."""
    return account.closed_at is None and account.role == Role.CUSTOMER


def _hold(session: Session, ids: Sequence[int]) -> Sequence[Account]:
    """Lock those that nobody else holds. They are measured after that, so whoever commits later has left a new mark."""
    held = select(Account).where(Account.id.in_(ids)).order_by(Account.id)
    held = held.with_for_update(skip_locked=True, key_share=True).execution_options(populate_existing=True)
    return session.scalars(held).all() if ids else []


def _let_go(session: Session, account: Account, ladder: Ladder, now: datetime) -> None:
    """Somebody who left, or joined the staff. Their badges stay, as what they did stays."""
    settle_rank(session, account, None, ladder, now, quiet=True)
    session.execute(delete(MemberMeasure).where(MemberMeasure.account_id == account.id))


def _keep(session: Session, values: Mapping[int, Values], now: datetime) -> None:
    rows = [
        {"account_id": account_id, "values": {name: _text(value) for name, value in of_one.items()}, "measured_at": now}
        for account_id, of_one in values.items()
    ]
    if not rows:
        return
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(MemberMeasure).values(rows)
    new = {"values": insert.excluded["values"], "measured_at": insert.excluded.measured_at}
    session.execute(insert.on_conflict_do_update(index_elements=["account_id"], set_=new))


def _text(value: Decimal | int | None) -> str | None:
    return None if value is None else str(value)


def _forget_marks(session: Session, marks: Mapping[int, str]) -> int:
    """A mark in another transaction's hands is about to be renewed: it stays."""
    read = or_(*(and_(ReviewDue.account_id == one, ReviewDue.mark == mark) for one, mark in marks.items()))
    mine = session.scalars(select(ReviewDue.account_id).where(read).with_for_update(skip_locked=True)).all()
    session.execute(delete(ReviewDue).where(ReviewDue.account_id.in_(mine)))
    return len(mine)
