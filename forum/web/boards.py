"""An admin's page of the boards: make one, change one."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from forum.actions.arrange_boards import LANGUAGES, BoardFacts, change_board, make_board, next_position
from forum.kernel.errors import Invalid, NotFound
from forum.kernel.messages import Message
from forum.people.permissions import Act
from forum.threads.board import Board
from forum.threads.thread import Kind
from forum.web.context import commit, now, session
from forum.web.form_errors import said
from forum.web.loading import the_viewer
from forum.web.viewer import needs

boards = Blueprint("boards", __name__, url_prefix="/admin/boards")


@boards.get("")
@needs(Act.ARRANGE_BOARDS)
def index() -> ResponseReturnValue:
    rows = session().scalars(select(Board).order_by(Board.position, Board.id)).all()
    return render_template("boards/list.html", rows=rows)


@boards.get("/new")
@needs(Act.ARRANGE_BOARDS)
def new() -> ResponseReturnValue:
    return _form(None, {"kind": Kind.QUESTION, "position": str(next_position(session()))}, {})


@boards.post("/new")
@needs(Act.ARRANGE_BOARDS)
def make() -> ResponseReturnValue:
    try:
        board = make_board(session(), _facts(), the_viewer(), now())
    except Invalid as error:
        session().rollback()
        return _form(None, request.form, said(error)), 422
    commit()
    flash(_("The board %(name)s stands.", name=board.name), "success")
    return redirect("/admin/boards", 303)


@boards.get("/<int:board_id>")
@needs(Act.ARRANGE_BOARDS)
def one(board_id: int) -> ResponseReturnValue:
    board = _board(board_id)
    values = {
        "name": board.name, "description": board.description, "kind": board.kind, "language": board.language or "",
        "position": str(board.position), "private": "yes" if board.private_since else "",
    }  # fmt: skip
    return _form(board, values, {})


@boards.post("/<int:board_id>")
@needs(Act.ARRANGE_BOARDS)
def change(board_id: int) -> ResponseReturnValue:
    board = _board(board_id)
    try:
        change_board(session(), board, _facts(), the_viewer(), now())
    except Invalid as error:
        session().rollback()
        return _form(board, request.form, said(error)), 422
    commit()
    flash(_("Saved."), "success")
    return redirect("/admin/boards", 303)


def _facts() -> BoardFacts:
    form = request.form
    return BoardFacts(
        name=form.get("name", ""),
        description=form.get("description", ""),
        kind=form.get("kind", ""),
        language=form.get("language", ""),
        position=form.get("position", 0, type=int),
        private=form.get("private") == "yes",
    )


def _board(board_id: int) -> Board:
    board = session().get(Board, board_id)
    if board is None:
        raise NotFound(Message("There is no such board."))
    return board


def _form(board: Board | None, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    return render_template("boards/form.html", board=board, values=values, errors=errors, languages=LANGUAGES)
