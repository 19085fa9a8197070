"""The one-time set-up link: the first admin of a community that starts empty."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from forum.actions.set_up_admin import set_up_admin
from forum.kernel.errors import Invalid
from forum.people.tokens import Purpose, find_token
from forum.web import browsers
from forum.web.context import now, release, session
from forum.web.extensions import limiter
from forum.web.form_errors import said
from forum.web.passwords import keep_secret

set_up = Blueprint("set_up", __name__)


@set_up.get("/set-up/<token>")
def show(token: str) -> ResponseReturnValue:
    find_token(session(), Purpose.SETUP, token, now())
    return _form(200, {})


@set_up.post("/set-up/<token>")
@limiter.limit("20/hour")
def make(token: str) -> ResponseReturnValue:
    language = str(get_locale())
    find_token(session(), Purpose.SETUP, token, now())
    release()
    try:
        secret = set_up_admin(
            session(),
            token,
            name=request.form.get("name", ""),
            email=request.form.get("email", ""),
            password=request.form.get("password", ""),
            language=language,
            **browsers.noted(),
            now=now(),
        )
    except Invalid as error:
        session().rollback()
        return _form(422, said(error))
    browsers.enter(secret)
    flash(_("Welcome. The community is yours to shape: connect a network, or ask the first question."), "success")
    return redirect("/", 303)


def _form(status: int, errors: dict[str, str]) -> Response:
    page = render_template("accounts/set_up.html", errors=errors, values=request.form)
    return keep_secret(make_response(page, status))
