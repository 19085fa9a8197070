"""A member's profile, where their points come from, and the names that the editor suggests after an @."""

from __future__ import annotations

from decimal import Decimal

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from forum.kernel.errors import NotAllowed, NotFound
from forum.kernel.messages import Message
from forum.people.account import Account
from forum.people.names import key_of
from forum.people.permissions import Act, may
from forum.reports.answer_share import share_of_member
from forum.reports.card_facts import may_have_card
from forum.reports.next_rank import NextRank, next_rank
from forum.reports.person_page import person_page
from forum.reports.points_trail import points_trail
from forum.superfans.rank import Rank
from forum.web.context import now, parts, session, viewer
from forum.web.extensions import limiter
from forum.web.loading import the_viewer
from forum.web.viewer import needs_sign_in
from forum.web.wording import language_word

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
        languages=[language_word(tag) for tag in page.fields.languages],
        has_card=may_have_card(page.account),
        next=_next_rank(page.account),
    )


@people.get("/<name>/points")
@needs_sign_in
def points(name: str) -> ResponseReturnValue:
    me, before = the_viewer(), request.args.get("before")
    if key_of(name) != me.name_key:
        raise NotAllowed(Message("Only you can see where your points come from."))
    return render_template("people/points.html", trail=points_trail(session(), me, before=before), first=before is None)


def _next_rank(person: Account) -> NextRank | None:
    """For themselves alone; two queries."""
    me = viewer()
    if me is None or me.id != person.id:
        return None
    return next_rank(session(), me, session().scalars(select(Rank)).all())


def _share(person: Account) -> Decimal | None:
    """A superfan's own share of what the community saved, for themselves and for staff."""
    me = viewer()
    is_own = me is not None and me.id == person.id
    if person.superfan_since is None or not (is_own or may(me, Act.SEE_DEFLECTION_COUNTS)):
        return None
    return share_of_member(session(), person.id, parts().settings.time_zone)


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
