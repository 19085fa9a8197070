"""A reader's own views of the report: filters under a name, and whether the view is mailed every month."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forum.actions.keep_view import delete_view, mail_view, rename_view, save_view, stop_mailing_view
from forum.kernel.errors import Invalid, NotFound
from forum.kernel.messages import Message
from forum.ledger.report_view import SavedView
from forum.people.permissions import Act
from forum.reports.deflection_address import kept, pairs_of
from forum.reports.response_targets import connected_networks
from forum.reports.saved_views import views_of
from forum.web.context import now, session
from forum.web.form_errors import said
from forum.web.loading import the_viewer
from forum.web.report_filters import filters_said, names_of
from forum.web.viewer import needs

saved_views = Blueprint("saved_views", __name__, url_prefix="/reports/deflection/views")


@saved_views.get("")
@needs(Act.SEE_DEFLECTION_COUNTS)
def index() -> ResponseReturnValue:
    """With filters in its address the page offers to save them, as the report's own link does."""
    return _page({"query": kept(request.query_string.decode(errors="replace"))}, {})


@saved_views.post("")
@needs(Act.SEE_DEFLECTION_COUNTS)
def save() -> ResponseReturnValue:
    form = {"name": request.form.get("name", ""), "query": kept(request.form.get("query", ""))}
    try:
        save_view(session(), the_viewer(), name=form["name"], query=form["query"], now=now())
    except Invalid as error:
        session().rollback()
        return _page(form, said(error)), 422
    return _done(_("Saved."))


@saved_views.post("/<int:view_id>/name")
@needs(Act.SEE_DEFLECTION_COUNTS)
def rename(view_id: int) -> ResponseReturnValue:
    view, name = _own(view_id), request.form.get("name", "")
    try:
        rename_view(session(), view, the_viewer(), name=name, now=now())
    except Invalid as error:
        session().rollback()
        return _page({"query": ""}, {}, renamed=(view_id, name, said(error).get("name", ""))), 422
    return _done(_("Saved."))


@saved_views.post("/<int:view_id>/deletion")
@needs(Act.SEE_DEFLECTION_COUNTS)
def delete(view_id: int) -> ResponseReturnValue:
    delete_view(session(), _own(view_id), the_viewer(), now())
    return _done(_("The view is gone. The report itself stays."))


@saved_views.post("/<int:view_id>/mailing")
@needs(Act.EXPORT_DEFLECTION)
def mail(view_id: int) -> ResponseReturnValue:
    mail_view(session(), _own(view_id), the_viewer(), now())
    return _done(_("It comes by mail every month from now on."))


@saved_views.post("/<int:view_id>/mailing/end")
@needs(Act.SEE_DEFLECTION_COUNTS)
def stop_mailing(view_id: int) -> ResponseReturnValue:
    stop_mailing_view(session(), _own(view_id), the_viewer(), now())
    return _done(_("It comes by mail no longer."))


def _done(words: str) -> ResponseReturnValue:
    session().commit()
    flash(words, "success")
    return redirect("/reports/deflection/views", 303)


def _own(view_id: int) -> SavedView:
    """Somebody else's is not told apart from none at all."""
    view = session().get(SavedView, view_id)
    if view is None or view.account_id != the_viewer().id:
        raise NotFound(Message("There is no such view."))
    return view


def _page(form: Mapping[str, str], errors: Mapping[str, str], renamed: tuple[int, str, str] | None = None) -> str:
    return render_template(
        "deflection/views.html",
        rows=views_of(session(), the_viewer()),
        form=form,
        errors=errors,
        renamed=renamed,
        filters_said=partial(filters_said, names=names_of(connected_networks(session()))),
        pairs_of=pairs_of,
    )
