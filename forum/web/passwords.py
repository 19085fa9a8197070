"""A new password by mail: ask for the link, follow it, choose."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from forum.actions.ask_for_password_reset import ask_for_password_reset
from forum.actions.reset_password import reset_password
from forum.kernel.errors import Invalid
from forum.kernel.messages import Message
from forum.people.names import key_of
from forum.people.tokens import Purpose, find_token
from forum.web import browsers
from forum.web.context import commit, now, parts, release, session
from forum.web.extensions import limiter
from forum.web.form_errors import said
from forum.web.i18n import say

passwords = Blueprint("passwords", __name__)


@passwords.get("/password-reset")
def show_ask() -> ResponseReturnValue:
    return render_template("accounts/reset_ask.html")


def _address_asked() -> str:
    return f"reset:{key_of(request.form.get('email', ''))[:254]}"


@passwords.post("/password-reset")
@limiter.limit("5/hour")
@limiter.limit("5/hour", key_func=_address_asked)
def ask() -> ResponseReturnValue:
    settings = parts().settings
    ask_for_password_reset(
        session(),
        request.form.get("email", ""),
        link=reset_link,
        translate=in_language,
        site_name=settings.site_name,
        now=now(),
    )
    commit()
    return redirect("/password-reset/sent", 303)


@passwords.get("/password-reset/sent")
def sent() -> ResponseReturnValue:
    return render_template("accounts/reset_sent.html")


@passwords.get("/password-reset/<token>")
def show_choose(token: str) -> ResponseReturnValue:
    find_token(session(), Purpose.RESET, token, now())
    return _choose_form(200, {})


@passwords.post("/password-reset/<token>")
@limiter.limit("10/hour")
def choose(token: str) -> ResponseReturnValue:
    find_token(session(), Purpose.RESET, token, now())  # so that a wrong link costs no hashing
    release()
    try:
        secret = reset_password(session(), token, request.form.get("password", ""), **browsers.noted(), now=now())
    except Invalid as error:
        session().rollback()
        return _choose_form(422, said(error))
    browsers.enter(secret)
    flash(_("Your new password holds. Other browsers have been signed out."), "success")
    return redirect("/", 303)


def reset_link(secret: str) -> str:
    return f"{parts().settings.public_url}/password-reset/{secret}"


def in_language(message: Message, language: str | None) -> str:
    """The message in somebody's language; the site's first where theirs is not known or not offered."""
    offered = parts().settings.languages
    with force_locale(language if language in offered else offered[0]):
        return say(message)


def keep_secret(response: Response) -> Response:
    """A page whose address is a secret tells it to no other site and stays in no cache. Not `no-referrer`: then
    browsers leave the origin out of the form that the page holds, and it would be refused."""
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response


def _choose_form(status: int, errors: dict[str, str]) -> Response:
    return keep_secret(make_response(render_template("accounts/reset_choose.html", errors=errors), status))
