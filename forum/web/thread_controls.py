"""What the thread's asker, staff and trusted members do to a thread as a whole: edit its tags, move it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forum.actions.edit_tags import edit_tags, may_edit_tags, tags_of
from forum.actions.move_thread import move_thread
from forum.kernel.errors import Invalid
from forum.kernel.messages import Message
from forum.people.permissions import Act, require
from forum.threads.board import Board
from forum.threads.thread import Thread
from forum.web.context import commit, now, session
from forum.web.extensions import limiter
from forum.web.form_errors import said
from forum.web.loading import the_thread, the_viewer
from forum.web.page_globals import readable_boards
from forum.web.threads import WRITING_LIMIT, thread_href
from forum.web.viewer import needs, needs_sign_in

thread_controls = Blueprint("thread_controls", __name__, url_prefix="/threads/<int:thread_id>")


@thread_controls.get("/tags")
@needs_sign_in
def tags_form(thread_id: int) -> ResponseReturnValue:
    thread = the_thread(thread_id)
    if not may_edit_tags(thread, the_viewer()):
        require(the_viewer(), Act.EDIT_TAGS)
    return _tags_page(thread, ", ".join(tags_of(session(), thread)), {})


@thread_controls.post("/tags")
@needs_sign_in
@limiter.limit(WRITING_LIMIT)
def change_tags(thread_id: int) -> ResponseReturnValue:
    thread, typed = the_thread(thread_id), request.form.get("tags", "")
    try:
        edit_tags(session(), thread, the_viewer(), tags=typed.replace("，", ",").split(","), now=now())
    except Invalid as error:
        session().rollback()
        return _tags_page(the_thread(thread_id), typed, said(error)), 422
    commit()
    return redirect(thread_href(thread.id, thread.slug), 303)


@thread_controls.get("/board")
@needs(Act.MOVE_THREADS)
def board_form(thread_id: int) -> ResponseReturnValue:
    return _board_page(the_thread(thread_id), None, {})


@thread_controls.post("/board")
@needs(Act.MOVE_THREADS)
@limiter.limit(WRITING_LIMIT)
def change_board(thread_id: int) -> ResponseReturnValue:
    thread, chosen = the_thread(thread_id), request.form.get("board", "")
    try:
        move_thread(session(), thread, _board(chosen), the_viewer(), now())
    except Invalid as error:
        session().rollback()
        return _board_page(the_thread(thread_id), chosen, said(error)), 422
    commit()
    flash(_("The thread stands on another board now."), "success")
    return redirect(thread_href(thread.id, thread.slug), 303)


def _board(slug: str) -> Board:
    chosen = next((board.id for board in readable_boards() if board.slug == slug), None)
    board = session().get(Board, chosen) if chosen is not None else None
    if board is None:
        sentence = Message("Please choose a board.")
        raise Invalid(sentence, {"board": sentence})
    return board


def _tags_page(thread: Thread, typed: str, errors: Mapping[str, str]) -> str:
    return render_template("threads/tags.html", thread=thread, typed=typed, errors=errors)


def _board_page(thread: Thread, chosen: str | None, errors: Mapping[str, str]) -> str:
    return render_template("threads/move.html", thread=thread, chosen=chosen, errors=errors)
