"""The report of a month as it is kept when the ledger is closed: the parameters to count it again with, and how it read."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy.orm import Session

from forum.ledger.closed_period import Frozen
from forum.ledger.estimate import DRAWS, SEED
from forum.ledger.period import Period
from forum.reports.deflection_frozen_month import freeze_month
from forum.reports.deflection_parameters import cells_in, read_sources, worth_of
from forum.reports.deflection_report import deflection_report
from forum.reports.deflection_scope import Scope
from forum.reports.deflection_shape import DeflectionReport
from forum.reports.plain import as_plain

LEFT_OUT = {"waiting", "waiting_count", "oldest", "open_period", "closed", "scenario", "previous"}  # not of this month


def freeze_report(session: Session, period: Period, *, currency: str, zone: tzinfo, now: datetime) -> Frozen:
    """As recorded until now. Of months whose rows this one corrects the parameters are kept, too, unless they are already."""
    scope = Scope(period, period, kind=None)
    sources = read_sources(session, currency, zone)
    worth = worth_of(session, cells_in(session, scope, sources), [period], sources)
    months = [month for _period, month in sorted(worth.months.items()) if not month.frozen]
    report = deflection_report(session, Scope(period, period), currency=currency, zone=zone, now=now)
    return Frozen(
        parameters={"months": [freeze_month(month, currency) for month in months]},
        figures=figures_of(report),
        seed=SEED,
        draws=DRAWS,
    )


def figures_of(report: DeflectionReport) -> dict[str, Any]:
    """What of a report belongs to its month."""
    return {one.name: as_plain(getattr(report, one.name)) for one in fields(report) if one.name not in LEFT_OUT}
