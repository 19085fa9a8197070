"""What to hear of and where; and the page behind the link in a mail that ends such mails, for which nobody signs in."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from forum.actions.choose_notices import choose_notices, stop_mails
from forum.exports.notice_mail import read_stop_token
from forum.kernel.errors import Invalid, NotFound
from forum.kernel.messages import Message
from forum.notices.choosing import Way, choices_of, offered
from forum.notices.events import EVENTS
from forum.people.account import Account
from forum.web.context import commit, now, parts, session
from forum.web.form_errors import said
from forum.web.loading import the_viewer
from forum.web.passwords import keep_secret
from forum.web.viewer import needs_sign_in

notice_choices = Blueprint("notice_choices", __name__)


@notice_choices.get("/account/notifications")
@needs_sign_in
def show() -> ResponseReturnValue:
    me = the_viewer()
    until = me.mail_paused_until
    resting = until is not None and until > now()
    day = until.astimezone(parts().settings.time_zone).date().isoformat() if until is not None and resting else ""
    return _page(choices_of(session(), me), day, {}, 200)


@notice_choices.post("/account/notifications")
@needs_sign_in
def choose() -> ResponseReturnValue:
    me, chosen, paused_until = the_viewer(), _chosen(), request.form.get("paused_until", "")
    try:
        zone = parts().settings.time_zone
        choose_notices(session(), me, chosen, paused_until=paused_until, zone=zone, now=now())
    except Invalid as error:
        session().rollback()
        return _page(chosen, paused_until, said(error), 422)
    commit()
    flash(_("Your choices are saved."), "success")
    return redirect("/account/notifications", 303)


@notice_choices.get("/mail/stop/<token>")
def show_stop(token: str) -> ResponseReturnValue:
    """Shows a button alone: programs that look at every link in a mail must not end anything."""
    account, events = _of_token(token)
    return _stop_page(account, events, done=False)


@notice_choices.post("/mail/stop/<token>")
def stop(token: str) -> ResponseReturnValue:
    """By the button, or by the reader's mail program in one click (RFC 8058), which follows no redirect."""
    account, events = _of_token(token)
    stop_mails(session(), account, events)
    commit()
    return _stop_page(account, events, done=True)


def _chosen() -> dict[str, Way]:
    """The form has a box for each event and place; an unticked one is not sent."""
    form = request.form
    return {one.name: Way(f"page-{one.name}" in form, f"mail-{one.name}" in form) for one in offered(the_viewer())}


def _page(ways: Mapping[str, Way], paused_until: str, errors: Mapping[str, str], status: int) -> Response:
    events = offered(the_viewer())
    page = render_template(
        "notices/choices.html",
        events=events,
        ways=ways,
        paused_until=paused_until,
        errors=errors,
        email=the_viewer().email,
    )
    return make_response(page, status)


def _of_token(token: str) -> tuple[Account, list[str]]:
    read = read_stop_token(parts().settings.secret_key, token)
    account = session().get(Account, read[0]) if read is not None else None
    if read is None or account is None or account.closed_at is not None:
        raise NotFound(Message("This link does not belong to any mail of ours."))
    return account, read[1]


def _stop_page(account: Account, events: list[str], *, done: bool) -> Response:
    """In the language of whoever got the mail."""
    offered_languages = parts().settings.languages
    with force_locale(account.language if account.language in offered_languages else offered_languages[0]):
        titles = [EVENTS[event].title for event in events]
        return keep_secret(make_response(render_template("notices/stop.html", titles=titles, done=done)))
