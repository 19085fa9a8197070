"""Contacts from the call centre: upload a file, see what it would be taken as, confirm it, withdraw it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from zoneinfo import available_timezones

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from forum.actions.confirm_contact_file import confirm_contact_file, plan_contact_file, plan_from, wrong_in_plan
from forum.actions.receive_contact_file import give_up, receive_contact_file
from forum.actions.withdraw_contact_file import withdraw_contact_file
from forum.kernel.errors import Invalid, NotFound
from forum.kernel.messages import Message
from forum.ledger.contact import ContactFile, FileState
from forum.ledger.contact_dates import DateOrder
from forum.ledger.contact_guess import explain
from forum.ledger.contact_plan import LEFT_OUT, Meaning, Plan, letter
from forum.ledger.contact_rows import Problem
from forum.ledger.contact_text import ENCODINGS, LARGEST, SEPARATORS, pack, read_records
from forum.ledger.cost import Channel
from forum.people.permissions import Act
from forum.reports.contact_files import latest_full_day, list_files, preview, same_before, standing_contacts
from forum.web.context import commit, now, parts, release, session
from forum.web.form_errors import said
from forum.web.loading import the_viewer
from forum.web.viewer import needs

contacts = Blueprint("contacts", __name__, url_prefix="/reports/deflection/contacts")
ENVELOPE = 64 * 1024  # bytes that a form adds to the file in it
RAW_ROWS = 6


@contacts.get("")
@needs(Act.IMPORT_CONTACTS)
def index() -> ResponseReturnValue:
    return _list({})


@contacts.post("")
@needs(Act.IMPORT_CONTACTS)
def upload() -> ResponseReturnValue:
    """The file is read before the database is asked for anything, so that a slow line holds nobody up."""
    by = the_viewer()
    release()
    request.max_content_length = LARGEST + ENVELOPE
    try:
        sent = request.files.get("file")
    except RequestEntityTooLarge:
        return _list({"file": _("A file can have up to 50 MB. Please send it in parts, a month each, say.")}), 413
    if sent is None or not sent.filename:
        return _list({"file": _("Please choose a file.")}), 422
    try:
        packed = pack(sent.stream)  # type: ignore[arg-type]  # Werkzeug's spooled file reads and seeks
        zone = str(parts().settings.time_zone)
        file = receive_contact_file(session(), by, name=sent.filename, packed=packed, zone=zone, now=now())
    except Invalid as error:
        session().rollback()
        return _list(said(error)), 422
    session().commit()
    return redirect(f"/reports/deflection/contacts/{file.id}", 303)


@contacts.get("/<int:file_id>")
@needs(Act.IMPORT_CONTACTS)
def one(file_id: int) -> ResponseReturnValue:
    file = _file(file_id)
    if file.state != FileState.PREVIEWED:
        problems = [Problem.kept(facts) for facts in file.problems]
        return render_template("contacts/show.html", file=file, problems=problems)
    return _preview(file, {}, {})


@contacts.post("/<int:file_id>")
@needs(Act.IMPORT_CONTACTS)
def change(file_id: int) -> ResponseReturnValue:
    """Keep what was chosen and show what the file is taken as now."""
    file = _file(file_id)
    plan_contact_file(session(), file, _plan(file), request.form.get("source", ""), the_viewer())
    session().commit()
    return redirect(f"/reports/deflection/contacts/{file.id}#rows", 303)


@contacts.post("/<int:file_id>/confirmation")
@needs(Act.IMPORT_CONTACTS)
def confirm(file_id: int) -> ResponseReturnValue:
    file, form = _file(file_id), request.form
    plan, before = _plan(file), Plan.kept(file.mapping)
    covers = (_day("covers_from"), _day("covers_until")) if "covers" in form else None
    if replace(plan, complete_days=before.complete_days) != before and not wrong_in_plan(plan):
        plan_contact_file(session(), file, plan, form.get("source", ""), the_viewer())
        session().commit()
        flash(_("You changed how the file is read. Please look at the rows once more, then import."), "info")
        return redirect(f"/reports/deflection/contacts/{file.id}#rows", 303)
    today = now().astimezone(parts().settings.time_zone).date()
    try:
        confirm_contact_file(
            session(), file, plan, source=form.get("source", ""), covers=covers, by=the_viewer(), today=today, now=now()
        )
    except Invalid as error:
        session().rollback()
        return _preview(file, said(error), form.to_dict(), plan), 422
    commit()
    parts().bell.ring("import_contacts_due")
    flash(_("The contacts are being imported. This page shows how far it is."), "success")
    return redirect(f"/reports/deflection/contacts/{file.id}", 303)


@contacts.post("/<int:file_id>/giving-up")
@needs(Act.IMPORT_CONTACTS)
def abandon(file_id: int) -> ResponseReturnValue:
    give_up(session(), _file(file_id), the_viewer(), now())
    session().commit()
    flash(_("Given up. Nothing of the file was kept."), "success")
    return redirect("/reports/deflection/contacts", 303)


@contacts.post("/<int:file_id>/withdrawal")
@needs(Act.IMPORT_CONTACTS)
def withdraw(file_id: int) -> ResponseReturnValue:
    file = _file(file_id)
    withdraw_contact_file(session(), file, the_viewer(), parts().contact_keys, parts().settings.time_zone, now())
    session().commit()
    parts().bell.ring("qualify_due")
    flash(_("Withdrawn. What it had changed in the ledger is being corrected by rows of the open period."), "success")
    return redirect(f"/reports/deflection/contacts/{file.id}", 303)


def _list(errors: Mapping[str, str]) -> str:
    before = request.args.get("before", type=int)
    count, last = standing_contacts(session())
    return render_template(
        "contacts/list.html", page=list_files(session(), before), count=count, last=last, errors=errors
    )


def _preview(file: ContactFile, errors: Mapping[str, str], form: Mapping[str, str], plan: Plan | None = None) -> str:
    assert file.body is not None  # a previewed file has one
    plan = plan or Plan.kept(file.mapping)
    zone, today = parts().settings.time_zone, now()
    missing = wrong_in_plan(plan)
    shown = None if missing else preview(file.body, plan, parts().contact_keys, zone, file.arrived_at)
    latest = latest_full_day(zone, today)
    return render_template(
        "contacts/preview.html",
        file=file,
        plan=plan,
        shown=shown,
        missing=missing,
        raw=[record.cells for record in islice(read_records(file.body, plan.encoding, plan.separator), RAW_ROWS)],
        same=same_before(session(), file),
        errors=errors,
        form=form,
        source=form.get("source", file.source),
        days=_days(form, shown.first_day if shown else None, shown.last_day if shown else None, latest),
        meanings=list(Meaning),
        columns=[(place, name or letter(place)) for place, name in enumerate(plan.names)],
        encodings=ENCODINGS,
        separators=SEPARATORS,
        orders=list(DateOrder),
        zones=sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")),
        channels=list(Channel),
        left_out=LEFT_OUT,
        latest=latest,
        zone=zone,
    )


def _days(form: Mapping[str, str], first: date | None, last: date | None, latest: date) -> tuple[str, str]:
    """What was typed, else the days of the data as far as they are over."""
    if "covers_from" in form:
        return form["covers_from"], form.get("covers_until", "")
    if first is None or last is None or first > latest:
        return "", ""
    return first.isoformat(), min(last, latest).isoformat()


def _plan(file: ContactFile) -> Plan:
    """As the form says it. Another encoding or separator makes other columns, so these are guessed anew."""
    if file.body is None or file.state != FileState.PREVIEWED:
        return Plan.kept(file.mapping)  # the action says that this is over
    form, before = request.form, Plan.kept(file.mapping)
    encoding = form.get("encoding", before.encoding)
    separator = {"tab": "\t"}.get(form.get("separator", ""), form.get("separator", before.separator))
    has_head = form.get("head", "yes" if before.has_head else "no") == "yes"
    if encoding not in ENCODINGS or separator not in SEPARATORS:
        encoding, separator = before.encoding, before.separator
    if (encoding, separator, has_head) != (before.encoding, before.separator, before.has_head):
        return explain(file.body, encoding, separator, form.get("zone", "") or before.zone, has_head)
    return plan_from(form, before)


def _day(field: str) -> date | None:
    try:
        day = date.fromisoformat(request.form.get(field, ""))
    except ValueError:
        return None
    return day if day > date.min + timedelta(days=2) else None


def _file(file_id: int) -> ContactFile:
    file = session().get(ContactFile, file_id)
    if file is None:
        raise NotFound(Message("There is no such file of contacts."))
    return file
