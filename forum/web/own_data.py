"""What somebody may do with their own data: their customer's number, taking all of it along, and being erased."""

from __future__ import annotations

import json
from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import logout_user

from forum.actions.erase_person import erase_person, erase_self
from forum.actions.set_customer_number import set_customer_number
from forum.kernel.errors import Invalid
from forum.people.account import Account
from forum.people.permissions import Act
from forum.reports.own_data import own_data
from forum.web.context import commit, now, parts, release, session
from forum.web.extensions import limiter
from forum.web.form_errors import said
from forum.web.loading import the_person, the_viewer
from forum.web.viewer import needs, needs_sign_in

personal = Blueprint("personal", __name__)


@personal.get("/account/data")
@needs_sign_in
def show() -> ResponseReturnValue:
    return _page({}, {})


@personal.get("/account/data.json")
@limiter.limit("20/hour")
@needs_sign_in
def download() -> ResponseReturnValue:
    me = the_viewer()
    answer = Response(
        json.dumps(own_data(session(), me), ensure_ascii=False, indent=2),
        content_type="application/json; charset=utf-8",
    )
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(me.name)}.json"
    return answer


@personal.post("/account/customer-number")
@limiter.limit("20/hour")
@needs_sign_in
def own_number() -> ResponseReturnValue:
    try:
        _set_number(the_viewer())
    except Invalid as error:
        session().rollback()
        return _page(request.form, said(error)), 422
    commit()
    flash(_("Saved."), "success")
    return redirect("/account/data", 303)


@personal.post("/account/erasure")
@limiter.limit("10/hour")
@needs_sign_in
def erase_own() -> ResponseReturnValue:
    me = the_viewer()
    release()  # the password is checked before anything is locked
    try:
        erase_self(
            session(),
            me,
            password=request.form.get("erase_password", ""),
            keys=parts().contact_keys,
            zone=parts().settings.time_zone,
            now=now(),
        )
    except Invalid as error:
        session().rollback()
        return _page({}, said(error)), 422
    commit()
    logout_user()
    flash(_("You are erased. What you wrote stays, under nobody's name."), "success")
    return redirect("/", 303)


@personal.get("/people/<name>/data")
@needs(Act.SET_CUSTOMER_NUMBERS)
def person(name: str) -> ResponseReturnValue:
    return _person_page(the_person(name), {}, {})


@personal.post("/people/<name>/customer-number")
@needs(Act.SET_CUSTOMER_NUMBERS)
def number(name: str) -> ResponseReturnValue:
    account = the_person(name)
    try:
        _set_number(account)
    except Invalid as error:
        session().rollback()
        return _person_page(the_person(name), request.form, said(error)), 422
    commit()
    flash(_("The customer's number of %(name)s is set.", name=account.display_name), "success")
    return redirect(f"/people/{quote(account.name)}", 303)


@personal.post("/people/<name>/erasure")
@needs(Act.ERASE_PEOPLE)
def erase(name: str) -> ResponseReturnValue:
    erase_person(session(), the_person(name), the_viewer(), parts().contact_keys, parts().settings.time_zone, now())
    commit()
    flash(_("Erased. What they wrote stays, under nobody's name."), "success")
    return redirect("/", 303)


def _set_number(account: Account) -> None:
    given = request.form.get("customer_number", "")
    set_customer_number(
        session(), account, given, the_viewer(), parts().contact_keys, parts().settings.time_zone, now()
    )


def _page(form: dict[str, str], errors: dict[str, str]) -> str:
    return render_template("accounts/data.html", me=the_viewer(), form=form, errors=errors)


def _person_page(account: Account, form: dict[str, str], errors: dict[str, str]) -> str:
    return render_template("people/data.html", person=account, form=form, errors=errors)
