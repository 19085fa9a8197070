"""The approval ladder: replies that wait for staff, and what they do with one: approve, reword, take over, decline."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forum.actions.approve_reply import approve_edited_reply, approve_reply
from forum.actions.decline_reply import decline_reply
from forum.actions.preview_reply import Draft, Preview, compose_previews, draft_replies
from forum.actions.reword_reply import reword_reply
from forum.actions.take_over_reply import take_over_reply
from forum.actions.take_up_reply import take_up_reply
from forum.kernel.errors import Conflict, Invalid, NotFound
from forum.kernel.messages import Message
from forum.outbox.deciding import Seen
from forum.outbox.delivery import Delivery, Kind, State
from forum.people.permissions import Act
from forum.reports.deliveries import count_waiting
from forum.reports.held_replies import held_replies
from forum.web.context import commit, now, parts, release, session
from forum.web.deliveries import back_from, delivery_page, previews_of, the_delivery
from forum.web.form_errors import said
from forum.web.loading import the_viewer
from forum.web.outside import outside
from forum.web.viewer import needs

reply_ladder = Blueprint("reply_ladder", __name__)


@reply_ladder.get("/staff/replies")
@needs(Act.APPROVE_REPLIES)
def queue() -> ResponseReturnValue:
    """`after` is the reply that the page before ended with. Where nothing is left behind it, the list starts anew."""
    after = request.args.get("after", 0, type=int)
    page = held_replies(session(), now(), after)
    if after and not page.rows:
        return redirect("/staff/replies", 303)
    here = f"/staff/replies?after={after}" if after else "/staff/replies"
    counts = count_waiting(session())
    previews = previews_of([one.delivery for one in page.rows])
    return render_template("deliveries/queue.html", page=page, counts=counts, previews=previews, here=here)


@reply_ladder.post("/deliveries/<int:delivery_id>/approval")
@needs(Act.APPROVE_REPLIES)
def approve(delivery_id: int) -> ResponseReturnValue:
    """The field `seen` names the words that were read, and these very words go out."""
    if _is_decided(delivery := the_delivery(delivery_id)):
        return back_from(delivery, False, "")
    preview = _preview(delivery_id)
    if preview.digest != request.form.get("seen"):
        raise Conflict(Message("The answer was changed meanwhile. Please read it once more."))
    delivery = the_delivery(delivery_id)
    decided = approve_reply(session(), delivery, the_viewer(), text=preview.text, now=now())
    commit()
    return back_from(delivery, decided, _("Approved. It goes out now."))


@reply_ladder.post("/deliveries/<int:delivery_id>/rewording")
@needs(Act.APPROVE_REPLIES)
def reword(delivery_id: int) -> ResponseReturnValue:
    if _is_decided(delivery := the_delivery(delivery_id)):
        return back_from(delivery, False, "")
    try:
        words = reword_reply(_draft(delivery_id), request.form.get("text", ""), "text")
        delivery = the_delivery(delivery_id)
        decided = approve_edited_reply(session(), delivery, the_viewer(), words, now())
    except Invalid as error:
        return _again(delivery_id, error)
    commit()
    return back_from(delivery, decided, _("Approved. It goes out now."))


@reply_ladder.post("/deliveries/<int:delivery_id>/taking-over")
@needs(Act.APPROVE_REPLIES)
def take_over(delivery_id: int) -> ResponseReturnValue:
    site = parts().settings.site_name
    if _is_decided(delivery := the_delivery(delivery_id)):
        return back_from(delivery, False, "")
    try:
        words = reword_reply(_draft(delivery_id), request.form.get("words", ""), "words", signed=site)
        delivery = the_delivery(delivery_id)
        decided = take_over_reply(session(), delivery, the_viewer(), words, now())
    except Invalid as error:
        return _again(delivery_id, error)
    commit()
    return back_from(delivery, decided, _("Your words go out now, in the brand's name."))


@reply_ladder.post("/deliveries/<int:delivery_id>/refusal")
@needs(Act.APPROVE_REPLIES)
def decline(delivery_id: int) -> ResponseReturnValue:
    delivery = the_delivery(delivery_id)
    try:
        decided = decline_reply(session(), delivery, the_viewer(), reason=request.form.get("reason", ""), now=now())
    except Invalid as error:
        return _again(delivery_id, error)
    commit()
    return back_from(delivery, decided, _("It is not sent. The answer stays accepted here."))


@reply_ladder.post("/deliveries/<int:delivery_id>/taking-up")
@needs(Act.APPROVE_REPLIES)
def take_up(delivery_id: int) -> ResponseReturnValue:
    delivery = the_delivery(delivery_id)
    seen = Seen.named(request.form.get("seen", ""))
    decided = take_up_reply(session(), delivery, the_viewer(), seen=seen, now=now())
    commit()
    if decided:
        flash(_("It waits for approval again."), "success")
    return redirect(f"/deliveries/{delivery.id}", 303)


def _is_decided(delivery: Delivery) -> bool:
    """Then the network need not be asked. The action looks once more, when it decides."""
    if delivery.kind != Kind.REPLY:
        raise NotFound(Message("There is no such reply."))
    return delivery.state != State.HELD


def _draft(delivery_id: int) -> Draft:
    """Read whole and let go of the transaction: the network is asked next."""
    drafts = draft_replies(session(), [delivery_id], outside())
    release()
    return drafts[0]


def _preview(delivery_id: int) -> Preview:
    """Raises Conflict where it cannot be shown, and so was not read."""
    preview = compose_previews([_draft(delivery_id)])[delivery_id]
    if preview.trouble is not None:
        raise Conflict(Message("It cannot be shown as it will be sent: %(why)s", {"why": preview.trouble}))
    return preview


def _again(delivery_id: int, error: Invalid) -> ResponseReturnValue:
    session().rollback()
    form: Mapping[str, str] = request.form
    return delivery_page(delivery_id, said(error), form), 422
