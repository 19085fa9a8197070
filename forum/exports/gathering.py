"""Reads all that an edition holds: the report, what one row of each sort is worth, the hashes of closed months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.exports.edition import Edition, Say, Share
from forum.ledger.closed_period import ClosedPeriod
from forum.ledger.period import Period, periods
from forum.reports.deflection_parameters import cells_in, read_sources, worth_of
from forum.reports.deflection_report import deflection_report
from forum.reports.deflection_scope import COUNTED, Scope
from forum.reports.deflection_valuing import Valued, value


@dataclass(frozen=True)
class Reader:
    """For whom it is made, and by which site."""

    name: str
    language: str
    site: str
    say: Say
    currency: str | None  # None: they see no money
    zone: tzinfo


def gather(session: Session, scope: Scope, reader: Reader, now: datetime, query: str = "") -> Edition:
    """In one transaction, so that every part tells of the same moment."""
    sources = read_sources(session, reader.currency, reader.zone)
    cells = cells_in(session, scope, sources)
    worth = worth_of(session, cells, list(periods(scope.first, scope.last)), sources)
    report = deflection_report(session, scope, currency=reader.currency, zone=reader.zone, now=now)
    return Edition(
        report=report,
        site=reader.site,
        made_by=reader.name,
        made_at=now,
        language=reader.language,
        say=reader.say,
        zone=reader.zone,
        hashes=hashes_of(session, report.closed),
        query=query,
        shares=_shares(value(cells, worth)),
        row_count=sum(cell.rows for cell in cells),
    )


def hashes_of(session: Session, months: Sequence[Period]) -> dict[Period, str]:
    names = {month.name: month for month in months}
    rows = session.execute(select(ClosedPeriod.name, ClosedPeriod.sha256).where(ClosedPeriod.name.in_(names)))
    return {names[name]: sha256 for name, sha256 in rows}


def _shares(valued: Sequence[Valued]) -> Sequence[Share]:
    """In an order of their own, so that the same ledger makes the same file."""
    found: dict[tuple[str | None, Decimal, Decimal | None, Decimal], int] = defaultdict(int)
    for one in valued:
        if one.cell.kind in COUNTED:
            found[one.rate, one.share, one.price, one.money] += one.cell.quantity
    shares = [Share(*key, quantity) for key, quantity in found.items()]
    return sorted(shares, key=lambda one: (one.rate_name or "", one.price or Decimal(-1), one.rate))
