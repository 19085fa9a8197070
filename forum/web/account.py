"""One's own account: profile, language, theme, password, and the browsers that are signed in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import logout_user
from werkzeug.wrappers import Response

from forum.actions.change_password import change_password
from forum.actions.change_profile import change_profile
from forum.actions.revoke_session import revoke_other_sessions, revoke_session
from forum.kernel.errors import Invalid
from forum.people.account import Account, BrowserSession
from forum.people.sessions import open_sessions
from forum.web import browsers
from forum.web.context import commit, now, parts, release, session, viewer
from forum.web.extensions import limiter
from forum.web.form_errors import said
from forum.web.viewer import needs_sign_in

account = Blueprint("account", __name__, url_prefix="/account")


@account.get("")
@needs_sign_in
def show() -> ResponseReturnValue:
    return _page(200)


@account.post("/profile")
@needs_sign_in
def change() -> ResponseReturnValue:
    form = request.form
    try:
        change_profile(
            session(),
            _me(),
            display_name=form.get("display_name", ""),
            bio=form.get("bio", ""),
            language=_unless_auto("language"),
            theme=_unless_auto("theme"),
        )
    except Invalid as error:
        session().rollback()
        return _page(422, errors=said(error), values=form)
    commit()
    flash(_("Your profile is saved."), "success")
    return redirect("/account", 303)


@account.post("/password")
@limiter.limit("10/hour")
@needs_sign_in
def change_own_password() -> ResponseReturnValue:
    me, browser = _me(), _browser()
    release()
    try:
        change_password(
            session(),
            me,
            old=request.form.get("old_password", ""),
            new=request.form.get("new_password", ""),
            keep=browser,
            now=now(),
        )
    except Invalid as error:
        session().rollback()
        return _page(422, errors=said(error))
    commit()
    flash(_("Your password is changed. Other browsers have been signed out."), "success")
    return redirect("/account", 303)


@account.post("/sessions/<int:session_id>/revocation")
@needs_sign_in
def revoke(session_id: int) -> ResponseReturnValue:
    ended = revoke_session(session(), session_id, _me(), now())
    here = ended.id == _browser().id
    commit()
    if here:
        logout_user()
        return redirect("/", 303)
    flash(_("That browser is signed out."), "success")
    return redirect("/account#sessions", 303)


@account.post("/other-sessions/revocation")
@needs_sign_in
def revoke_others() -> ResponseReturnValue:
    revoke_other_sessions(session(), _browser(), _me(), now())
    commit()
    flash(_("All other browsers are signed out."), "success")
    return redirect("/account#sessions", 303)


def _page(status: int, errors: Mapping[str, str] | None = None, values: Mapping[str, str] | None = None) -> Response:
    since = now() - timedelta(days=parts().settings.session_days)
    page = render_template(
        "accounts/account.html",
        me=_me(),
        values=values or _values(_me()),
        errors=errors or {},
        sessions=open_sessions(session(), _me(), since),
        here=_browser(),
        browser_words=browsers.browser_words,
        languages=parts().settings.languages,
    )
    return make_response(page, status)


def _unless_auto(field: str) -> str | None:
    """None where the browser or the system shall say; a list to choose from needs a word for that."""
    chosen = request.form.get(field, "")
    return None if chosen in {"", "auto"} else chosen


def _values(me: Account) -> dict[str, str]:
    return {
        "display_name": me.display_name,
        "bio": me.bio,
        "language": me.language or "",
        "theme": me.theme or "",
    }


def _me() -> Account:
    me = viewer()
    assert me is not None  # needs_sign_in came before
    return me


def _browser() -> BrowserSession:
    browser = browsers.in_hand()
    assert browser is not None
    return browser
