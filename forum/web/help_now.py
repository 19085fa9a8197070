"""Help now: the questions that wait for the viewer, and what they say of being asked."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forum.actions.answer_help_request import answer_help_request
from forum.kernel.errors import Invalid
from forum.people.permissions import Act
from forum.reports.help_now import help_now as read_help_now
from forum.superfans.helping import Reply
from forum.web.context import commit, now, session
from forum.web.form_errors import said
from forum.web.loading import the_thread, the_viewer
from forum.web.threads import thread_href
from forum.web.viewer import needs

help_now = Blueprint("help_now", __name__)
IN_FOCUS = "?answer=yes#text"


@help_now.get("/help-now")
@needs(Act.ANSWER)
def show() -> ResponseReturnValue:
    return _page({})


@help_now.get("/help-now/<int:thread_id>")
@needs(Act.ANSWER)
def answer(thread_id: int) -> ResponseReturnValue:
    """Where a notice leads: the thread with the answer's box in focus, with JavaScript (by the word) and without (by the anchor)."""
    thread = the_thread(thread_id)
    return redirect(f"{thread_href(thread.id, thread.slug)}{IN_FOCUS}", 302)


@help_now.post("/help-requests/<int:request_id>/reply")
@needs(Act.ANSWER)
def reply(request_id: int) -> ResponseReturnValue:
    form = request.form
    try:
        made = answer_help_request(
            session(), request_id, form.get("reply", ""), the_viewer(), mute=form.get("mute", ""), now=now()
        )
    except Invalid as error:
        session().rollback()
        return _page(said(error)), 422
    commit()
    if made.reply == Reply.LATER:
        flash(_("Put off: it comes back here in four hours, if it still waits."), "success")
    elif made.reply == Reply.NOT_MINE:
        flash(_("Noted. You will be asked less about such things."), "success")
    return redirect("/help-now", 303)


def _page(errors: Mapping[str, str]) -> str:
    return render_template("help_now/list.html", page=read_help_now(session(), the_viewer(), now()), errors=errors)
