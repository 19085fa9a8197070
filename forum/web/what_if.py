"""What if the rates, the survey or the costs were others: the report beside itself. Nothing of it is ever written to the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forum.ledger.claim import Kind
from forum.ledger.cost import Channel
from forum.ledger.estimate import ENOUGH
from forum.ledger.proportion import Proportion
from forum.ledger.what_if import Overrides
from forum.ledger.what_if import what_if as counted_again
from forum.people.permissions import Act
from forum.reports.deflection_report import deflection_report
from forum.reports.deflection_shape import DeflectionReport
from forum.reports.response_targets import connected_networks
from forum.web.context import now, parts, session
from forum.web.report_filters import REPORT, address, chosen_filters, chosen_scope, filters_said, names_of, span_word
from forum.web.report_looks import note_look
from forum.web.report_words import words
from forum.web.typed import typed_number, typed_percent
from forum.web.viewer import needs

what_if = Blueprint("what_if", __name__, url_prefix=f"{REPORT}/what-if")

SHARES = ("survey_share", "readers", "askers", "staff")  # in percent
COSTS = tuple(f"cost_{channel}" for channel in Channel)
AMOUNTS = (*COSTS, "programme")
RATE = "yearly_rate"
MOST = Decimal(10_000_000)


@what_if.get("")
@needs(Act.SEE_DEFLECTION_REPORT)
def show() -> ResponseReturnValue:
    """What is changed stands in the address beside the report's filters, so that it can be sent to somebody."""
    note_look()
    settings = parts().settings
    report = deflection_report(
        session(), chosen_scope(), currency=settings.currency, zone=settings.time_zone, now=now()
    )
    typed = {name: request.args.get(name, "").strip() for name in (*SHARES, *AMOUNTS, RATE)}
    read, errors = _read(typed)
    asked = Decimal(settings.survey_share) / 100
    changed = _overrides(read, report)
    page = render_template(
        "deflection/what_if.html",
        report=report,
        typed=typed,
        errors=errors,
        filters=chosen_filters(),
        filters_said=filters_said(chosen_filters(), names_of(connected_networks(session()))),
        changes=any(value for name, value in typed.items() if name != RATE),
        supposed=_supposed(changed),
        survey_share=asked,
        before=counted_again(report.scenario, Overrides(yearly_rate=changed.yearly_rate)),
        after=counted_again(report.scenario, changed, survey_share=asked or None),
        channels=list(Channel),
        address=address,
        span_word=span_word,
        **words(),
    )
    return page, 422 if errors else 200


def _read(typed: Mapping[str, str]) -> tuple[dict[str, Decimal], dict[str, str]]:
    """The numbers that could be read, and what is wrong with the others."""
    read: dict[str, Decimal] = {}
    errors: dict[str, str] = {}
    for name, text in typed.items():
        if not text:
            continue
        value = typed_number(text) if name in AMOUNTS else typed_percent(text)
        if name in AMOUNTS and (value is None or not 0 <= value <= MOST):
            errors[name] = str(_("Please enter an amount of zero or more."))
        elif name not in AMOUNTS and (value is None or not 0 <= value <= 1):
            errors[name] = str(_("Please enter a share from 0 to 100 percent."))
        elif value is not None:
            read[name] = value
    return read, errors


def _overrides(read: Mapping[str, Decimal], report: DeflectionReport) -> Overrides:
    rates: dict[str, Proportion] = {}
    if "readers" in read:
        rates[Kind.INDIRECT] = _as_answers(read["readers"], report, Kind.INDIRECT)
    if "askers" in read:
        rates[Kind.DIRECT] = _as_answers(read["askers"], report, Kind.DIRECT)
    if "staff" in read:
        networks = {amount.rate.rpartition(":")[0] for amount in report.scenario.amounts if amount.rate}
        supposed = _as_answers(read["staff"], report, Kind.SOCIAL)
        rates |= {name: supposed for name in networks if name.startswith(f"{Kind.SOCIAL}:")}
    return Overrides(
        rates=rates,
        survey_share=read.get("survey_share"),
        costs={channel: read[f"cost_{channel}"] for channel in Channel if f"cost_{channel}" in read},
        programme=read.get("programme"),
        yearly_rate=read.get(RATE, Decimal(0)),
    )


def _as_answers(share: Decimal, report: DeflectionReport, kind: str) -> Proportion:
    """A supposed rate rests on as many answers as a month of the report has, so that its range stays honest; on 100 at least."""
    counts = [rate.known.of for rate in report.rates if rate.kind == kind and rate.known.of]
    of = max(ENOUGH, round(sum(counts) / len(counts)) if counts else 0)
    return Proportion(round(share * of), of)


def _supposed(changed: Overrides) -> list[tuple[str, Proportion]]:
    """Each kind's supposed answers, for the page to say what it counted with."""
    found: dict[str, Proportion] = {}
    for name, known in changed.rates.items():
        found.setdefault(name.partition(":")[0], known)
    return list(found.items())
