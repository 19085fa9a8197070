"""Finance's report on call deflection: how many contacts, how much money, how sure, and all that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_date, format_decimal
from flask_babel import gettext as _

from forum.ledger.claim import Kind
from forum.ledger.holdout import read_holdout
from forum.ledger.period import Period
from forum.people.permissions import Act
from forum.reports.closed_periods import ClosedRow, list_closed
from forum.reports.deflection_address import address_of
from forum.reports.deflection_report import deflection_report
from forum.reports.deflection_scope import Scope
from forum.reports.deflection_shape import DeflectionReport, Line
from forum.reports.response_targets import connected_networks
from forum.reports.saved_views import views_of
from forum.web.charts import RangePlot, RangePoint, range_plot
from forum.web.context import now, parts, session
from forum.web.loading import the_viewer
from forum.web.report_filters import (
    address,
    choices,
    chosen_filters,
    chosen_scope,
    filters_said,
    names_of,
    rows_address,
    span_word,
)
from forum.web.report_looks import note_look, seen_currency
from forum.web.report_words import at_least, gap_words, swing_word, words
from forum.web.viewer import needs

deflection = Blueprint("deflection", __name__, url_prefix="/reports/deflection")

LABELS = 12  # months named below the chart
SWINGS = 10  # shown of what would change the figure
NARROWING = ("from", "to", "month", "kind", "grade", "board", "network", "channel", "language")


@deflection.get("")
@needs(Act.SEE_DEFLECTION_COUNTS)
def show() -> ResponseReturnValue:
    """The address holds the filters; without any it is the last six months."""
    note_look()
    scope, currency, filters = chosen_scope(), seen_currency(), chosen_filters()
    zone, days = parts().settings.time_zone, parts().settings.deflection_days
    report = deflection_report(session(), scope, currency=currency, zone=zone, now=now())
    networks = connected_networks(session())
    titles = dict(networks)
    closed = list_closed(session())
    return render_template(
        "deflection/report.html",
        report=report,
        plot=_plot(report.by_month, report.open_period),
        plot_text=_plot_text(report.by_month),
        sees_money=currency is not None,
        shows_money=currency is not None and report.has_costs,
        has_rows=_has_rows(report),
        asked=sum(rate.known.of for rate in report.rates if rate.kind == Kind.DIRECT),
        answered=sum(month.answered for month in report.survey),
        gaps=gap_words(report.gaps, titles),
        holdout=read_holdout(session(), scope.first.begins(zone), scope.last.ends(zone)),
        swings=[(swing_word(swing, titles), swing) for swing in report.sensitivity[:SWINGS]],
        closed=_closed_as(scope, closed),
        closable=_closable(report, closed),
        views=views_of(session(), the_viewer()),
        choices=choices(report, networks),
        chosen_words=filters_said(filters, names_of(networks))
        if set(filters) & set(NARROWING)
        else _("All boards · all networks"),
        narrowed=bool(set(filters) & set(NARROWING)),
        filters=filters,
        contents=_contents(report, currency is not None and report.has_costs),
        days=days,
        address=address,
        address_of=address_of,
        rows_address=rows_address,
        span_word=span_word,
        **words(),
    )


def _has_rows(report: DeflectionReport) -> bool:
    return bool(report.total.quantity or report.kinds.assisted or report.by_board or report.late)


def _closed_as(scope: Scope, closed: Sequence[ClosedRow]) -> ClosedRow | None:
    """The closing of the one month that is shown."""
    if scope.first != scope.last:
        return None
    return next((row for row in closed if row.period == scope.first), None)


def _closable(report: DeflectionReport, closed: Sequence[ClosedRow]) -> Period | None:
    """The month that is closed next: the one behind the last closed, else the first with rows; never one that still runs."""
    following = closed[0].period.moved(1) if closed else report.oldest
    return following if following is not None and following < report.open_period else None


def _contents(report: DeflectionReport, shows_money: bool) -> Sequence[tuple[str, str]]:
    """The long sections below the answers: id and word."""
    found = [("by-month", _("By month")), ("by-kind", _("Where it comes from"))]
    if report.top_threads:
        found.append(("threads", _("Top threads")))
    if shows_money and report.programme:
        found.append(("returns", _("Return")))
    found += [
        ("sensitivity", _("What would change it")), ("responses", _("Response times")), ("waiting", _("Waiting")),
        ("beside", _("Not deflection")), ("assumptions", _("Assumptions")),
    ]  # fmt: skip
    if report.gaps:
        found.append(("missing", _("Not known")))
    return found


def _plot(lines: Sequence[Line], open_period: Period) -> RangePlot:
    """What was taken back may outweigh what came in a month; the chart begins at zero all the same, the table does not."""

    def above(value: float | Decimal) -> float:
        return max(float(value), 0.0)

    every = -(-len(lines) // LABELS)
    return range_plot(
        [
            RangePoint(
                label=str(format_date(period.first, "LLL", rebase=False)) if number % max(every, 1) == 0 else "",
                low=above(line.figure.low),
                likely=above(line.figure.likely),
                high=above(line.figure.high),
                open=period == open_period,
            )
            for number, line in enumerate(lines)
            if (period := Period.named(line.key)) is not None
        ]
    )


def _plot_text(lines: Sequence[Line]) -> str:
    """The chart in a sentence; each month's figures stand in the table below it."""
    if not lines:
        return ""
    said = {"first": lines[0], "last": lines[-1]}
    return str(
        _(
            "%(first)s: at least %(first_low)s, most likely %(first_likely)s. %(last)s: at least %(last_low)s, most likely"
            " %(last_likely)s. Every month stands in the table below.",
            **{name: _month_said(line) for name, line in said.items()},
            **{f"{name}_low": at_least(line.figure.low) for name, line in said.items()},
            **{f"{name}_likely": format_decimal(line.figure.likely, "#,##0.0") for name, line in said.items()},
        )
    )


def _month_said(line: Line) -> str:
    period = Period.named(line.key)
    return str(format_date(period.first, "LLLL yyyy", rebase=False)) if period else line.key
