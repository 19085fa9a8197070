"""Replies on their way to networks: each in full, and what the network left open for a person to settle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forum.actions.preview_reply import Preview, compose_previews, draft_replies
from forum.actions.settle_delivery import settle_delivery
from forum.kernel.errors import Invalid, NotFound
from forum.kernel.messages import Message
from forum.outbox.deciding import Seen
from forum.outbox.delivery import Delivery, Kind, State
from forum.people.permissions import Act
from forum.reports.deliveries import DeliveryRow, Which, count_waiting, list_deliveries, one_delivery, steps_of
from forum.reports.held_replies import one_reply
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
    """Those that wait for approval have a page of their own."""
    counts = count_waiting(session())
    show = request.args.get("show") or next((which for which, count in counts.items() if count), Which.HELD)
    if show not in set(Which):
        abort(404)
    if show == Which.HELD:
        return redirect("/staff/replies", 303)
    page = list_deliveries(session(), Which(show), request.args.get("before", type=int))
    return render_template(
        "deliveries/list.html", page=page, which=Which(show), counts=counts, previews=previews_of(page.rows)
    )


@deliveries.get("/<int:delivery_id>")
@needs(Act.SETTLE_DELIVERIES)
def show(delivery_id: int) -> ResponseReturnValue:
    return delivery_page(delivery_id, {}, {})


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
        return delivery_page(delivery_id, said(error), form), 422
    commit()
    words = {
        "stands": _("Noted as done."),
        "again": _("It is tried again now."),
        "give_up": _("Given up. It is not sent."),
    }
    return back_from(delivery, decided, words[form["decision"]])


def the_delivery(delivery_id: int) -> Delivery:
    delivery = session().get(Delivery, delivery_id)
    if delivery is None or delivery.kind not in {Kind.REPLY, Kind.RETRACTION}:
        raise NotFound(Message("There is no such reply."))
    return delivery


def delivery_page(delivery_id: int, errors: Mapping[str, str], form: Mapping[str, str]) -> str:
    row = one_delivery(session(), delivery_id)
    if row is None:
        raise NotFound(Message("There is no such reply."))
    steps = steps_of(session(), [delivery_id]).get(delivery_id, ())
    reply = one_reply(session(), delivery_id, now()) if row.state == State.HELD or row.declined else None
    preview = previews_of([row]).get(row.id)
    return render_template(
        "deliveries/show.html", one=row, reply=reply, steps=steps, preview=preview, errors=errors, form=form
    )


def previews_of(rows: Sequence[DeliveryRow]) -> Mapping[int, Preview]:
    """Of the replies that have not gone out; composed with no transaction open, since networks may be asked."""
    ids = [row.id for row in rows if row.kind == Kind.REPLY and row.state in WORDED]
    if not ids:
        return {}
    drafts = draft_replies(session(), ids, outside())
    release()
    return compose_previews(drafts)


def back_from(delivery: Delivery, decided: bool, words: str) -> ResponseReturnValue:
    """To the list that the click came from, else to where the reply stands on its thread's page."""
    if decided:
        flash(words, "success")
    else:
        flash(_("Somebody has decided this already."), "info")
    thread = f"/threads/{delivery.thread_id}#delivery-{delivery.id}"
    return redirect(own_path(request.form.get("next"), thread), 303)
