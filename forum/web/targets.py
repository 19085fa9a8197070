"""The targets for answering on networks, which an admin sets and everybody who sees the report reads there."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forum.actions.set_target import MINUTES, set_target
from forum.kernel.errors import Invalid
from forum.people.permissions import Act
from forum.reports.response_targets import connected_networks, list_targets
from forum.web.context import now, session
from forum.web.form_errors import said
from forum.web.loading import the_viewer
from forum.web.typed import typed_percent
from forum.web.viewer import needs

targets = Blueprint("targets", __name__, url_prefix="/reports/deflection/targets")


@targets.get("")
@needs(Act.SET_TARGETS)
def show() -> ResponseReturnValue:
    return _page({}, {})


@targets.post("")
@needs(Act.SET_TARGETS)
def set_one() -> ResponseReturnValue:
    form = request.form
    try:
        set_target(
            session(),
            the_viewer(),
            network=form.get("network", ""),
            minutes=form.get("minutes", type=int),
            share=typed_percent(form.get("share", "")),
            known=[kind for kind, _title in connected_networks(session())],
            now=now(),
        )
    except Invalid as error:
        session().rollback()
        return _page(form.to_dict(), said(error)), 422
    session().commit()
    flash(_("Set. The report measures against it from now on."), "success")
    return redirect("/reports/deflection/targets", 303)


def _page(form: Mapping[str, str], errors: Mapping[str, str]) -> str:
    return render_template(
        "deflection/targets.html",
        rows=list_targets(session()),
        networks=connected_networks(session()),
        minutes=MINUTES,
        form=form,
        errors=errors,
    )
