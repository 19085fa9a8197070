"""Replies that need a person: approve them or not, and settle what the network left open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forum.actions.approve_reply import approve_reply, refuse_reply
from forum.actions.preview_reply import Preview, compose_previews, draft_replies
from forum.actions.settle_delivery import settle_delivery
from forum.kernel.errors import Conflict, Invalid, NotFound
from forum.kernel.messages import Message
from forum.outbox.deciding import Seen
from forum.outbox.delivery import Delivery, Kind, State
from forum.people.permissions import Act
from forum.reports.deliveries import DeliveryRow, Which, count_waiting, list_deliveries, one_delivery, steps_of
from forum.web.context import commit, now, release, session
from forum.web.form_errors import said
from forum.web.loading import the_viewer
from forum.web.outside import outside
from forum.web.own_path import own_path
from forum.web.viewer import needs

deliveries = Blueprint("deliveries", __name__, url_prefix="/deliveries")
WORDED = frozenset({State.HELD, State.WAITING, State.FAILED, State.PARKED, State.UNCERTAIN})


@deliveries.get("")
@needs(Act.SETTLE_DELIVERIES)
def index() -> ResponseReturnValue:
    counts = count_waiting(session())
    show = request.args.get("show") or next((which for which, count in counts.items() if count), Which.HELD)
    if show not in set(Which):
        abort(404)
    page = list_deliveries(session(), Which(show), request.args.get("before", type=int))
    return render_template(
        "deliveries/list.html", page=page, which=Which(show), counts=counts, previews=_previews(page.rows)
    )


@deliveries.get("/<int:delivery_id>")
@needs(Act.SETTLE_DELIVERIES)
def show(delivery_id: int) -> ResponseReturnValue:
    return _page(delivery_id, {}, {})


@deliveries.post("/<int:delivery_id>/approval")
@needs(Act.APPROVE_REPLIES)
def approve(delivery_id: int) -> ResponseReturnValue:
    """The field `seen` names the words that were read; without it (the thread's page shows the answer itself) they are
    worded when they are sent."""
    the_delivery(delivery_id)
    text = _text_as_seen(delivery_id, request.form.get("seen"))
    delivery = the_delivery(delivery_id)
    decided = approve_reply(session(), delivery, the_viewer(), text=text, now=now())
    commit()
    return _back(delivery, decided, _("Approved. It goes out now."))


@deliveries.post("/<int:delivery_id>/refusal")
@needs(Act.APPROVE_REPLIES)
def refuse(delivery_id: int) -> ResponseReturnValue:
    delivery = the_delivery(delivery_id)
    decided = refuse_reply(session(), delivery, the_viewer(), now=now())
    commit()
    return _back(delivery, decided, _("It is not sent. The answer stays accepted here."))


@deliveries.post("/<int:delivery_id>/decision")
@needs(Act.SETTLE_DELIVERIES)
def settle(delivery_id: int) -> ResponseReturnValue:
    delivery, form = the_delivery(delivery_id), request.form
    try:
        decided = settle_delivery(
            session(),
            delivery,
            form.get("decision", ""),
            the_viewer(),
            seen=Seen.named(form.get("seen", "")),
            permalink=form.get("permalink", ""),
            now=now(),
        )
    except Invalid as error:
        session().rollback()
        return _page(delivery_id, said(error), form), 422
    commit()
    words = {
        "stands": _("Noted as done."),
        "again": _("It is tried again now."),
        "give_up": _("Given up. It is not sent."),
    }
    return _back(delivery, decided, words[form["decision"]])


def the_delivery(delivery_id: int) -> Delivery:
    delivery = session().get(Delivery, delivery_id)
    if delivery is None or delivery.kind not in {Kind.REPLY, Kind.RETRACTION}:
        raise NotFound(Message("There is no such reply."))
    return delivery


def _page(delivery_id: int, errors: Mapping[str, str], form: Mapping[str, str]) -> str:
    row = one_delivery(session(), delivery_id)
    if row is None:
        raise NotFound(Message("There is no such reply."))
    steps = steps_of(session(), delivery_id)
    preview = _previews([row]).get(row.id)
    return render_template("deliveries/show.html", one=row, steps=steps, preview=preview, errors=errors, form=form)


def _previews(rows: Sequence[DeliveryRow]) -> Mapping[int, Preview]:
    """Of the replies that have not gone out; composed with no transaction open, since networks may be asked."""
    ids = [row.id for row in rows if row.kind == Kind.REPLY and row.state in WORDED]
    if not ids:
        return {}
    drafts = draft_replies(session(), ids, outside())
    release()
    return compose_previews(drafts)


def _text_as_seen(delivery_id: int, seen: str | None) -> str | None:
    """The very words that were read before approving; raises Conflict where the answer was changed meanwhile."""
    if not seen:
        return None
    drafts = draft_replies(session(), [delivery_id], outside())
    release()
    preview = compose_previews(drafts).get(delivery_id)
    if preview is None or preview.digest != seen:
        raise Conflict(Message("The answer was changed meanwhile. Please read it once more."))
    return preview.text


def _back(delivery: Delivery, decided: bool, words: str) -> ResponseReturnValue:
    """To the list that the click came from, else to where the reply stands on its thread's page."""
    if decided:
        flash(words, "success")
    else:
        flash(_("Somebody has decided this already."), "info")
    thread = f"/threads/{delivery.thread_id}#delivery-{delivery.id}"
    return redirect(own_path(request.form.get("next"), thread), 303)
