"""Staff's pages of the superfan programme: the lists, one member, and the lists as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeVar
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import select

from forum.actions.note_programme_export import note_programme_export
from forum.exports import csv_file, superfan_file, workbook
from forum.kernel.database import set_writing
from forum.people.account import Account
from forum.people.permissions import Act
from forum.reports.superfan_list import MemberRow, Sort, Tab, figures_of_one, list_members
from forum.reports.superfan_member import done_about, list_invitations, programme_place
from forum.superfans.grant import ProgrammeTerms
from forum.superfans.metrics import NAMED
from forum.superfans.titles import in_language
from forum.threads.board import Board
from forum.web.context import now, parts, session
from forum.web.i18n import NAMES, say
from forum.web.loading import the_person, the_viewer
from forum.web.viewer import needs

Choice = TypeVar("Choice", Tab, Sort)
superfans = Blueprint("superfans", __name__, url_prefix="/staff")


@superfans.get("/superfans")
@needs(Act.SEE_PROGRAMME)
def index() -> ResponseReturnValue:
    tab = _tab()
    if tab == Tab.INVITED:
        return render_template("superfans/invited.html", tab=tab, invitations=list_invitations(session(), now()))
    scopes = _scopes()
    scope = _scope(scopes)
    return render_template(
        "superfans/list.html", tab=tab, rows=_rows(tab, scope), sort=_sort(), scope=scope, scopes=scopes,
        address=_address, title_of=title_of, metrics=NAMED, minutes=_seconds,
    )  # fmt: skip


@superfans.get("/superfans.csv")
@needs(Act.EXPORT_PROGRAMME)
def as_csv() -> ResponseReturnValue:
    _note("csv")
    return _file(superfan_file.as_csv(_rows(_tab(), _scope(_scopes())), say, _language()), csv_file.MEDIA_TYPE, "csv")


@superfans.get("/superfans.xlsx")
@needs(Act.EXPORT_PROGRAMME)
def as_workbook() -> ResponseReturnValue:
    _note("xlsx")
    return _file(
        superfan_file.as_workbook(_rows(_tab(), _scope(_scopes())), say, _language()), workbook.MEDIA_TYPE, "xlsx"
    )


@superfans.get("/superfans/<name>")
@needs(Act.SEE_PROGRAMME)
def show(name: str) -> ResponseReturnValue:
    return member_page(the_person(name), {}, {})


def member_page(person: Account, errors: Mapping[str, str], form: Mapping[str, str]) -> str:
    found = programme_place(session(), person, now())
    done = done_about(session(), person.id)
    return render_template(
        "superfans/show.html", person=person, found=found, done=done, errors=errors, form=form, terms=_terms(),
        figures=figures_of_one(session(), person.id, now(), parts().settings.time_zone),
    )  # fmt: skip


def _terms() -> str:
    """Those that an invitation would go out with, as HTML in the reader's language."""
    terms = session().scalar(select(ProgrammeTerms).order_by(ProgrammeTerms.id.desc()).limit(1))
    return parts().markup.render(in_language(terms.texts, _language())).html if terms else ""


def title_of(titles: Mapping[str, str]) -> str:
    """In the reader's language; empty without a rank."""
    return in_language(titles, _language()) if titles else ""


def _rows(tab: Tab, scope: str) -> Sequence[MemberRow]:
    if tab == Tab.INVITED:
        abort(404)
    return list_members(session(), tab, now(), parts().settings.time_zone, scope=scope, sort=_sort())


def _tab() -> Tab:
    return _one_of(Tab, "tab", Tab.SUPERFANS)


def _sort() -> Sort:
    return _one_of(Sort, "sort", Sort.SOLUTIONS)


def _one_of(kind: type[Choice], name: str, otherwise: Choice) -> Choice:
    chosen = request.args.get(name, str(otherwise))
    if chosen not in set(kind):
        abort(404)
    return kind(chosen)


def _scope(scopes: Sequence[tuple[str, str]]) -> str:
    scope = request.args.get("scope", "")
    return scope if scope in dict(scopes) else ""


def _scopes() -> Sequence[tuple[str, str]]:
    """What a list can be narrowed to, by the names of the standings."""
    boards = session().execute(select(Board.id, Board.name).order_by(Board.position, Board.id)).all()
    spoken = {f"language:{code.replace('_', '-')}": NAMES[code] for code in parts().settings.languages if code in NAMES}
    return [*((f"board:{board.id}", board.name) for board in boards), *spoken.items()]


def _address(**changes: str | None) -> str:
    chosen = {name: request.args.get(name) for name in ("tab", "scope", "sort")} | changes
    query = urlencode({name: value for name, value in chosen.items() if value})
    return f"/staff/superfans?{query}" if query else "/staff/superfans"


def _seconds(minutes: Decimal) -> float:
    return float(minutes) * 60


def _language() -> str:
    return str(get_locale() or parts().settings.languages[0])


def _note(form: str) -> None:
    """Noted in a transaction of its own; what follows only reads."""
    query, me = urlencode({name: request.args[name] for name in ("tab", "scope", "sort") if name in request.args}), the_viewer()  # fmt: skip
    session().commit()
    set_writing(True)
    try:
        note_programme_export(session(), me, form=form, query=query, now=now())
        session().commit()
    finally:
        set_writing(False)


def _file(content: bytes, media_type: str, ending: str) -> Response:
    answer = Response(content, mimetype=media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=f"superfans-{now().date()}.{ending}")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
