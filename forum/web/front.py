"""The front page, boards, tags and the lists of threads: one template, one query for the list."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from forum.kernel.errors import NotFound
from forum.kernel.messages import Message
from forum.people.permissions import Act
from forum.reports.front import community_pulse
from forum.reports.guide import guide_for
from forum.reports.thread_lists import Wanted, Which, count_lists, list_threads
from forum.threads.board import Board
from forum.threads.private_boards import may_read_board
from forum.web.context import now, session, viewer
from forum.web.viewer import needs

front = Blueprint("front", __name__)


@front.get("/")
def latest() -> ResponseReturnValue:
    return _list(Wanted())


@front.get("/<any(unanswered, unsolved, solved):which>")
def state(which: str) -> ResponseReturnValue:
    return _list(Wanted(which=Which(which)))


@front.get("/following")
@needs(Act.FOLLOW)
def following() -> ResponseReturnValue:
    account = viewer()
    return _list(Wanted(which=Which.FOLLOWING, follower_id=account.id if account else None))


@front.get("/boards/<slug>")
def board(slug: str) -> ResponseReturnValue:
    found = session().scalar(select(Board).where(Board.slug == slug))
    if found is None or not may_read_board(found, viewer()):
        raise NotFound(Message("There is no such board."))
    which = request.args.get("show", Which.LATEST)
    if which not in {Which.LATEST, Which.UNANSWERED, Which.UNSOLVED, Which.SOLVED}:
        abort(404)
    return _list(Wanted(which=Which(which), board_id=found.id), board=found)


@front.get("/tags/<tag>")
def tagged(tag: str) -> ResponseReturnValue:
    return _list(Wanted(tag=tag.lower()))


def _list(wanted: Wanted, board: Board | None = None) -> ResponseReturnValue:
    before, after = request.args.get("before"), request.args.get("after")
    page = list_threads(session(), wanted, now(), reader=viewer(), before=before, after=after)
    first_page = "before" not in request.args and "after" not in request.args
    if not page.rows and not first_page:  # a key beyond either end, or of threads that are gone
        return redirect(
            url_for(request.endpoint or "", **(request.view_args or {}), show=request.args.get("show")), 302
        )
    whole = wanted == replace(Wanted(), which=wanted.which, follower_id=wanted.follower_id)
    return render_template(
        "front/list.html",
        page=page,
        wanted=wanted,
        board=board,
        counts=count_lists(session(), wanted.board_id, viewer()),
        pulse=community_pulse(session(), now()) if whole else None,
        guide=guide_for(session()) if whole and first_page and wanted.which == Which.LATEST else None,
    )
