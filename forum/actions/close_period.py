"""Close a month of the ledger: its rows are sealed by a hash and its report is frozen; what comes later is booked later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from forum.kernel.database import take_turns
from forum.kernel.errors import Conflict
from forum.kernel.messages import Message
from forum.ledger.booking import LEDGER, first_open_day
from forum.ledger.claim import Claim
from forum.ledger.closed_period import ClosedPeriod, Frozen
from forum.ledger.entry import Entry
from forum.ledger.period import Period
from forum.ledger.reader_week import ReaderWeek
from forum.ledger.sealing_rows import seal_of
from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import Act, require

Freeze = Callable[[Session, Period], Frozen]


def close_period(
    session: Session, period: Period, by: Account, *, freeze: Freeze, zone: tzinfo, days: int, now: datetime
) -> ClosedPeriod:
    """`days` after its end at the earliest, each month after those before it; the caller commits at once.

    Whoever books waits until then, so no row gets in between the hash and the closing; it is booked in the next month.
    """
    require(by, Act.CLOSE_PERIODS)
    take_turns(session, LEDGER)
    if (why := why_not_yet(session, period, zone=zone, days=days, now=now)) is not None:
        raise Conflict(why)
    seal, frozen = seal_of(session, period), freeze(session, period)
    closed = ClosedPeriod(
        name=period.name,
        closed_at=now,
        closed_by_id=by.id,
        rows=seal.rows,
        sha256=seal.sha256,
        seed=frozen.seed,
        draws=frozen.draws,
        parameters=dict(frozen.parameters),
        figures=dict(frozen.figures),
    )
    details = {"rows": seal.rows, "sha256": seal.sha256}
    about = f"period:{period.name}"
    session.add_all([closed, LogEntry(act=Act.CLOSE_PERIODS, about=about, by_id=by.id, at=now, details=details)])
    session.flush()
    return closed


def why_not_yet(session: Session, period: Period, *, zone: tzinfo, days: int, now: datetime) -> Message | None:
    """Why a month cannot be closed now; None where it can. The page asks the same rule as the action."""
    if now < (ready := period.ends(zone) + timedelta(days=days)):
        told = {"period": period.name, "day": ready.astimezone(zone).date().isoformat()}
        return Message("%(period)s can be closed from %(day)s on: until then its last claims wait.", told)
    if session.scalar(select(ClosedPeriod.id).where(ClosedPeriod.name == period.name)) is not None:
        return Message("%(period)s is closed already.", {"period": period.name})
    open_from = first_open_day(session)
    if period.first < open_from:
        return Message("A later month than %(period)s is closed already.", {"period": period.name})
    earlier = session.scalar(select(func.min(Entry.day)).where(Entry.day < period.first, Entry.day >= open_from))
    if earlier is not None:
        told = {"earlier": Period.of(earlier).name, "period": period.name}
        return Message("%(earlier)s is still open: please close it before %(period)s.", told)
    if waiting := waiting_in(session, period, zone):
        return Message(
            "Not everything of %(period)s is decided yet (claims: %(claims)s, reader-weeks: %(weeks)s)."
            " A worker is at it; please try again in a minute.",
            {"period": period.name, "claims": waiting.claims, "weeks": waiting.reader_weeks},
        )
    return None


@dataclass(frozen=True)
class Waiting:
    """Units of which a row may still have to be booked in the month."""

    claims: int
    reader_weeks: int

    def __bool__(self) -> bool:
        return bool(self.claims or self.reader_weeks)


def waiting_in(session: Session, period: Period, zone: tzinfo) -> Waiting:
    """Those that came to their day by its end and are not decided, and those marked by then for another look."""
    ends = period.ends(zone)
    return Waiting(
        session.scalar(select(func.count()).select_from(Claim).where(_waits(Claim, ends))) or 0,
        session.scalar(select(func.count()).select_from(ReaderWeek).where(_waits(ReaderWeek, ends))) or 0,
    )


def _waits(unit: type[Claim] | type[ReaderWeek], ends: datetime) -> ColumnElement[bool]:
    return or_(
        and_(unit.decided_at.is_(None), unit.due_at < ends),
        and_(unit.decided_at.is_not(None), unit.review_from < ends),
    )
