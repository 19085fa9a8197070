"""Whether whoever is asking sees similar questions, or is one of the random few from whom they are held back."""

from __future__ import annotations

import secrets

from flask import request

from forum.actions.begin_asking import WHOLE, arm_of, begin_asking, note_asked, trial_key
from forum.kernel.database import set_writing
from forum.ledger.report_view import Arm
from forum.web.context import now, parts, session, viewer

PERCENT = 100  # hundredths


def is_held_out() -> bool:
    """Asked once there is something to show, so that both arms are of the same sort. A visitor cannot ask and is in none."""
    key = _key()
    if key is None:
        return False
    arm = arm_of(session(), key)
    return (arm if arm is not None else _begin(key)) == Arm.HELD_OUT


def has_asked() -> None:
    """In the commit of the new thread."""
    key = _key()
    if key is not None:
        note_asked(session(), key, now())


def _key() -> str | None:
    """None where nobody is held out: then nothing is recorded."""
    settings, me = parts().settings, viewer()
    if me is None or not settings.suggestions_held_out:
        return None
    return trial_key(settings.secret_key, me.id, now().astimezone(settings.time_zone).date())


def _begin(key: str) -> Arm:
    """One small row, once a person and day, in a transaction of its own: a page that is read holds no lock for longer."""
    session().commit()
    was_reading = request.method in {"GET", "HEAD"}
    set_writing(True)
    try:
        share = parts().settings.suggestions_held_out * PERCENT
        arm = begin_asking(session(), key, share=share, draw=secrets.randbelow(WHOLE), now=now())
        session().commit()
    finally:
        set_writing(not was_reading)
    return arm
