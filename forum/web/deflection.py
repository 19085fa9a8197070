"""Finance's report on call deflection, and the rows behind each of its figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from math import ceil, floor
from typing import Any

from babel.dates import format_skeleton
from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_currency, format_date, get_locale

from forum.actions.note_report_view import is_noted, note_report_view
from forum.kernel.database import set_writing
from forum.ledger.claim import Kind, Reason
from forum.ledger.period import Period
from forum.people.permissions import Act, may
from forum.reports.deflection import Line, deflection_report, scope_of, window_of
from forum.reports.deflection_cells import SAVED, Scope
from forum.reports.deflection_claims import STATES, ClaimList, list_claims
from forum.reports.deflection_entries import list_entries
from forum.web.charts import RangePlot, RangePoint, range_plot
from forum.web.context import now, parts, session, viewer
from forum.web.loading import the_viewer
from forum.web.viewer import needs

deflection = Blueprint("deflection", __name__, url_prefix="/reports/deflection")


@deflection.get("")
@needs(Act.SEE_DEFLECTION_COUNTS)
def show() -> ResponseReturnValue:
    """`?month=2026-11` narrows it to one month; anything else there is the last six."""
    _note_view()
    chosen = _month()
    report = deflection_report(session(), chosen, currency=_currency(), zone=parts().settings.time_zone, now=now())
    return render_template(
        "deflection/report.html",
        report=report,
        plot=_plot(report.by_month, report.open_period),
        sees_money=_currency() is not None,
        days=parts().settings.deflection_days,
        **_words(),
    )


@deflection.get("/entries")
@needs(Act.SEE_DEFLECTION_COUNTS)
def entries() -> ResponseReturnValue:
    _note_view()
    scope = _scope()
    page = list_entries(
        session(),
        scope,
        before=request.args.get("before"),
        currency=_currency(),
        zone=parts().settings.time_zone,
    )
    return render_template(
        "deflection/entries.html",
        page=page,
        scope=scope,
        month=_month(),
        older=_further("entries", before=page.older),
        newest=_further("entries", before="first") if "before" in request.args else None,
        **_words(),
    )


@deflection.get("/claims")
@needs(Act.SEE_DEFLECTION_COUNTS)
def claims() -> ResponseReturnValue:
    """`state` is waiting, qualified, lapsed, or anything else for all that were decided."""
    _note_view()
    state, month, zone = request.args.get("state", "waiting"), _month(), parts().settings.time_zone
    wanted = ClaimList(
        state=state if state in STATES else None,
        kind=_one_of("kind", list(Kind)),
        reason=_one_of("reason", list(Reason)),
        answered=request.args.get("answered") == "yes",
        decided_from=month.begins(zone) if month else None,
        decided_until=month.ends(zone) if month else None,
    )
    if month is None and request.args.get("span") == "six":  # the report's days, as its figure counts them
        days = window_of(None, Period.of(now().astimezone(zone).date()))
        wanted = replace(wanted, decided_from=days[0].begins(zone), decided_until=days[-1].ends(zone))
    page = list_claims(session(), wanted, after=request.args.get("after"))
    return render_template(
        "deflection/claims.html",
        page=page,
        wanted=wanted,
        month=month,
        older=_further("claims", after=page.older),
        newest=_further("claims", after="first") if "after" in request.args else None,
        **_words(),
    )


def _note_view() -> None:
    """A page that is read writes at most once an hour, in a transaction of its own before it reads."""
    me = the_viewer()
    if is_noted(session(), me, now()):
        return
    session().commit()
    set_writing(True)
    try:
        note_report_view(session(), me, now())
        session().commit()
    finally:
        set_writing(False)


def _month() -> Period | None:
    return Period.named(request.args.get("month", ""))


def _scope() -> Scope:
    """Without a month the days of the report, so that its figures open into all of their rows."""
    today = Period.of(now().astimezone(parts().settings.time_zone).date())
    days = scope_of(_month(), None, today)
    board, network = request.args.get("board") or None, request.args.get("network") or None
    return Scope(days.first, days.last, _one_of("kind", [*Kind, SAVED]), board, network)


def _one_of(name: str, known: Sequence[str]) -> str | None:
    value = request.args.get(name)
    return value if value in known else None


def _currency() -> str | None:
    """The site's, for those who see money."""
    return parts().settings.currency if may(viewer(), Act.SEE_DEFLECTION_REPORT) else None


def _further(page: str, **key: str | None) -> str | None:
    """This page's address with another key; None where there is none, `first` for the page's beginning."""
    [(name, value)] = key.items()
    if value is None:
        return None
    kept: dict[str, Any] = {word: given for word, given in request.args.items() if word != name}
    if value != "first":
        kept[name] = value
    return url_for(f"deflection.{page}", **kept)


def _words() -> dict[str, object]:
    """How the templates of the report write months, money and bounds."""
    return {
        "month_word": lambda period: format_skeleton("yMMMM", period.first, locale=get_locale()),
        "money": lambda amount: str(format_currency(amount, parts().settings.currency)),
        "floor": floor,
        "ceil": ceil,
        "currency": parts().settings.currency,
    }


def _plot(lines: Sequence[Line], open_period: Period) -> RangePlot:
    """What was taken back may outweigh what came in a month; the chart begins at zero all the same, the table does not."""

    def above(value: float | Decimal) -> float:
        return max(float(value), 0.0)

    return range_plot(
        [
            RangePoint(
                label=str(format_date(period.first, "LLL", rebase=False)),
                low=above(line.figure.low),
                likely=above(line.figure.likely),
                high=above(line.figure.high),
                open=period == open_period,
            )
            for line in lines
            if (period := Period.named(line.key)) is not None
        ]
    )
