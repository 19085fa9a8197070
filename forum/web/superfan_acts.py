"""What staff do about a member's place in the programme, each from that member's page: invite, promote, pause, end, thank."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forum.actions.invite_superfan import invite_superfan, take_invitation_back
from forum.actions.name_superfan import end_superfan
from forum.actions.pause_superfan import pause_superfan, resume_superfan
from forum.actions.promote_superfan import promote_superfan
from forum.actions.thank_member import thank_member
from forum.kernel.errors import Invalid
from forum.people.account import Account
from forum.people.permissions import Act
from forum.web.context import commit, now, session
from forum.web.form_errors import said
from forum.web.loading import the_person, the_viewer
from forum.web.superfans import member_page
from forum.web.viewer import needs

superfan_acts = Blueprint("superfan_acts", __name__, url_prefix="/staff/superfans/<name>")


@superfan_acts.post("/invitation")
@needs(Act.NAME_SUPERFANS)
def invite(name: str) -> ResponseReturnValue:
    words = request.form.get("words", "")
    return _do(
        name,
        lambda person: invite_superfan(session(), person, the_viewer(), words=words, now=now()),
        _("The invitation is sent."),
    )


@superfan_acts.post("/invitation/end")
@needs(Act.NAME_SUPERFANS)
def uninvite(name: str) -> ResponseReturnValue:
    return _do(
        name,
        lambda person: take_invitation_back(session(), person, the_viewer(), now()),
        _("The invitation is taken back."),
    )


@superfan_acts.post("/promotion")
@needs(Act.NAME_SUPERFANS)
def promote(name: str) -> ResponseReturnValue:
    return _do(
        name,
        lambda person: promote_superfan(session(), person, the_viewer(), now()),
        _("Probation is over. Their answers to mentions go out at once."),
    )


@superfan_acts.post("/pause")
@needs(Act.NAME_SUPERFANS)
def pause(name: str) -> ResponseReturnValue:
    reason = request.form.get("pause_reason", "")
    return _do(
        name,
        lambda person: pause_superfan(session(), person, the_viewer(), reason=reason, now=now()),
        _("Paused. All their rights rest."),
        field="pause_reason",
    )


@superfan_acts.post("/pause/end")
@needs(Act.NAME_SUPERFANS)
def resume(name: str) -> ResponseReturnValue:
    return _do(
        name,
        lambda person: resume_superfan(session(), person, the_viewer(), now()),
        _("Their rights are back."),
    )


@superfan_acts.post("/end")
@needs(Act.NAME_SUPERFANS)
def end(name: str) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    return _do(
        name,
        lambda person: end_superfan(session(), person, the_viewer(), reason=reason, now=now()),
        _("Their place in the programme has ended."),
    )


@superfan_acts.post("/thanks")
@needs(Act.THANK_MEMBERS)
def thank(name: str) -> ResponseReturnValue:
    reason = request.form.get("thanks", "")
    return _do(
        name,
        lambda person: thank_member(session(), person, the_viewer(), reason=reason, now=now()),
        _("They read your thanks now."),
        field="thanks",
    )


def _do(name: str, act: Callable[[Account], object], words: str, field: str = "reason") -> ResponseReturnValue:
    """`field` is what the form calls what the action calls the reason, since several forms stand on the page."""
    person = the_person(name)
    try:
        done = act(person)
    except Invalid as error:
        session().rollback()
        errors = {field if one == "reason" else one: sentence for one, sentence in said(error).items()}
        return member_page(the_person(name), errors, request.form), 422
    commit()
    if done is False:
        flash(_("Nothing was changed: somebody has done this already."), "info")
    else:
        flash(words, "success")
    return redirect(f"/staff/superfans/{quote(person.name)}", 303)
