"""What routes ask of the running application: its parts, the time, the session, and the commit with its doorbell."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from flask import current_app
from flask_login import current_user
from sqlalchemy.orm import Session

from forum.kernel.clock import utc_now
from forum.people.account import Account
from forum.web.extensions import db
from forum.wiring.parts import Parts


def parts() -> Parts:
    return cast(Parts, current_app.extensions["parts"])


def session() -> Session:
    return cast(Session, db.session())


def now() -> datetime:
    return utc_now()


def viewer() -> Account | None:
    """The signed-in account, or None."""
    return current_user.account if current_user.is_authenticated else None


def release() -> None:
    """End the transaction before slow work that needs no database, so that nobody waits for its lock meanwhile."""
    session().commit()


def commit() -> None:
    """One commit per request; the bell is rung after it, so a worker finds what it was rung for."""
    session().commit()
    for job in ("index_due", "deliver_due", "mail_due", "tell_due"):
        parts().bell.ring(job)
