"""A member's profile, where their points come from, and the names that the editor suggests after an @."""

from __future__ import annotations

from decimal import Decimal

from babel import Locale
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import select

from forum.exports.naming import language_name
from forum.kernel.errors import NotAllowed, NotFound
from forum.kernel.messages import Message
from forum.people.account import Account
from forum.people.names import key_of
from forum.people.permissions import Act, may
from forum.reports.answer_share import share_of_member
from forum.reports.card_facts import may_have_card
from forum.reports.person_page import person_page
from forum.reports.points_trail import points_trail
from forum.web.context import now, parts, session, viewer
from forum.web.extensions import limiter
from forum.web.i18n import say
from forum.web.loading import the_viewer
from forum.web.viewer import needs_sign_in

people = Blueprint("people", __name__, url_prefix="/people")


@people.get("/<name>")
def show(name: str) -> ResponseReturnValue:
    page = person_page(session(), key_of(name), viewer(), now())
    if page is None:
        raise NotFound(Message("Nobody here has this name."))
    return render_template(
        "people/show.html",
        page=page,
        person=page.account,
        share=_share(page.account),
        languages=[_language(tag) for tag in page.fields.languages],
        has_card=may_have_card(page.account),
    )


@people.get("/<name>/points")
@needs_sign_in
def points(name: str) -> ResponseReturnValue:
    me, before = the_viewer(), request.args.get("before")
    if key_of(name) != me.name_key:
        raise NotAllowed(Message("Only you can see where your points come from."))
    return render_template("people/points.html", trail=points_trail(session(), me, before=before), first=before is None)


def _share(person: Account) -> Decimal | None:
    """A superfan's own share of what the community saved, for themselves and for staff."""
    me = viewer()
    is_own = me is not None and me.id == person.id
    if person.superfan_since is None or not (is_own or may(me, Act.SEE_DEFLECTION_COUNTS)):
        return None
    return share_of_member(session(), person.id, parts().settings.time_zone)


def _language(tag: str) -> str:
    name = language_name(tag, Locale.parse(str(get_locale())))
    return say(name) if isinstance(name, Message) else name


@people.get("/suggest")
@limiter.limit("120 per minute")
def suggest() -> ResponseReturnValue:
    """A fragment: up to five names that begin as asked, those with most solutions first."""
    begins = key_of(request.args.get("q", ""))[:30]
    names = select(Account.name, Account.display_name).where(
        Account.name_key.startswith(begins, autoescape=True), Account.closed_at.is_(None)
    )
    rows = session().execute(names.order_by(Account.solutions.desc(), Account.id).limit(5)).all() if begins else ()
    return render_template("people/_suggest.html", rows=rows)
