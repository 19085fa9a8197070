"""The ledger's months: which are open, which are closed by whom and with which hash; closing one; how a closed one read then."""

from __future__ import annotations

from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from forum.actions.close_period import close_period, waiting_in, why_not_yet
from forum.kernel.errors import Conflict, NotFound
from forum.kernel.messages import Message
from forum.ledger.closed_period import Frozen
from forum.ledger.period import Period
from forum.people.permissions import Act, may
from forum.reports.closed_periods import closed_period, list_closed, list_months
from forum.reports.deflection_frozen import freeze_report
from forum.reports.deflection_report import deflection_report
from forum.reports.deflection_scope import Scope
from forum.reports.response_targets import connected_networks
from forum.web.context import now, parts, session, viewer
from forum.web.i18n import say
from forum.web.loading import the_viewer
from forum.web.report_filters import REPORT, rows_address, today
from forum.web.report_looks import note_look, seen_currency
from forum.web.report_words import gap_words, words
from forum.web.viewer import needs

periods = Blueprint("periods", __name__, url_prefix=f"{REPORT}/periods")


@periods.get("")
@needs(Act.SEE_DEFLECTION_COUNTS)
def index() -> ResponseReturnValue:
    note_look()
    months = list_months(session(), today())
    closed = {row.period: row for row in list_closed(session())}
    following = next((month.period for month in reversed(months) if month.period not in closed), None)
    why = _why_not(following) if following and may(viewer(), Act.CLOSE_PERIODS) else None
    return render_template(
        "deflection/periods.html", months=months, closed=closed, following=following, why=why, today=today(), **words()
    )


@periods.get("/<name>")
@needs(Act.SEE_DEFLECTION_REPORT)
def show(name: str) -> ResponseReturnValue:
    """The report of a closed month as it read on the day of its closing."""
    note_look()
    closed = closed_period(session(), _period(name))
    if closed is None:
        raise NotFound(Message("This month is not closed."))
    row, figures = closed
    return render_template("deflection/frozen.html", row=row, figures=figures, exact=Decimal, **words())


@periods.get("/<name>/closing")
@needs(Act.CLOSE_PERIODS)
def ask(name: str) -> ResponseReturnValue:
    note_look()
    return _closing_page(_period(name))


@periods.post("/<name>/closing")
@needs(Act.CLOSE_PERIODS)
def close(name: str) -> ResponseReturnValue:
    period, settings = _period(name), parts().settings
    try:
        closed = close_period(
            session(),
            period,
            the_viewer(),
            freeze=_freeze,
            zone=settings.time_zone,
            days=settings.deflection_days,
            now=now(),
        )
    except Conflict:
        session().rollback()
        return _closing_page(period), 409
    session().commit()
    flash(
        _("%(rows)s rows are sealed. Whatever comes later is booked in the next open month.", rows=closed.rows),
        "success",
    )
    return redirect(f"{REPORT}/periods/{period.name}", 303)


def _freeze(session: Session, period: Period) -> Frozen:
    settings = parts().settings
    return freeze_report(session, period, currency=settings.currency, zone=settings.time_zone, now=now())


def _closing_page(period: Period) -> str:
    """What will be frozen; or why the month cannot be closed."""
    scope, zone = Scope(period, period), parts().settings.time_zone
    titles = dict(connected_networks(session()))
    report = deflection_report(session(), scope, currency=seen_currency(), zone=zone, now=now())
    return render_template(
        "deflection/closing.html",
        period=period,
        report=report,
        shows_money=report.has_costs,
        rows=next((month.rows for month in list_months(session(), today()) if month.period == period), 0),
        waiting=waiting_in(session(), period, zone),
        why=_why_not(period),
        gaps=gap_words(report.gaps, titles),
        rows_address=rows_address,
        **words(),
    )


def _why_not(period: Period) -> str | None:
    settings = parts().settings
    told = why_not_yet(session(), period, zone=settings.time_zone, days=settings.deflection_days, now=now())
    return None if told is None else say(told)


def _period(name: str) -> Period:
    period = Period.named(name)
    if period is None:
        raise NotFound(Message("There is no such month."))
    return period
