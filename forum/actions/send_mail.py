"""Send a mail of the outbox. A mail cannot be read back, but its Message-ID never changes.

Most rows hold the mail itself. One that only names what it is about, such as a month's report, is written when it is
sent, by a callable that is passed in: what it shows is then up to date, and who has lost the right to it gets none.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from forum.kernel.database import writing
from forum.outbox import claiming
from forum.outbox.claiming import MOST_ATTEMPTS, pause_after
from forum.outbox.delivery import Delivery, State
from forum.outbox.mail import Mail, Mailer, MailRefused, Writer


def send_mail(
    sessions: sessionmaker[Session],
    delivery_id: int,
    mailer: Mailer,
    clock: Callable[[], datetime],
    write: Writer | None = None,
) -> State | None:
    """A second copy carries the same Message-ID, which mailboxes fold; so after a crash a mail is sent once more."""
    with writing(), sessions.begin() as session:
        claim = claiming.claim(session, delivery_id, clock())
        if claim is None:
            return None
        delivery = session.get_one(Delivery, delivery_id)
        attempts, key, payload = delivery.attempts, delivery.key, dict(delivery.payload)
    mail = _written(sessions, key, payload, write)
    if mail is None:
        with writing(), sessions.begin() as session:
            return State.CANCELLED if claiming.settle(session, claim, State.CANCELLED, clock(), payload={}) else None
    state, facts = State.SENT, dict[str, Any](payload={})  # what was written to somebody is not kept
    try:
        mailer.send(mail)
    except MailRefused as error:
        final = error.permanent or attempts >= MOST_ATTEMPTS
        state = State.FAILED if final else State.WAITING
        facts = {"words": error.words, "due_at": clock() + pause_after(attempts)}
    with writing(), sessions.begin() as session:
        return state if claiming.settle(session, claim, state, clock(), **facts) else None


def _written(sessions: sessionmaker[Session], key: str, payload: dict[str, Any], write: Writer | None) -> Mail | None:
    """The mail itself; what has to be written first is read in a transaction of its own, which ends before the sending."""
    if "to" in payload:
        return Mail(key=key, **payload)
    if write is None:
        raise ValueError(f"nobody was given who can write {key}")
    with sessions() as session:
        return write(session, key, payload)
