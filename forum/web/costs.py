"""What a contact costs, by channel: finance enters it, nothing is built in, and no row is ever changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from babel.numbers import NumberFormatError, format_currency, parse_decimal
from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from forum.actions.enter_cost import enter_cost
from forum.kernel.errors import Invalid
from forum.kernel.money import CENT
from forum.ledger.cost import Channel
from forum.people.permissions import Act
from forum.reports.contact_costs import list_costs
from forum.web.context import now, parts, session
from forum.web.form_errors import said
from forum.web.loading import the_viewer
from forum.web.viewer import needs

costs = Blueprint("costs", __name__, url_prefix="/reports/deflection/costs")


@costs.get("")
@needs(Act.ENTER_COSTS)
def show() -> ResponseReturnValue:
    return _page({}, {})


@costs.post("")
@needs(Act.ENTER_COSTS)
def enter() -> ResponseReturnValue:
    form = request.form
    try:
        enter_cost(
            session(),
            the_viewer(),
            channel=form.get("channel", ""),
            amount=_amount(form.get("amount", "")),
            currency=parts().settings.currency,
            valid_from=_day(form.get("valid_from", "")),
            source=form.get("source", ""),
            now=now(),
        )
    except Invalid as error:
        session().rollback()
        return _page(form.to_dict(), said(error)), 422
    session().commit()
    flash(_("Entered. The report counts with it from its first day on."), "success")
    return redirect("/reports/deflection/costs", 303)


def _page(form: dict[str, str], errors: dict[str, str]) -> str:
    currency = parts().settings.currency
    return render_template(
        "deflection/costs.html",
        rows=list_costs(session()),
        form=form,
        errors=errors,
        currency=currency,
        channels=list(Channel),
        cent=CENT,
        money=lambda amount, code: format_currency(
            amount, code, locale=get_locale() or "en", decimal_quantization=False
        ),
    )


def _amount(text: str) -> Decimal | None:
    """As the reader's language writes it, and strictly: where commas part thousands, 8,01 is no amount."""
    try:
        amount = parse_decimal(text.strip(), locale=get_locale() or "en", strict=True)
    except NumberFormatError:
        return None
    return amount if amount.is_finite() and abs(amount) < Decimal(10) ** 9 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
