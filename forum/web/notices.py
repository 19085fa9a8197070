"""One's notifications: what happened, which of it is new, and the ways to it."""

from __future__ import annotations

from datetime import datetime

from babel.dates import format_date
from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from forum.actions.read_notices import read_all_notices, read_notice
from forum.reports.notices import notice_page, rows_of
from forum.web.context import commit, now, parts, session
from forum.web.loading import the_viewer
from forum.web.viewer import needs_sign_in

notices = Blueprint("notices", __name__, url_prefix="/notifications")

LONGEST_QUOTE = 140  # characters


@notices.get("")
@needs_sign_in
def show() -> ResponseReturnValue:
    page = notice_page(session(), the_viewer(), day_in, str(get_locale()), before=request.args.get("before", type=int))
    return render_template("notices/list.html", page=page, excerpt=excerpt)


@notices.post("/<int:notice_id>")
@needs_sign_in
def open_one(notice_id: int) -> ResponseReturnValue:
    """Marks it as read and leads to its thing; the button "stay" leads back to the list."""
    me = the_viewer()
    notice = read_notice(session(), notice_id, me, now())
    (row,) = rows_of(session(), [notice], me, day_in, str(get_locale()))
    commit()
    return redirect("/notifications" if "stay" in request.form else row.path, 303)


@notices.post("/reading")
@needs_sign_in
def read_all() -> ResponseReturnValue:
    read_all_notices(session(), the_viewer(), request.form.get("up_to", 0, type=int), now())
    commit()
    return redirect("/notifications", 303)


def day_in(at: datetime, language: str | None) -> str:
    return str(format_date(at.astimezone(parts().settings.time_zone).date(), "long", language or "en"))


def excerpt(text: str) -> str:
    return parts().markup.excerpt(text, LONGEST_QUOTE)
