"""A thread's page, and what people do to a whole thread: reply, follow, say "same problem here"."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forum.actions.answer import answer
from forum.actions.follow_thread import (
    follow_thread,
    have_same_problem,
    have_same_problem_no_more,
    unfollow_thread,
)
from forum.kernel.errors import Invalid, NotFound
from forum.kernel.messages import Message
from forum.people.permissions import Act, may
from forum.reports.answer_share import share_of_thread
from forum.reports.deflection_claims import claims_of_thread
from forum.reports.help_now import Waiting, asked_about
from forum.reports.solving import solving_of
from forum.reports.thread_page import ThreadPageView, may_take_back, thread_page
from forum.web.context import commit, now, parts, session, viewer
from forum.web.extensions import limiter
from forum.web.loading import the_thread, the_viewer
from forum.web.reading import asks, counts_views
from forum.web.viewer import needs

threads = Blueprint("threads", __name__)
WRITING_LIMIT = "20 per minute; 200 per hour"


@threads.get("/threads/<int:thread_id>")
@threads.get("/threads/<int:thread_id>-<path:slug>")
def show(thread_id: int, slug: str = "") -> ResponseReturnValue:
    """One address per thread: any other slug is sent to the right one."""
    after = request.args.get("after", 1, type=int)
    page = thread_page(session(), thread_id, viewer(), after)
    if page is None:
        raise NotFound(Message("There is no such thread."))
    if slug != page.thread.slug and request.args.get("written") is None:
        return redirect(thread_href(page.thread.id, page.thread.slug, after=after if after > 1 else None), 301)
    return _page(page, {}, {})


@threads.post("/threads/<int:thread_id>/posts")
@needs(Act.ANSWER)
@limiter.limit(WRITING_LIMIT)
def reply(thread_id: int) -> ResponseReturnValue:
    thread = the_thread(thread_id)
    form = request.form
    try:
        post = answer(
            session(),
            thread,
            the_viewer(),
            text=form.get("text", ""),
            summary=form.get("summary", ""),
            submission_key=form.get("once"),
            markup=parts().markup,
            now=now(),
        )
    except Invalid as error:
        session().rollback()
        page = thread_page(session(), thread_id, viewer())
        if page is None:
            raise
        return _page(page, error.fields, form.to_dict()), 422
    commit()
    return redirect(post_href(thread.id, thread.slug, post.id, post.number), 303)


@threads.post("/threads/<int:thread_id>/follow")
@needs(Act.FOLLOW)
def follow(thread_id: int) -> ResponseReturnValue:
    thread = the_thread(thread_id)
    follow_thread(session(), thread, the_viewer(), now())
    commit()
    return _back(thread.id, thread.slug)


@threads.post("/threads/<int:thread_id>/follow/end")
@needs(Act.FOLLOW)
def unfollow(thread_id: int) -> ResponseReturnValue:
    thread = the_thread(thread_id)
    unfollow_thread(session(), thread, the_viewer())
    commit()
    return _back(thread.id, thread.slug)


@threads.post("/threads/<int:thread_id>/same-problem")
@needs(Act.HAVE_SAME_PROBLEM)
def same_problem(thread_id: int) -> ResponseReturnValue:
    thread = the_thread(thread_id)
    have_same_problem(session(), thread, the_viewer(), now())
    commit()
    flash(_("Noted. You will hear when it is solved."), "success")
    return _back(thread.id, thread.slug)


@threads.post("/threads/<int:thread_id>/same-problem/end")
@needs(Act.HAVE_SAME_PROBLEM)
def same_problem_end(thread_id: int) -> ResponseReturnValue:
    thread = the_thread(thread_id)
    have_same_problem_no_more(session(), thread, the_viewer())
    commit()
    return _back(thread.id, thread.slug)


def thread_href(thread_id: int, slug: str, *, after: int | None = None, anchor: str | None = None) -> str:
    return url_for("threads.show", thread_id=thread_id, slug=slug or None, after=after, _anchor=anchor)


def post_href(thread_id: int, slug: str, post_id: int, number: int) -> str:
    """Where a post stands: the page that begins some posts before it."""
    after = number - 10 if number > 20 else None
    return thread_href(thread_id, slug, after=after, anchor=f"post-{post_id}")


def _page(page: ThreadPageView, errors: object, form: object) -> str:
    solving = solving_of(session(), page, viewer(), now())
    sees_counts = may(viewer(), Act.SEE_DEFLECTION_COUNTS)
    claims = claims_of_thread(session(), page.thread.id) if sees_counts else ()
    zone = parts().settings.time_zone
    return render_template(
        "threads/show.html",
        page=page,
        solving=solving,
        claims=claims,
        asked=_asked(page),
        share=share_of_thread(session(), page.thread.id, zone) if sees_counts else None,
        counts_views=counts_views(page),
        asks=asks(page, viewer()),
        errors=errors,
        form=form,
        may_take_back=_may_take_back,
    )


def _asked(page: ThreadPageView) -> Waiting | None:
    """Only on the way from a notice or the queue: every other look at a thread costs no query for it."""
    me = viewer()
    return asked_about(session(), me, page.thread.id) if me and request.args.get("answer") else None


def _may_take_back(thanked_at: datetime) -> bool:
    return may_take_back(thanked_at, now())


def _back(thread_id: int, slug: str) -> ResponseReturnValue:
    return redirect(thread_href(thread_id, slug), 303)
