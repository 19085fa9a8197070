"""Asking: the form, similar questions while one types, and the new thread."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import select

from forum.actions.ask import ask
from forum.kernel.errors import Invalid
from forum.kernel.messages import Message
from forum.kernel.scripts import written_in
from forum.people.permissions import Act
from forum.reports.thread_lists import ThreadRow, threads_by_id
from forum.threads.board import Board
from forum.threads.private_boards import board_is_readable
from forum.web.asking_trial import has_asked, is_held_out
from forum.web.context import commit, now, parts, session, viewer
from forum.web.extensions import limiter
from forum.web.loading import the_viewer
from forum.web.page_globals import readable_boards
from forum.web.threads import WRITING_LIMIT, thread_href
from forum.web.viewer import needs

asking = Blueprint("asking", __name__, url_prefix="/ask")
SHORTEST = 4  # characters of a title before similar questions are looked for


@asking.get("")
@needs(Act.ASK)
def form() -> ResponseReturnValue:
    values = {"title": request.args.get("title", ""), "board": request.args.get("board", "")}
    return _form(values, {})


@asking.post("")
@needs(Act.ASK)
@limiter.limit(WRITING_LIMIT)
def submit() -> ResponseReturnValue:
    values = request.form
    try:
        thread = ask(
            session(),
            _board(values.get("board", "")),
            the_viewer(),
            title=values.get("title", ""),
            text=values.get("text", ""),
            tags=values.get("tags", "").replace("，", ",").split(","),
            language=written_in(values.get("title", "") + values.get("text", "")) or _own_language(),
            submission_key=values.get("once"),
            markup=parts().markup,
            now=now(),
        )
    except Invalid as error:
        session().rollback()
        return _form(values.to_dict(), error.fields), 422
    has_asked()
    commit()
    return redirect(thread_href(thread.id, thread.slug), 303)


@asking.get("/similar")
@limiter.limit("120 per minute")
def similar() -> ResponseReturnValue:
    """A fragment for the form: threads about the same, those with an answer first."""
    title = request.args.get("title", "").strip()[:200]
    return render_template("asking/_similar.html", rows=_similar_to(title))


def _form(values: dict[str, str], errors: object) -> str:
    rows = _similar_to(values.get("title", "").strip()[:200])
    return render_template("asking/form.html", values=values, errors=errors, rows=rows)


def _similar_to(title: str) -> list[ThreadRow]:
    """Those with an answer first; none while too little is written to tell, and none for whom they are held back from."""
    if len(title) < SHORTEST and not _is_cjk(title):
        return []
    hits = parts().index.similar(title, board_ids=readable_boards().ids, limit=6)
    rows = threads_by_id(session(), [hit.thread_id for hit in hits], now(), viewer())
    if rows and is_held_out():
        return []
    return sorted(rows, key=lambda row: row.state != "solved")


def _board(slug: str) -> Board:
    board = session().scalar(select(Board).where(Board.slug == slug, board_is_readable(viewer())))
    if board is None:
        sentence = Message("Please choose a board.")
        raise Invalid(Message("Please check what is marked below."), {"board": sentence})
    return board


def _own_language() -> str | None:
    """The page's language; a Chinese page says nothing of a text in Latin letters."""
    locale = str(get_locale()).replace("_", "-")
    return None if locale.startswith("zh") else locale


def _is_cjk(title: str) -> bool:
    return len(title) >= 2 and any(ord(character) > 0x2E7F for character in title)
