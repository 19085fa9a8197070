"""What a solved thread's page asks of its readers: to be counted, and of some whether it helped."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded

from forum.actions.answer_survey import ASKED_CHANNELS, answer_survey, may_be_asked, survey_of
from forum.ledger.survey import Question
from forum.ledger.viewing import Reader, View
from forum.people.account import Account
from forum.reports.thread_page import ThreadPageView
from forum.web.context import now, parts, session
from forum.web.crawlers import is_program
from forum.web.extensions import limiter
from forum.web.loading import the_thread
from forum.web.reader import counted_reader, known_reader, reader_at_hand

reading = Blueprint("reading", __name__)
FRAME = "survey"
QUESTIONS = tuple(Question)


@reading.post("/threads/<int:thread_id>/views")
def view(thread_id: int) -> ResponseReturnValue:
    """204 whatever happens: a page has nothing to do about it, and nobody learns whether they were counted."""
    with suppress(RateLimitExceeded), limiter.limit("120 per minute"):
        if not is_program(request) and (reader := counted_reader()) is not None:
            parts().views.put(View(thread_id, reader, now()))
    return "", 204


@reading.get("/threads/<int:thread_id>/survey")
def survey(thread_id: int) -> ResponseReturnValue:
    """The next question, alone where a frame asks for it. Nothing to ask is no error: the page then says so."""
    thread = the_thread(thread_id)
    question = None if is_program(request) else _next_question(known_reader(), thread_id)
    framed = request.headers.get("Turbo-Frame") == FRAME
    response = make_response(
        render_template(
            "survey/show.html",
            thread=thread,
            question=question,
            number=QUESTIONS.index(question) + 1 if question else 0,
            channels=ASKED_CHANNELS,
            thanks=request.args.get("thanks") is not None,
            framed=framed,
        )
    )
    response.vary.add("Turbo-Frame")
    return response


@reading.post("/threads/<int:thread_id>/survey")
@limiter.limit("30 per minute")
def answer(thread_id: int) -> ResponseReturnValue:
    reader = known_reader()
    the_thread(thread_id)
    if reader is None or is_program(request):
        return redirect(url_for(".survey", thread_id=thread_id), 303)
    form, settings = request.form, parts().settings
    given = answer_survey(
        session(),
        reader,
        thread_id,
        question=form.get("question", ""),
        answer=form.get("answer", ""),
        channel=form.get("channel") or None,
        zone=settings.time_zone,
        days=settings.deflection_days,
        now=now(),
    )
    session().commit()
    ended = given is not None and given.thread_id == thread_id and given.next_question is None
    return redirect(url_for(".survey", thread_id=thread_id, thanks="" if ended else None), 303)


def counts_views(page: ThreadPageView) -> bool:
    """A question that everybody can read, whose accepted answer is a member's."""
    return page.accepted is not None and not page.accepted.by_staff and not page.thread.is_private


def asks(page: ThreadPageView, viewer: Account | None) -> bool:
    """Whether the page holds the survey for this reader, without a query: the frame itself looks more closely."""
    if not counts_views(page) or not parts().settings.survey_share:
        return False
    if viewer is not None:
        shown = (page.question, page.accepted, *page.replies)
        if page.thread.author_id == viewer.id or any(post and post.author_id == viewer.id for post in shown):
            return False
    reader = reader_at_hand()
    return reader is not None and reader.drawn and not reader.by_staff


def _next_question(reader: Reader | None, thread_id: int) -> Question | None:
    """One thread a week asks, and none asks again once it has its answers."""
    if reader is None or not may_be_asked(session(), reader, thread_id):
        return None
    given = survey_of(session(), reader)
    if given is not None:
        return given.next_question if given.thread_id == thread_id else None
    return Question.PROBLEM if parts().asked.on(reader, thread_id) else None
