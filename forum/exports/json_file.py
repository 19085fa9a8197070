"""The whole report as JSON, for programs: every figure with the parameters that it was counted with.

Decimals are strings, so that no reader rounds them. docs/exports.md describes the fields; SCHEMA changes when one of
them changes its meaning or goes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from forum.exports.edition import Edition, Share
from forum.ledger.proportion import Proportion
from forum.ledger.scenario import Figures
from forum.reports.deflection_address import address_of
from forum.reports.deflection_shape import DeflectionReport, Figure, Line, RateInForce

MEDIA_TYPE = "application/json"
SCHEMA = "answerback/deflection/1"


def json_of(edition: Edition) -> bytes:
    return json.dumps(document(edition), ensure_ascii=False, indent=1).encode()


def document(edition: Edition) -> Mapping[str, Any]:
    report = edition.report
    return {
        "schema": SCHEMA,
        "site": edition.site,
        "made_at": edition.made_at.astimezone(UTC).isoformat(timespec="seconds"),
        "made_by": edition.made_by,
        "query": edition.query,
        "scope": address_of(report.scope),
        "open_month": report.open_period.name,
        "closed_months": {month.name: edition.hashes.get(month) for month in report.closed},
        "currency": report.currency,
        "method": {"level": "0.95", "single": "wilson", "several": "jeffreys draws", "seed": report.seed, "draws": report.draws, "bounds_add": False},
        "total": _figure(report.total),
        "previous": _figure(report.previous),
        "sums": [_share(one) for one in edition.shares],
        "by_month": _lines(report.by_month),
        "by_kind": _lines(report.kinds.lines),
        "direct_by_grade": _lines(report.kinds.direct),
        "assisted": report.kinds.assisted,
        "by_board": _lines(report.by_board),
        "by_network": _lines(report.by_network),
        "by_channel": _lines(report.by_channel),
        "by_language": _lines(report.by_language),
        "silent_meant_no": _figure(report.if_silent_meant_no),
        "sensitivity": [{"change": one.change, "subject": one.subject, "less": _end(one.less), "more": _end(one.more)} for one in report.sensitivity],
        "parameters": _parameters(report),
        "coverage": {"checked": report.coverage.checked, "stated": report.coverage.stated, "days_covered": report.coverage.days_covered, "days": report.coverage.days},
        "survey": [{"month": one.period.name, "drawn": one.drawn, "answered": one.answered, "joint": one.joint, "enough": one.enough} for one in report.survey],
        "programme": _programme(report),
        "top_threads": [{"thread": one.id, "title": one.title, "quantity": one.quantity, "contacts": _text(one.contacts)} for one in report.top_threads or ()],
        "response_times": [{"network": one.network, "mentions": one.mentions, "median_minutes": one.median_minutes, "within": [{"minutes": step.minutes, "answered": step.answered, "by_member": step.by_member, "by_staff": step.by_staff, "target": _text(step.target)} for step in one.within]} for one in report.responses],
        "waiting": report.waiting_count,
        "lapsed": {"claims": {one.reason: one.count for one in report.lapsed_claims}, "readers": {one.reason: one.count for one in report.lapsed_readers}},
        "late": {"rows": report.late.rows, **_figure(report.late.figure)} if report.late else None,
        "unpriced": report.unpriced,
        "gaps": [{"what": gap.what, "channel": gap.channel, "currency": gap.currency, "kind": gap.kind, "network": gap.network, "month": gap.period.name if gap.period else None, "week": gap.week.isoformat() if gap.week else None, "count": gap.count} for gap in report.gaps],
    }  # fmt: skip


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "quantity": figure.quantity,
        "contacts_low": f"{figure.low:.4f}",
        "contacts": _text(figure.likely),
        "contacts_high": f"{figure.high:.4f}",
        "money_low": _text(figure.money_low),
        "money": _text(figure.money),
        "money_high": _text(figure.money_high),
    }


def _end(figures: Figures) -> dict[str, Any]:
    money, low = figures.money, figures.money_range
    return {
        "contacts_low": f"{figures.contacts_range.low:.4f}",
        "contacts": _text(figures.contacts),
        "money_low": f"{low.low:.2f}" if low else None,
        "money": _text(money),
    }


def _share(one: Share) -> dict[str, Any]:
    """Rows that are valued alike: their contacts are quantity x rate, their money quantity x money_each."""
    return {
        "rate_name": one.rate_name,
        "rate": _text(one.rate),
        "price": _text(one.price),
        "money_each": _text(one.money),
        "quantity": one.quantity,
    }


def _lines(lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [
        {
            "key": line.key,
            "name": line.name,
            **_figure(line.figure),
            "allocated": line.allocated,
            "own_rates": [{"name": own.name, **_known(own.known), "enough": own.enough} for own in line.own],
        }
        for line in lines
    ]


def _parameters(report: DeflectionReport) -> dict[str, Any]:
    return {
        "rates": [_rate(rate) for rate in report.rates],
        "channel_mixes": [{"month": one.period.name, "kind": one.kind, "named": dict(one.named), "enough": one.enough, "cheapest": one.cheapest, "price": _text(one.price)} for one in report.mixes],
        "costs": [{"channel": one.channel, "valid_from": one.valid_from.isoformat(), "amount": _text(one.amount), "entered": _text(one.entered), "currency": one.currency, "exchange_rate": _text(one.rate), "source": one.source} for one in report.prices],
    }  # fmt: skip


def _rate(rate: RateInForce) -> dict[str, Any]:
    about = {"name": rate.name, "kind": rate.kind, "month": rate.period.name, "network": rate.network}
    return {**about, **_known(rate.known), "enough": rate.enough, "frozen": rate.frozen, "quantity": rate.quantity}


def _known(known: Proportion) -> dict[str, Any]:
    return {"yes": known.yes, "of": known.of, "rate": _text(known.rate)}


def _programme(report: DeflectionReport) -> dict[str, Any] | None:
    found = report.programme
    if found is None:
        return None
    ends = {name: _text(getattr(found, name)) for name in ("cost", "net_low", "net", "net_high", "roi_low", "roi", "roi_high", "yearly_rate", "present_value")}  # fmt: skip
    lines = [{"month": one.period.name, "part": one.part, "amount": _text(one.amount), "entered": _text(one.entered), "currency": one.currency} for one in found.lines]  # fmt: skip
    missing = [month.name for month in found.months_without]
    return {**ends, "payback": found.payback.name if found.payback else None, "months_without_cost": missing, "lines": lines}  # fmt: skip


def _text(number: object) -> str | None:
    """A decimal as it is, never in powers of ten."""
    return None if number is None else f"{number:f}"
