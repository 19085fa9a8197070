"""Leaderboards, one's own week, and leaving the boards."""

from __future__ import annotations

from datetime import UTC, date

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from forum.actions.leave_leaderboards import join_leaderboards, leave_leaderboards
from forum.kernel.errors import NotFound
from forum.kernel.messages import Message
from forum.people.roles import Role
from forum.reports.leaderboards import By, Wanted, is_on_boards, leaderboard, own_week, scope_choices
from forum.superfans.standings import EVER, Span, start_of
from forum.threads.board import Board
from forum.threads.private_boards import may_read_board
from forum.web.context import commit, now, session, viewer
from forum.web.loading import the_viewer
from forum.web.viewer import needs_sign_in
from forum.web.wording import language_word

leaderboards = Blueprint("leaderboards", __name__)


@leaderboards.get("/leaderboards")
def show() -> ResponseReturnValue:
    found = session().scalars(select(Board).order_by(Board.position, Board.id))
    choices = scope_choices(session(), [board for board in found if may_read_board(board, viewer())])
    wanted = _wanted({"", *(choice.scope for choice in choices)})
    me = viewer()
    return render_template(
        "leaderboards/show.html",
        page=leaderboard(session(), wanted, now(), after=request.args.get("after", "")),
        wanted=wanted,
        choices=choices,
        spans=Span,
        measures=By,
        week=own_week(session(), me, now()) if me and me.role == Role.CUSTOMER else None,
        on_boards=me is not None and is_on_boards(me),
        language_word=language_word,
    )


@leaderboards.post("/account/leaderboards")
@needs_sign_in
def leave() -> ResponseReturnValue:
    leave_leaderboards(session(), the_viewer(), now())
    commit()
    flash(_("You are on no leaderboard any more. Your points stay."), "success")
    return redirect("/leaderboards", 303)


@leaderboards.post("/account/leaderboards/end")
@needs_sign_in
def join() -> ResponseReturnValue:
    join_leaderboards(session(), the_viewer())
    commit()
    flash(_("You are on the leaderboards again."), "success")
    return redirect("/leaderboards", 303)


def _wanted(scopes: set[str]) -> Wanted:
    """What the address asks for. A board that this reader may not see is as if it were not there."""
    args = request.args
    span, scope, by = args.get("span", Span.WEEK), args.get("scope", ""), args.get("by", By.POINTS)
    if span not in set(Span) or by not in set(By) or scope not in scopes:
        raise NotFound(Message("There is no such leaderboard."))
    return Wanted(Span(span), _first_day(Span(span)), scope, By(by))


def _first_day(span: Span) -> date:
    """Of the span that the asked day falls into; the present one where none, or one to come, is asked."""
    today = now().astimezone(UTC).date()
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        day = today
    return start_of(span, min(max(day, EVER), today))
