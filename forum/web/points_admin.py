"""What causes are worth, set by an admin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from forum.actions.set_weight import set_weight
from forum.kernel.errors import Invalid
from forum.people.permissions import Act
from forum.reports.point_weights import CauseWorth, point_weights
from forum.threads.board import Board
from forum.web.context import commit, now, session
from forum.web.form_errors import said
from forum.web.loading import the_viewer
from forum.web.viewer import needs

points_admin = Blueprint("points_admin", __name__, url_prefix="/admin/points")
NO_NUMBER = -1  # what is typed and is no whole number is refused by its rule


@points_admin.get("")
@needs(Act.KEEP_RANKS)
def show() -> ResponseReturnValue:
    """`kind` and `board` fill the form with what holds there: whoever changes the points does not lose the limit."""
    return _page({name: request.args[name] for name in ("kind", "board") if name in request.args}, {})


@points_admin.post("")
@needs(Act.KEEP_RANKS)
def set_one() -> ResponseReturnValue:
    form = request.form
    try:
        set_weight(
            session(),
            the_viewer(),
            kind=form.get("kind", ""),
            board_id=_number("board"),
            points=_number("points"),
            daily_cap=_number("daily_cap"),
            now=now(),
        )
    except Invalid as error:
        session().rollback()
        return _page(form.to_dict(), said(error)), 422
    commit()
    flash(_("Set. What happens from now on earns it."), "success")
    return redirect("/admin/points", 303)


def _number(name: str) -> int | None:
    """None where nothing was typed."""
    typed = request.form.get(name, "").strip()
    return None if not typed else request.form.get(name, NO_NUMBER, type=int)


def _holding(worths: Sequence[CauseWorth], kind: str, board: str) -> Mapping[str, str]:
    """A board without its own weights has the common ones, which stand first."""
    places = next((one.places for one in worths if one.cause.kind == kind), ())
    found = next((one for one in places if str(one.board_id) == board), next(iter(places), None))
    if found is None:
        return {}
    return {"points": str(found.points), "daily_cap": "" if found.daily_cap is None else str(found.daily_cap)}


def _page(form: Mapping[str, str], errors: Mapping[str, str]) -> str:
    boards = session().scalars(select(Board).order_by(Board.position, Board.id)).all()
    worths, history = point_weights(session(), boards)
    if "points" not in form:
        form = {**form, **_holding(worths, form.get("kind", ""), form.get("board", ""))}
    return render_template(
        "ranks/points.html", worths=worths, history=history, all_boards=boards, form=form, errors=errors
    )
