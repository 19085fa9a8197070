"""Who looks at the report: each look is noted in the log, and money is for some readers alone."""

from __future__ import annotations

from flask import request

from forum.actions.note_report_view import note_report_view
from forum.kernel.database import set_writing
from forum.people.permissions import Act, may
from forum.web.context import now, parts, session, viewer
from forum.web.loading import the_viewer

REPORT = "/reports/deflection"


def note_look() -> None:
    """Each page that is shown, in a short transaction of its own before anything else is read."""
    me = the_viewer()
    page, query = request.path.removeprefix(REPORT).strip("/"), request.query_string.decode(errors="replace")
    session().commit()
    set_writing(True)
    try:
        note_report_view(session(), me, page=page, query=query, now=now())
        session().commit()
    finally:
        set_writing(False)


def seen_currency() -> str | None:
    """The site's, for those who see money."""
    return parts().settings.currency if may(viewer(), Act.SEE_DEFLECTION_REPORT) else None
