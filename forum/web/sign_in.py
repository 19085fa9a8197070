"""Signing in, up and out; and what a visitor sees on a page that asks for it."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_login import logout_user
from werkzeug.wrappers import Response

from forum.actions.sign_in import find_known, sign_in
from forum.actions.sign_out import sign_out
from forum.actions.sign_up import sign_up
from forum.kernel.errors import Invalid
from forum.people.names import key_of
from forum.people.sessions import begin_session
from forum.web import browsers
from forum.web.context import commit, now, parts, release, session, viewer
from forum.web.extensions import limiter
from forum.web.form_errors import said
from forum.web.guard import SAFE
from forum.web.i18n import say
from forum.web.kept_form import KeptForm, form_carried, form_in_hand
from forum.web.own_path import came_from, own_path, this_path

signing_in = Blueprint("signing_in", __name__)


def sign_in_page() -> Response:
    """For a visitor on a guarded page: go and sign in, then come back; a posted form is kept meanwhile."""
    if request.method in SAFE:
        return redirect(f"/sign-in?{urlencode({'next': this_path()})}", 303)
    if request.accept_mimetypes.best == "application/json":
        abort(401)
    return _sign_in_form(401, form_in_hand())


@signing_in.get("/sign-in")
def show_sign_in() -> ResponseReturnValue:
    if viewer() is not None:
        return redirect(own_path(request.args.get("next")), 303)
    return _sign_in_form(200, None)


def _name_tried() -> str:
    return f"name:{key_of(request.form.get('name', ''))[:254]}"


@signing_in.post("/sign-in")
@limiter.limit("10/minute")
@limiter.limit("5/minute", key_func=_name_tried)
def enter() -> ResponseReturnValue:
    kept = form_carried()
    try:
        known = find_known(session(), request.form.get("name", ""))
        release()
        secret = sign_in(session(), known, request.form.get("password", ""), **browsers.noted(), now=now())
    except Invalid as error:
        session().rollback()
        return _sign_in_form(422, kept, say(error.message))
    browsers.enter(secret)
    if kept is not None and kept.fields:
        return render_template("accounts/kept.html", kept=kept)
    return redirect(own_path(request.form.get("next")), 303)


@signing_in.post("/sign-out")
def leave() -> ResponseReturnValue:
    if (browser := browsers.in_hand()) is not None:
        sign_out(session(), browser, now())
        commit()
        logout_user()
    return redirect("/", 303)


@signing_in.get("/sign-up")
def show_sign_up() -> ResponseReturnValue:
    if viewer() is not None:
        return redirect(own_path(request.args.get("next")), 303)
    return _sign_up_form(200, {})


@signing_in.post("/sign-up")
@limiter.limit("10/hour")
def join() -> ResponseReturnValue:
    language = str(get_locale())  # may look at the account, so it comes first
    release()
    try:
        account = sign_up(
            session(),
            name=request.form.get("name", ""),
            email=request.form.get("email", ""),
            password=request.form.get("password", ""),
            language=language,
            brand=parts().settings.site_name,
            now=now(),
        )
    except Invalid as error:
        session().rollback()
        return _sign_up_form(422, said(error))
    browsers.enter(begin_session(session(), account, **browsers.noted(), now=now()))
    return redirect(own_path(request.form.get("next")), 303)


def _sign_in_form(status: int, kept: KeptForm | None, wrong: str | None = None) -> Response:
    page = render_template("accounts/sign_in.html", kept=kept, wrong=wrong, next=_next(), name=request.form.get("name", "") if wrong else "")  # fmt: skip
    return make_response(page, status)


def _sign_up_form(status: int, errors: dict[str, str]) -> Response:
    page = render_template("accounts/sign_up.html", errors=errors, values=request.form, next=_next())
    return make_response(page, status)


def _next() -> str:
    """Where the reader wanted to go; after a form that cannot be kept, the page that it stood on."""
    if request.path not in {"/sign-in", "/sign-up"}:
        return came_from()
    return own_path(request.form.get("next") or request.args.get("next"))
