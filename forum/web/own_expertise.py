"""What I know: the expertise that the viewer is taken to have, what they want to be asked about, and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forum.actions.mute_subject import mute_subject, mute_tag, unmute_subject
from forum.actions.set_availability import MOST_A_DAY, set_availability
from forum.kernel.errors import Invalid
from forum.kernel.messages import Message
from forum.people.permissions import Act
from forum.reports.own_expertise import OwnExpertise
from forum.reports.own_expertise import own_expertise as read_expertise
from forum.superfans.expertise import Field
from forum.web.context import commit, now, parts, session
from forum.web.form_errors import said
from forum.web.loading import the_viewer
from forum.web.viewer import needs

own_expertise = Blueprint("own_expertise", __name__, url_prefix="/account")


@own_expertise.get("/expertise")
@needs(Act.ANSWER)
def show() -> ResponseReturnValue:
    return _page({}, {})


@own_expertise.post("/availability")
@needs(Act.ANSWER)
def be_available() -> ResponseReturnValue:
    form = request.form
    try:
        set_availability(
            session(),
            the_viewer(),
            asks_a_day=form.get("asks_a_day", ""),
            away_until=form.get("away_until", ""),
            zone=parts().settings.time_zone,
            now=now(),
        )
    except Invalid as error:
        return _again(error)
    commit()
    flash(_("Saved."), "success")
    return redirect("/account/expertise", 303)


@own_expertise.post("/mutes")
@needs(Act.ANSWER)
def mute() -> ResponseReturnValue:
    """A field of the page by its name, or a tag that was typed."""
    try:
        if request.form.get("field"):
            mute_subject(session(), _field(), the_viewer(), now())
        else:
            mute_tag(session(), request.form.get("subject", ""), the_viewer(), now())
    except Invalid as error:
        return _again(error)
    commit()
    flash(_("You will not be asked about it."), "success")
    return redirect("/account/expertise#muted", 303)


@own_expertise.post("/mutes/end")
@needs(Act.ANSWER)
def unmute() -> ResponseReturnValue:
    try:
        unmute_subject(session(), _field(), the_viewer())
    except Invalid as error:
        return _again(error)
    commit()
    flash(_("You may be asked about it again."), "success")
    return redirect("/account/expertise#muted", 303)


def _field() -> Field:
    field = Field.named(request.form.get("field", ""))
    if field is None:
        sentence = Message("There is no such subject.")
        raise Invalid(sentence, {"subject": sentence})
    return field


def _again(error: Invalid) -> ResponseReturnValue:
    session().rollback()
    return _page(said(error), request.form), 422


def _page(errors: Mapping[str, str], form: Mapping[str, str]) -> str:
    mine = read_expertise(session(), the_viewer(), now())
    return render_template(
        "accounts/expertise.html", mine=mine, values={**_values(mine), **form}, errors=errors, most_a_day=MOST_A_DAY
    )


def _values(mine: OwnExpertise) -> dict[str, str]:
    """The last day away is kept as the midnight after it."""
    last = (mine.away_until - timedelta(seconds=1)).astimezone(parts().settings.time_zone) if mine.away_until else None
    return {"asks_a_day": str(mine.asks_a_day), "away_until": last.date().isoformat() if last else ""}
