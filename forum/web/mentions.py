"""What was heard on networks, and where each goes: staff's list."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forum.actions.route_mention import route_mention
from forum.kernel.errors import Invalid, NotFound
from forum.kernel.messages import Message
from forum.listening.mention import Mention, Route
from forum.people.permissions import Act
from forum.reports.mention_list import Filters, count_routes, heard_connections, list_mentions
from forum.web.context import commit, now, parts, session
from forum.web.i18n import say
from forum.web.loading import the_viewer
from forum.web.own_path import own_path
from forum.web.threads import thread_href
from forum.web.viewer import needs

mentions = Blueprint("mentions", __name__, url_prefix="/mentions")


@mentions.get("")
@needs(Act.SEE_MENTIONS)
def index() -> ResponseReturnValue:
    filters = _filters()
    page = list_mentions(session(), filters, before=request.args.get("before"), after=request.args.get("after"))
    return render_template(
        "mentions/list.html",
        page=page,
        filters=filters,
        counts=count_routes(session()),
        connections=heard_connections(session()),
        address=address,
    )


@mentions.post("/<int:mention_id>/route")
@needs(Act.ROUTE_MENTIONS)
def route(mention_id: int) -> ResponseReturnValue:
    mention = session().get(Mention, mention_id)
    if mention is None:
        raise NotFound(Message("There is no such mention."))
    back = own_path(request.form.get("next"), "/mentions")
    try:
        thread = route_mention(
            session(),
            mention,
            request.form.get("route", ""),
            the_viewer(),
            shows_nobodys_data="shows_nobodys_data" in request.form,
            markup=parts().markup,
            now=now(),
        )
    except Invalid as error:
        session().rollback()
        flash(say(error.message), "error")
        return redirect(f"{back}#mention-{mention_id}", 303)
    commit()
    if thread is not None:
        flash(_("It stands in the community now."), "success")
        return redirect(thread_href(thread.id, thread.slug), 303)
    flash(_("Noted. It stays with staff."), "success")
    return redirect(back, 303)


def address(filters: Filters, **other: object) -> str:
    """The list's address with these filters, changed by `other`; what is not set stays out of it."""
    wanted = {
        "route": filters.route,
        "network": filters.connection_id,
        "unanswered": "yes" if filters.unanswered else None,
        "unanswerable": "yes" if filters.unanswerable else None,
        **other,
    }
    query = urlencode({name: value for name, value in wanted.items() if value})
    return f"/mentions?{query}" if query else "/mentions"


def _filters() -> Filters:
    """From the address; what makes no sense is left out."""
    route = request.args.get("route")
    return Filters(
        route=route if route in set(Route) else None,
        connection_id=request.args.get("network", type=int),
        unanswered=request.args.get("unanswered") == "yes",
        unanswerable=request.args.get("unanswerable") == "yes",
    )
