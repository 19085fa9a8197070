"""What looks like gaming, for moderators and admins: the evidence, and their verdict."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from forum.actions.settle_suspicion import LONGEST_WHY, Verdict, settle_suspicion, verdicts
from forum.kernel.errors import Invalid, NotFound
from forum.kernel.messages import Message
from forum.people.permissions import Act
from forum.reports.suspicions import Which, count_suspicions, list_suspicions
from forum.superfans.suspicion import Suspicion
from forum.web.context import commit, now, parts, session
from forum.web.form_errors import said
from forum.web.loading import the_viewer
from forum.web.viewer import needs

gaming = Blueprint("gaming", __name__, url_prefix="/staff/gaming")


@gaming.get("")
@needs(Act.SETTLE_SUSPICIONS)
def index() -> ResponseReturnValue:
    return _page(_which(request.args.get("show", Which.OPEN)), request.args.get("before", type=int))


@gaming.post("/<int:suspicion_id>/verdict")
@needs(Act.SETTLE_SUSPICIONS)
def settle(suspicion_id: int) -> ResponseReturnValue:
    """`seen` is the state that the page showed; the reason is kept beside the verdict."""
    form, which = request.form, _which(request.form.get("show", Which.OPEN))
    try:
        verdict = _verdict(form.get("verdict", ""))
        changed = settle_suspicion(
            session(),
            _suspicion(suspicion_id),
            verdict,
            the_viewer(),
            seen=form.get("seen", ""),
            why=form.get("why", ""),
            now=now(),
        )
    except Invalid as error:
        session().rollback()
        errors = {f"why-{suspicion_id}": sentence for sentence in said(error).values()}
        wrong = {"id": suspicion_id, "why": form.get("why", ""), "errors": errors}
        return _page(which, form.get("before", type=int), wrong), 422
    commit()
    parts().bell.ring("finish_settling")
    flash(_said(verdict, changed), "success")
    return redirect(f"/staff/gaming?show={which}", 303)


def _page(which: Which, before: int | None, wrong: dict[str, object] | None = None) -> str:
    return render_template(
        "gaming/list.html",
        page=list_suspicions(session(), which, before),
        counts=count_suspicions(session()),
        which=which,
        before=before,
        verdicts=verdicts,
        wrong=wrong,
        longest_why=LONGEST_WHY,
    )


def _said(verdict: Verdict, changed: int) -> str:
    if verdict == Verdict.VOID:
        return str(ngettext("%(num)s kudos counts no more.", "%(num)s kudos count no more.", changed))
    if changed:
        return str(ngettext("%(num)s kudos counts again.", "%(num)s kudos count again.", changed))
    return str(_("Noted."))


def _which(name: str) -> Which:
    if name not in set(Which):
        abort(404)
    return Which(name)


def _verdict(name: str) -> Verdict:
    if name not in set(Verdict):
        raise Invalid(Message("Please choose what shall happen."))
    return Verdict(name)


def _suspicion(suspicion_id: int) -> Suspicion:
    found = session().get(Suspicion, suspicion_id)
    if found is None:
        raise NotFound(Message("There is no such suspicion."))
    return found
