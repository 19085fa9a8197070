"""Give points for a cause, and take them back: rows of the ledger, and in the same commit every sum that pages read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Insert, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from forum.actions.learn_expertise import learn_soon
from forum.kernel.database import lock
from forum.people.account import Account
from forum.superfans.causes import CAUSES, Cause, Trust, worth
from forum.superfans.points import PointEntry, PointWeight
from forum.superfans.rank import ReviewDue
from forum.superfans.standings import StandingRow, scopes_of, spans_of
from forum.threads.thread import Thread

CAP, ONE_PERSON = "cap", "one_person"


@dataclass(frozen=True)
class Earning:
    """Who earns, where and when. `why` says why it is worth nothing; `trust` is that of kudos' giver."""

    account_id: int
    thread: Thread
    at: datetime
    trust: Trust = Trust.MEMBER
    why: str | None = None


def give_points(session: Session, cause: Cause, subject: int, earning: Earning) -> PointEntry:
    """One row for the cause and its subject (such as an acceptance's id), whatever it is worth after the day's cap."""
    account = session.get_one(Account, earning.account_id)
    lock(session, account)  # two at once must not both fit under the cap
    weight = weight_of(session, cause, earning.thread.board_id, earning.at)
    points, why = 0, earning.why
    if why is None:
        points = wanted = worth(weight.points, earning.trust)
        if weight.daily_cap is not None:
            points = min(wanted, max(weight.daily_cap - _earned_today(session, cause, earning), 0))
            why = CAP if points < wanted else None
    entry = PointEntry(
        account_id=account.id, kind=cause.kind, cause=f"{cause.kind}:{subject}", points=points, at=earning.at, why=why,
        thread_id=earning.thread.id, board_id=earning.thread.board_id, language=earning.thread.language,
        network=earning.thread.origin_network,
    )  # fmt: skip
    _book(session, account, entry, 1)
    return entry


def take_points_back(
    session: Session, causes: Iterable[Cause], subject: int, now: datetime, *, word: str = "withdrawn"
) -> None:
    """What the causes earned for the subject, and what still stands of it, goes back by rows of their own.

    The day, week and month of `now` lose it, not those of then: what was read of them once stays true.
    """
    _turn(session, causes, subject, now, word, standing=True)


def give_points_again(session: Session, causes: Iterable[Cause], subject: int, now: datetime) -> None:
    """What was taken back by mistake is given again, in the same amount, by rows that take the taking back back."""
    _turn(session, causes, subject, now, "restored", standing=False)


def reversal(entry: PointEntry, at: datetime, word: str) -> PointEntry:
    """The row that takes `entry` back."""
    return PointEntry(
        account_id=entry.account_id, kind=entry.kind, cause=f"{entry.cause}:{word}", points=-entry.points, at=at,
        thread_id=entry.thread_id, board_id=entry.board_id, language=entry.language, network=entry.network,
        of_id=entry.id,
    )  # fmt: skip


def stands(entry: PointEntry) -> bool:
    """Whether the row gives (an entry, or the taking back of a taking back) rather than takes."""
    return entry.cause.count(":") % 2 == 1


def _turn(session: Session, causes: Iterable[Cause], subject: int, now: datetime, word: str, *, standing: bool) -> None:
    """Each row takes back the one before it, so the last of a cause says whether it stands."""
    for cause in causes:
        last = _last(session, f"{cause.kind}:{subject}")
        if last is None or stands(last) is not standing:
            continue
        account = session.get_one(Account, last.account_id)
        lock(session, account)
        _book(session, account, reversal(last, now, word), -1 if standing else 1)


def _last(session: Session, cause: str) -> PointEntry | None:
    last = session.scalars(select(PointEntry).where(PointEntry.cause == cause)).one_or_none()
    while last is not None:
        later = session.scalars(select(PointEntry).where(PointEntry.of_id == last.id)).one_or_none()
        if later is None:
            break
        last = later
    return last


def weight_of(session: Session, cause: Cause, board_id: int, at: datetime) -> PointWeight:
    """What the cause is worth on the board at that time: the board's own weight, else the community's, else the declared."""
    found = (
        select(PointWeight)
        .where(PointWeight.kind == cause.kind, PointWeight.set_at <= at)
        .where(or_(PointWeight.board_id == board_id, PointWeight.board_id.is_(None)))
        .order_by(PointWeight.board_id.is_(None), PointWeight.set_at.desc(), PointWeight.id.desc())
    )
    declared = PointWeight(kind=cause.kind, points=cause.points, daily_cap=cause.daily_cap)
    return session.scalars(found.limit(1)).first() or declared


def hold_members(session: Session, account_ids: Iterable[int | None]) -> None:
    """Hold all whom one event marks or gives points to, in the order of their ids: two events then never wait for each other."""
    for account_id in sorted({one for one in account_ids if one is not None}):
        lock(session, session.get_one(Account, account_id))


def review_soon(session: Session, account_ids: Iterable[int], now: datetime) -> None:
    """A worker looks at their ranks and badges within a minute. Whoever marks two or more members holds them before."""
    rows = [{"account_id": one, "since": now, "mark": str(uuid4())} for one in sorted(set(account_ids))]
    if rows:
        insert = _insert(session, ReviewDue)
        marks = insert.on_conflict_do_update(index_elements=["account_id"], set_={"mark": insert.excluded.mark})
        session.execute(marks, rows)


def _earned_today(session: Session, cause: Cause, earning: Earning) -> int:
    """By the cause on that day (UTC), what was taken back since included, so that nobody gains by taking back."""
    day = earning.at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    earned = select(func.coalesce(func.sum(PointEntry.points), 0)).where(
        PointEntry.account_id == earning.account_id, PointEntry.at >= day, PointEntry.at < day + timedelta(days=1),
        PointEntry.kind == cause.kind, PointEntry.of_id.is_(None),
    )  # fmt: skip
    return int(session.scalar(earned) or 0)


def _book(session: Session, account: Account, entry: PointEntry, sign: int) -> None:
    cause = CAUSES[entry.kind]
    solutions, kudos = sign * cause.counts_solution, sign * cause.counts_kudos
    session.add(entry)
    account.points += entry.points
    account.solutions += solutions
    session.flush()
    sums = {"points": entry.points, "solutions": solutions, "kudos": kudos}
    rows = [
        {"span": span, "starts_on": starts_on, "scope": scope, "account_id": account.id, **sums}
        for span, starts_on in spans_of(entry.at)
        for scope in scopes_of(entry)
    ]
    insert = _insert(session, StandingRow)
    added = {name: getattr(StandingRow, name) + getattr(insert.excluded, name) for name in sums}
    keys = ["span", "starts_on", "scope", "account_id"]
    session.execute(insert.on_conflict_do_update(index_elements=keys, set_=added), rows)
    review_soon(session, [account.id], entry.at)
    learn_soon(session, [account.id], entry.at)


def _insert(session: Session, model: type[Any]) -> Any:
    """Both databases know ON CONFLICT, each by a construct of its own.

    On the plain table, and with the rows given when it is executed: it is then compiled once and not for each entry.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert: Insert = dialect.insert(model.__table__)
    return insert
