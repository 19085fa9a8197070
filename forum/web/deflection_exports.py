"""The report as files, with the page's own filters: CSV, workbook, PDF, JSON. Each one taken away stands in the log."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from io import SEEK_END, TextIOWrapper
from typing import IO, BinaryIO, cast
from urllib.parse import urlencode

from flask import Blueprint, Response, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from forum.actions.note_export import note_export
from forum.exports import csv_file, json_file, pdf, workbook
from forum.exports.assumption_tables import assumption_tables, lapses_table, responses_table, threads_table
from forum.exports.edition import Edition
from forum.exports.gathering import Reader, gather
from forum.exports.patience import Patience
from forum.exports.rows import row_cells, row_columns
from forum.exports.sensitivity_table import sensitivity_table
from forum.exports.tables import Table, figure_tables, grade_table, shows_money
from forum.kernel.database import set_writing
from forum.kernel.errors import NotFound
from forum.kernel.messages import Message
from forum.people.permissions import Act
from forum.reports.deflection_rows import EntryRow, entries_with
from forum.web.context import now, parts, release, session
from forum.web.loading import the_viewer
from forum.web.report_filters import chosen_filters, chosen_scope
from forum.web.report_looks import seen_currency
from forum.web.viewer import needs
from forum.wiring.translator import say

deflection_exports = Blueprint("deflection_exports", __name__, url_prefix="/reports")

LONGEST = 90  # seconds that a file may take
IN_MEMORY = 8 * 1024 * 1024  # bytes; what is larger waits in a file of the system's own


@deflection_exports.get("/deflection.csv")
@needs(Act.EXPORT_DEFLECTION)
def as_csv() -> ResponseReturnValue:
    """The rows behind the figure; with `?table=by-board` one of the page's tables."""
    edition, patience = _edition("csv"), Patience(LONGEST)
    file = _file()
    text = TextIOWrapper(file, encoding=csv_file.ENCODING, newline="", write_through=True)
    name = request.args.get("table")
    if name is None:
        money = shows_money(edition)
        cells = (row_cells(row, money=money) for row in _rows(edition, patience))
        csv_file.write_csv(text, row_columns(money=money), cells, edition)
    else:
        csv_file.write_table(text, _table(edition, name), edition)
    text.detach()
    ending = "rows" if name is None else name
    return _sent(file, csv_file.MEDIA_TYPE, f"{edition.file_name}-{ending}.csv")


@deflection_exports.get("/deflection.xlsx")
@needs(Act.EXPORT_DEFLECTION)
def as_workbook() -> ResponseReturnValue:
    edition, patience, file = _edition("xlsx"), Patience(LONGEST), _file()
    workbook.write_workbook(file, edition, _rows(edition, patience))
    return _sent(file, workbook.MEDIA_TYPE, f"{edition.file_name}.xlsx")


@deflection_exports.get("/deflection.pdf")
@needs(Act.EXPORT_DEFLECTION)
def as_pdf() -> ResponseReturnValue:
    edition, file = _edition("pdf"), _file()
    release()
    file.write(pdf.pdf_of(edition, parts().settings.report_font))
    return _sent(file, pdf.MEDIA_TYPE, f"{edition.file_name}.pdf")


@deflection_exports.get("/deflection.json")
@needs(Act.EXPORT_DEFLECTION)
def as_json() -> ResponseReturnValue:
    edition, file = _edition("json"), _file()
    file.write(json_file.json_of(edition))
    return _sent(file, json_file.MEDIA_TYPE, f"{edition.file_name}.json")


def _edition(form: str) -> Edition:
    """Noted in a transaction of its own; what follows only reads and holds nobody up."""
    query = urlencode(chosen_filters())
    me = the_viewer()
    session().commit()
    set_writing(True)
    try:
        note_export(session(), me, form=form, query=query, now=now())
        session().commit()
    finally:
        set_writing(False)
    settings = parts().settings
    language = str(get_locale() or settings.languages[0])
    reader = Reader(me.display_name, language, settings.site_name, say, seen_currency(), settings.time_zone)
    return gather(session(), chosen_scope(), reader, now(), query)


def _rows(edition: Edition, patience: Patience) -> Iterator[EntryRow]:
    report = edition.report
    rows = entries_with(session(), report.scope, currency=report.currency, zone=edition.zone)
    return patience.through(rows)


def _table(edition: Edition, name: str) -> Table:
    tables = [
        *figure_tables(edition), grade_table(edition), sensitivity_table(edition), *assumption_tables(edition),
        threads_table(edition), responses_table(edition), lapses_table(edition),
    ]  # fmt: skip
    found = next((table for table in tables if table.key == name), None)
    if found is None:
        raise NotFound(Message("The report has no such table."))
    return found


def _file() -> BinaryIO:
    """Made whole before it is sent: a slow reader then holds no transaction open, and nobody gets half a file."""
    return cast(BinaryIO, tempfile.SpooledTemporaryFile(IN_MEMORY))


def _sent(file: IO[bytes], media_type: str, name: str) -> ResponseReturnValue:
    """A small file is sent as it is; a large one is read as it goes, and closed with the answer."""
    size = file.seek(0, SEEK_END)
    file.seek(0)
    if size <= IN_MEMORY:
        with file:
            answer = Response(file.read(), mimetype=media_type)
        answer.headers.set("Content-Disposition", "attachment", filename=name)
    else:
        answer = send_file(file, mimetype=media_type, as_attachment=True, download_name=name, etag=False)
        answer.content_length = size
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
