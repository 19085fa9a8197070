"""The superfan programme as a member sees it, an invitation with its terms, and the terms as an admin writes them."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select

from forum.actions.answer_invitation import accept_invitation, decline_invitation
from forum.actions.write_terms import write_terms
from forum.kernel.errors import Invalid
from forum.people.account import Account
from forum.people.permissions import Act
from forum.reports.superfan_member import programme_place, waiting_invitation
from forum.superfans.grant import ProgrammeTerms
from forum.superfans.titles import in_language
from forum.web.context import commit, now, parts, session
from forum.web.form_errors import said
from forum.web.i18n import NAMES
from forum.web.loading import the_viewer
from forum.web.viewer import needs, needs_sign_in

programme = Blueprint("programme", __name__)
VERSIONS = 20


@programme.get("/programme")
@needs_sign_in
def show() -> ResponseReturnValue:
    found = programme_place(session(), the_viewer(), now())
    text = in_language(found.agreed.terms.texts, _locale()) if found.agreed else ""
    return render_template("superfans/programme.html", found=found, terms=_as_html(text))


@programme.get("/programme/invitation")
@needs_sign_in
def invitation() -> ResponseReturnValue:
    """The terms of the invitation itself: those that were in force when it was sent."""
    found = waiting_invitation(session(), the_viewer(), now())
    text = in_language(found.terms.texts, _locale()) if found else ""
    return render_template("superfans/invitation.html", invitation=found, terms=_as_html(text))


@programme.post("/programme/invitation")
@needs_sign_in
def answer() -> ResponseReturnValue:
    """The field `answer` is `accept` or `decline`; `invitation` names the one that was read."""
    form, me = request.form, the_viewer()
    number = int(form["invitation"]) if form.get("invitation", "").isdecimal() and len(form["invitation"]) < 16 else 0
    if form.get("answer") == "accept":
        accept_invitation(session(), me, number, now())
        words = _("Welcome to the superfan programme")
    else:
        decline_invitation(session(), me, number, now())
        words = _("You declined the invitation. Thank you for what you do here all the same.")
    commit()
    flash(words, "success")
    return redirect("/programme", 303)


@programme.get("/staff/terms")
@needs(Act.KEEP_RANKS)
def terms() -> ResponseReturnValue:
    return _terms_page({}, None)


@programme.post("/staff/terms")
@needs(Act.KEEP_RANKS)
def write() -> ResponseReturnValue:
    texts = {code: request.form.get(f"terms-{code}", "") for code in _codes()}
    try:
        write_terms(session(), texts, the_viewer(), now())
    except Invalid as error:
        session().rollback()
        return _terms_page(said(error), texts), 422
    commit()
    flash(_("The terms are kept. New invitations go out with them."), "success")
    return redirect("/staff/terms", 303)


def _terms_page(errors: Mapping[str, str], typed: Mapping[str, str] | None) -> str:
    rows = session().execute(
        select(ProgrammeTerms, Account.display_name)
        .outerjoin(Account, Account.id == ProgrammeTerms.made_by_id)
        .order_by(ProgrammeTerms.id.desc())
        .limit(VERSIONS)
    )
    versions = rows.all()
    texts = typed if typed is not None else (versions[0].ProgrammeTerms.texts if versions else {})
    languages = [(code, NAMES.get(code, code)) for code in _codes()]
    return render_template(
        "superfans/terms.html", versions=versions, texts=texts, languages=languages, errors=errors, tab="terms"
    )


def _codes() -> list[str]:
    return list(dict.fromkeys(["en", *parts().settings.languages]))


def _as_html(text: str) -> str:
    return parts().markup.render(text).html if text else ""


def _locale() -> str:
    return str(get_locale() or parts().settings.languages[0])
