"""Accepting an answer, withdrawing it, settling the asker's word, and the asker's one question afterwards."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forum.actions.accept_answer import accept_answer
from forum.actions.settle_word import settle_word
from forum.actions.state_intent import state_intent
from forum.actions.withdraw_acceptance import withdraw_acceptance
from forum.kernel.errors import NotFound
from forum.kernel.messages import Message
from forum.ledger.claim import Claim
from forum.listening.mention import Mention
from forum.people.permissions import Act
from forum.web.context import commit, now, parts, session
from forum.web.loading import the_post, the_thread, the_viewer
from forum.web.threads import thread_href
from forum.web.viewer import needs

acceptance = Blueprint("acceptance", __name__, url_prefix="/threads/<int:thread_id>")


@acceptance.post("/acceptance")
@needs(Act.ACCEPT_ON_OWN_THREAD)
def accept(thread_id: int) -> ResponseReturnValue:
    thread = the_thread(thread_id)
    post = the_post(request.form.get("post", 0, type=int))
    settings = parts().settings
    accept_answer(
        session(),
        thread,
        post,
        the_viewer(),
        word=_word(thread_id),
        days=settings.deflection_days,
        zone=settings.time_zone,
        now=now(),
    )
    commit()
    return redirect(thread_href(thread.id, thread.slug, anchor="accepted-answer"), 303)


@acceptance.post("/acceptance/withdrawal")
@needs(Act.REOPEN_OWN_THREAD)
def withdraw(thread_id: int) -> ResponseReturnValue:
    thread = the_thread(thread_id)
    zone = parts().settings.time_zone
    why = request.form.get("why", "")
    withdraw_acceptance(session(), thread, the_viewer(), why=why, word=_word(thread_id), zone=zone, now=now())
    commit()
    flash(_("The thread is open again."), "success")
    return redirect(thread_href(thread.id, thread.slug), 303)


@acceptance.post("/word")
@needs(Act.ROUTE_MENTIONS)
def leave_word(thread_id: int) -> ResponseReturnValue:
    """Staff saw what the asker said on the network and leave the thread as it is."""
    thread = the_thread(thread_id)
    word = _word(thread_id)
    if word is None:
        raise NotFound(Message("There is no such mention."))
    settle_word(word, the_viewer(), now())
    commit()
    return redirect(thread_href(thread.id, thread.slug), 303)


@acceptance.post("/intent")
@needs(Act.REOPEN_OWN_THREAD)
def intent(thread_id: int) -> ResponseReturnValue:
    thread = the_thread(thread_id)
    claim = session().get(Claim, request.form.get("claim", 0, type=int))
    if claim is None or claim.thread_id != thread.id:
        raise NotFound(Message("There is nothing to answer any more."))
    channel = request.form.get("channel") or None
    state_intent(
        session(), claim, thread, the_viewer(), intent=request.form.get("intent", ""), channel=channel, now=now()
    )
    commit()
    flash(_("Thank you. That tells us what helps."), "success")
    return redirect(thread_href(thread.id, thread.slug), 303)


def _word(thread_id: int) -> Mention | None:
    """The asker's word that the form names, if it belongs to this thread."""
    mention = session().get(Mention, request.form.get("word", 0, type=int))
    return mention if mention is not None and mention.thread_id == thread_id else None
