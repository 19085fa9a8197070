"""Who looks at the report: each look is noted in the log, and money is for some readers alone."""

from __future__ import annotations

from forum.actions.note_report_view import is_noted, note_report_view
from forum.kernel.database import set_writing
from forum.people.permissions import Act, may
from forum.web.context import now, parts, session, viewer
from forum.web.loading import the_viewer


def note_look() -> None:
    """A page that is read writes at most once an hour, in a transaction of its own before it reads."""
    me = the_viewer()
    if is_noted(session(), me, now()):
        return
    session().commit()
    set_writing(True)
    try:
        note_report_view(session(), me, now())
        session().commit()
    finally:
        set_writing(False)


def seen_currency() -> str | None:
    """The site's, for those who see money."""
    return parts().settings.currency if may(viewer(), Act.SEE_DEFLECTION_REPORT) else None
