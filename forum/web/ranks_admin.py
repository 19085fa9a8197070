"""An admin's ranks: make one, try its formula against real members, change it, retire it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forum.actions.keep_rank import LONGEST_GRACE, RankFacts, change_rank, make_rank, retire_rank, standing_ranks
from forum.kernel.errors import Invalid, NotFound
from forum.kernel.messages import Message
from forum.people.permissions import RIGHTS, Act
from forum.reports.rank_trial import RankDraft, try_rank
from forum.reports.rank_views import list_ranks
from forum.superfans.formula import FormulaError, parse
from forum.superfans.looks import COLOURS, ICONS
from forum.superfans.metrics import catalogue
from forum.superfans.rank import Rank
from forum.web.context import commit, now, parts, session
from forum.web.form_errors import said
from forum.web.formula_words import mistake_in
from forum.web.i18n import say
from forum.web.loading import the_viewer
from forum.web.viewer import needs

ranks_admin = Blueprint("ranks_admin", __name__, url_prefix="/admin/ranks")


@ranks_admin.get("")
@needs(Act.KEEP_RANKS)
def index() -> ResponseReturnValue:
    return render_template(
        "ranks/list.html", rows=list_ranks(session()), retired=list_ranks(session(), retired=True)
    )  # fmt: skip


@ranks_admin.get("/new")
@needs(Act.KEEP_RANKS)
def new() -> ResponseReturnValue:
    top = standing_ranks(session())[-1:]
    values: dict[str, Any] = {
        "icon": "award",
        "colour": "slate",
        "grace_days": "14",
        "rights": [],
        "above": top[0].id if top else "",
    }
    return _form(None, values)


@ranks_admin.post("/new")
@needs(Act.KEEP_RANKS)
def make() -> ResponseReturnValue:
    if "try" in request.form:
        return _try(None)
    try:
        rank = make_rank(session(), _facts(), parts().settings.languages, the_viewer(), now())
    except Invalid as error:
        return _refused(None, error)
    commit()
    flash(_("The rank %(name)s stands. Members are looked at by it in a moment.", name=rank.titles["en"]), "success")
    return redirect("/admin/ranks", 303)


@ranks_admin.get("/<int:rank_id>")
@needs(Act.KEEP_RANKS)
def one(rank_id: int) -> ResponseReturnValue:
    rank = _rank(rank_id)
    below = [one for one in standing_ranks(session()) if one.position < rank.position]
    values = {f"title_{language}": words for language, words in rank.titles.items()} | {
        "formula": rank.formula, "icon": rank.icon, "colour": rank.colour, "rights": list(rank.rights),
        "grace_days": str(rank.grace_days), "above": below[-1].id if below else "",
    }  # fmt: skip
    return _form(rank, values)


@ranks_admin.post("/<int:rank_id>")
@needs(Act.KEEP_RANKS)
def change(rank_id: int) -> ResponseReturnValue:
    rank = _rank(rank_id)
    if "try" in request.form:
        return _try(rank)
    try:
        change_rank(session(), rank, _facts(), parts().settings.languages, the_viewer(), now())
    except Invalid as error:
        return _refused(rank, error)
    commit()
    flash(_("Saved. Members are looked at by it in a moment."), "success")
    return redirect("/admin/ranks", 303)


@ranks_admin.post("/<int:rank_id>/retirement")
@needs(Act.KEEP_RANKS)
def retire(rank_id: int) -> ResponseReturnValue:
    retire_rank(session(), _rank(rank_id), the_viewer(), now())
    commit()
    flash(_("The rank is retired."), "success")
    return redirect("/admin/ranks", 303)


def _try(rank: Rank | None) -> ResponseReturnValue:
    """Nothing is saved; the form stays as it was typed."""
    facts = _facts()
    try:
        formula = parse(facts.formula)
    except FormulaError as error:
        return _form(rank, _typed(), errors={"formula": say(error.message)}), 422
    grace = min(max(facts.grace_days or 0, 0), LONGEST_GRACE)
    draft = RankDraft(rank.id if rank else None, formula, grace, facts.above, facts.rights)
    return _form(rank, _typed(), trial=try_rank(session(), draft, now()))


def _refused(rank: Rank | None, error: Invalid) -> ResponseReturnValue:
    session().rollback()
    return _form(rank, _typed(), errors=said(error)), 422


def _facts() -> RankFacts:
    form = request.form
    return RankFacts(
        titles={language: form.get(f"title_{language}", "") for language in parts().settings.languages},
        formula=form.get("formula", "").replace("\r\n", "\n"),
        icon=form.get("icon", ""),
        colour=form.get("colour", ""),
        rights=form.getlist("rights"),
        grace_days=form.get("grace_days", type=int),
        above=form.get("above", type=int),
    )


def _typed() -> dict[str, Any]:
    formula = request.form.get("formula", "").replace("\r\n", "\n")
    return {**request.form.to_dict(), "rights": request.form.getlist("rights"), "formula": formula}


def _rank(rank_id: int) -> Rank:
    rank = session().get(Rank, rank_id)
    if rank is None or rank.retired_at is not None:
        raise NotFound(Message("There is no such rank."))
    return rank


def _form(
    rank: Rank | None, values: Mapping[str, Any], *, errors: Mapping[str, str] | None = None, trial: object = None
) -> str:
    others = [one for one in standing_ranks(session()) if rank is None or one.id != rank.id]
    return render_template(
        "ranks/form.html", rank=rank, values=values, errors=errors or {}, trial=trial, others=others[::-1], icons=ICONS,
        colours=COLOURS, rights=RIGHTS, languages=parts().settings.languages, catalogue=catalogue(),
        marked=mistake_in(values.get("formula", "")) if errors and "formula" in errors else None,
    )  # fmt: skip
