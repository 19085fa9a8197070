"""A member's profile, and the names that the editor suggests after an @."""

from __future__ import annotations

from decimal import Decimal

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from forum.kernel.errors import NotFound
from forum.kernel.messages import Message
from forum.people.account import Account
from forum.people.names import key_of
from forum.people.permissions import Act, may
from forum.reports.answer_share import share_of_member
from forum.reports.person_page import person_page
from forum.web.context import now, parts, session, viewer
from forum.web.extensions import limiter

people = Blueprint("people", __name__, url_prefix="/people")


@people.get("/<name>")
def show(name: str) -> ResponseReturnValue:
    page = person_page(session(), key_of(name), now())
    if page is None:
        raise NotFound(Message("Nobody here has this name."))
    return render_template("people/show.html", page=page, person=page.account, share=_share(page.account))


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
