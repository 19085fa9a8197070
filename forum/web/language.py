"""The reader's language: kept in this browser, and in the account of whoever is signed in."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask import session as cookie
from flask.typing import ResponseReturnValue

from forum.actions.change_profile import choose_language
from forum.kernel.errors import Invalid
from forum.kernel.messages import Message
from forum.web.context import commit, parts, session, viewer
from forum.web.own_path import own_path

language = Blueprint("language", __name__)


@language.post("/language")
def choose() -> ResponseReturnValue:
    chosen = request.form.get("language", "")
    if chosen not in parts().settings.languages:
        raise Invalid(Message("This language is not on offer."))
    cookie["language"] = chosen
    cookie.permanent = True
    if (account := viewer()) is not None:
        choose_language(session(), account, chosen)
        commit()
    return redirect(own_path(request.form.get("next")), 303)
