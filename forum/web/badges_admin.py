"""An admin's badges: make one, try its formula, change it, retire it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forum.actions.keep_badge import BadgeFacts, change_badge, make_badge, retire_badge
from forum.kernel.errors import Invalid, NotFound
from forum.kernel.messages import Message
from forum.people.permissions import Act
from forum.reports.rank_trial import try_badge
from forum.reports.rank_views import list_badges
from forum.superfans.badge import Badge
from forum.superfans.formula import FormulaError, parse
from forum.superfans.looks import COLOURS, ICONS
from forum.superfans.metrics import catalogue
from forum.web.context import commit, now, parts, session
from forum.web.form_errors import said
from forum.web.formula_words import mistake_in
from forum.web.i18n import say
from forum.web.loading import the_viewer
from forum.web.viewer import needs

badges_admin = Blueprint("badges_admin", __name__, url_prefix="/admin/badges")


@badges_admin.get("")
@needs(Act.KEEP_RANKS)
def index() -> ResponseReturnValue:
    return render_template(
        "ranks/badges.html", rows=list_badges(session()), retired=list_badges(session(), retired=True)
    )  # fmt: skip


@badges_admin.get("/new")
@needs(Act.KEEP_RANKS)
def new() -> ResponseReturnValue:
    return _form(None, {"icon": "medal", "colour": "slate"})


@badges_admin.post("/new")
@needs(Act.KEEP_RANKS)
def make() -> ResponseReturnValue:
    if "try" in request.form:
        return _try(None)
    try:
        badge = make_badge(session(), _facts(), parts().settings.languages, the_viewer(), now())
    except Invalid as error:
        return _refused(None, error)
    commit()
    flash(_("The badge %(name)s stands. Members are looked at by it in a moment.", name=badge.titles["en"]), "success")
    return redirect("/admin/badges", 303)


@badges_admin.get("/<int:badge_id>")
@needs(Act.KEEP_RANKS)
def one(badge_id: int) -> ResponseReturnValue:
    badge = _badge(badge_id)
    words = {f"title_{language}": title for language, title in badge.titles.items()}
    words |= {f"description_{language}": text for language, text in badge.descriptions.items()}
    facts = {"formula": badge.formula, "icon": badge.icon, "colour": badge.colour}
    return _form(badge, {**words, **facts, "repeats": badge.repeats, "hidden": badge.hidden})


@badges_admin.post("/<int:badge_id>")
@needs(Act.KEEP_RANKS)
def change(badge_id: int) -> ResponseReturnValue:
    badge = _badge(badge_id)
    if "try" in request.form:
        return _try(badge)
    try:
        change_badge(session(), badge, _facts(), parts().settings.languages, the_viewer(), now())
    except Invalid as error:
        return _refused(badge, error)
    commit()
    flash(_("Saved. Members are looked at by it in a moment."), "success")
    return redirect("/admin/badges", 303)


@badges_admin.post("/<int:badge_id>/retirement")
@needs(Act.KEEP_RANKS)
def retire(badge_id: int) -> ResponseReturnValue:
    retire_badge(session(), _badge(badge_id), the_viewer(), now())
    commit()
    flash(_("The badge is retired."), "success")
    return redirect("/admin/badges", 303)


def _try(badge: Badge | None) -> ResponseReturnValue:
    """Nothing is saved; the form stays as it was typed."""
    facts = _facts()
    try:
        formula = parse(facts.formula, _wants(facts.repeats))
    except FormulaError as error:
        return _form(badge, _typed(), errors={"formula": say(error.message)}), 422
    trial = try_badge(session(), badge.id if badge else None, formula, repeats=facts.repeats)
    return _form(badge, _typed(), trial=trial)


def _refused(badge: Badge | None, error: Invalid) -> ResponseReturnValue:
    session().rollback()
    return _form(badge, _typed(), errors=said(error)), 422


def _facts() -> BadgeFacts:
    form, languages = request.form, parts().settings.languages
    return BadgeFacts(
        titles={language: form.get(f"title_{language}", "") for language in languages},
        descriptions={language: form.get(f"description_{language}", "") for language in languages},
        formula=form.get("formula", "").replace("\r\n", "\n"),
        icon=form.get("icon", ""),
        colour=form.get("colour", ""),
        repeats="repeats" in form,
        hidden="hidden" in form,
    )


def _typed() -> dict[str, Any]:
    return dict(request.form.items()) | {"formula": request.form.get("formula", "").replace("\r\n", "\n")}


def _wants(repeats: object) -> Literal["truth", "number"]:
    return "number" if repeats else "truth"


def _badge(badge_id: int) -> Badge:
    badge = session().get(Badge, badge_id)
    if badge is None or badge.retired_at is not None:
        raise NotFound(Message("There is no such badge."))
    return badge


def _form(
    badge: Badge | None, values: Mapping[str, Any], *, errors: Mapping[str, str] | None = None, trial: object = None
) -> str:
    formula, wants = values.get("formula", ""), _wants(values.get("repeats"))
    return render_template(
        "ranks/badge_form.html", badge=badge, values=values, errors=errors or {}, trial=trial, icons=ICONS,
        colours=COLOURS, languages=parts().settings.languages, catalogue=catalogue(),
        marked=mistake_in(formula, wants) if errors and "formula" in errors else None,
    )  # fmt: skip
