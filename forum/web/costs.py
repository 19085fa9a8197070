"""What a contact and the programme cost, and what other currencies are worth: finance enters it, nothing is built in, and no row is ever changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from babel.dates import format_skeleton
from babel.numbers import format_currency, format_decimal
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from forum.actions.enter_cost import enter_cost
from forum.actions.enter_exchange_rate import enter_exchange_rate
from forum.actions.enter_programme_cost import enter_programme_cost
from forum.kernel.errors import Invalid
from forum.kernel.money import CENT
from forum.ledger.cost import Channel
from forum.ledger.period import Period
from forum.ledger.programme import Part
from forum.people.permissions import Act
from forum.reports.contact_costs import list_costs
from forum.reports.entered_costs import list_exchange_rates, list_programme_costs
from forum.web.context import now, parts, session
from forum.web.form_errors import said
from forum.web.loading import the_viewer
from forum.web.typed import typed_currency, typed_day, typed_number
from forum.web.viewer import needs

costs = Blueprint("costs", __name__, url_prefix="/reports/deflection")

MONTHS = 36  # that can be chosen for a programme cost


@costs.get("/costs")
@needs(Act.ENTER_COSTS)
def show() -> ResponseReturnValue:
    return _contact_page({}, {})


@costs.post("/costs")
@needs(Act.ENTER_COSTS)
def enter() -> ResponseReturnValue:
    form = request.form

    def enter_it() -> None:
        enter_cost(
            session(),
            the_viewer(),
            channel=form.get("channel", ""),
            amount=typed_number(form.get("amount", "")),
            currency=_currency(),
            valid_from=typed_day(form.get("valid_from", "")),
            source=form.get("source", ""),
            now=now(),
        )

    return _entered(enter_it, _contact_page, url_for("costs.show"))


@costs.get("/programme")
@needs(Act.ENTER_COSTS)
def programme() -> ResponseReturnValue:
    """`?month=2026-11` and `?part=rewards` choose beforehand, so that a month's parts are entered one after the other."""
    return _programme_page(request.args.to_dict(), {})


@costs.post("/programme")
@needs(Act.ENTER_COSTS)
def enter_programme() -> ResponseReturnValue:
    form = request.form

    def enter_it() -> None:
        enter_programme_cost(
            session(),
            the_viewer(),
            period=Period.named(form.get("month", "")),
            part=form.get("part", ""),
            amount=typed_number(form.get("amount", "")),
            currency=_currency(),
            source=form.get("source", ""),
            now=now(),
        )

    onward = url_for("costs.programme", month=form.get("month"), part=_next_part(form.get("part", "")))
    return _entered(enter_it, _programme_page, onward)


@costs.get("/exchange-rates")
@needs(Act.ENTER_COSTS)
def rates() -> ResponseReturnValue:
    return _rates_page(request.args.to_dict(), {})


@costs.post("/exchange-rates")
@needs(Act.ENTER_COSTS)
def enter_rate() -> ResponseReturnValue:
    form = request.form

    def enter_it() -> None:
        enter_exchange_rate(
            session(),
            the_viewer(),
            currency=typed_currency(form.get("currency", "")),
            rate=typed_number(form.get("rate", "")),
            into=parts().settings.currency,
            valid_from=typed_day(form.get("valid_from", "")),
            source=form.get("source", ""),
            now=now(),
        )

    return _entered(enter_it, _rates_page, url_for("costs.rates"))


def _entered(
    enter_it: Callable[[], object], page: Callable[[Mapping[str, str], Mapping[str, str]], str], onward: str
) -> ResponseReturnValue:
    """Enter one row, or show the form again with what was typed and what is wrong with it."""
    try:
        enter_it()
    except Invalid as error:
        session().rollback()
        return page(request.form.to_dict(), said(error)), 422
    session().commit()
    flash(_("Entered. The report counts with it from now on."), "success")
    return redirect(onward, 303)


def _contact_page(form: Mapping[str, str], errors: Mapping[str, str]) -> str:
    return render_template(
        "deflection/costs.html",
        rows=list_costs(session()),
        convertible=_convertible(),
        form=form,
        errors=errors,
        channels=list(Channel),
        **_words(),
    )


def _programme_page(form: Mapping[str, str], errors: Mapping[str, str]) -> str:
    newest = Period.of(now().astimezone(parts().settings.time_zone).date()).moved(1)
    return render_template(
        "deflection/programme.html",
        rows=list_programme_costs(session()),
        convertible=_convertible(),
        months=[newest.moved(-back) for back in range(MONTHS)],
        current=newest.moved(-1).name,
        form=form,
        errors=errors,
        parts=list(Part),
        **_words(),
    )


def _rates_page(form: Mapping[str, str], errors: Mapping[str, str]) -> str:
    return render_template(
        "deflection/exchange_rates.html", rows=list_exchange_rates(session()), form=form, errors=errors, **_words()
    )


def _words() -> dict[str, object]:
    """How the templates write months and exact amounts: to the last decimal that was entered, and at least to the cent."""
    locale = get_locale() or "en"

    def money(amount: Decimal, code: str) -> str:
        exact = amount.normalize() if amount != amount.quantize(CENT) else amount.quantize(CENT)
        return str(format_currency(exact, code, locale=locale, decimal_quantization=False))

    return {
        "currency": parts().settings.currency,
        "money": money,
        "number": lambda amount: format_decimal(amount.normalize(), locale=locale, decimal_quantization=False),
        "month_word": lambda period: format_skeleton("yMMMM", period.first, locale=locale),
    }


def _currency() -> str:
    """The site's, unless the form names another."""
    typed = request.form.get("currency", "").strip()
    return typed_currency(typed) if typed else parts().settings.currency


def _convertible() -> set[str]:
    """The currencies whose amounts the report can count with."""
    site = parts().settings.currency
    return {site} | {row.currency for row in list_exchange_rates(session()) if row.into == site}


def _next_part(part: str) -> str | None:
    """The one behind `part`, round and round; None for no part at all."""
    known = [str(one) for one in Part]
    return known[(known.index(part) + 1) % len(known)] if part in known else None
