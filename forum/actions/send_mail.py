"""Send a mail of the outbox. A mail cannot be read back, but its Message-ID never changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from forum.kernel.database import writing
from forum.outbox import claiming
from forum.outbox.claiming import MOST_ATTEMPTS, pause_after
from forum.outbox.delivery import Delivery, State
from forum.outbox.mail import Mail, Mailer, MailRefused


def send_mail(
    sessions: sessionmaker[Session], delivery_id: int, mailer: Mailer, clock: Callable[[], datetime]
) -> State | None:
    """A second copy carries the same Message-ID, which mailboxes fold; so after a crash a mail is sent once more."""
    with writing(), sessions.begin() as session:
        claim = claiming.claim(session, delivery_id, clock())
        if claim is None:
            return None
        delivery = session.get_one(Delivery, delivery_id)
        attempts = delivery.attempts
        mail = Mail(key=delivery.key, **delivery.payload)
    state, facts = State.SENT, dict[str, Any](payload={})  # what was written to somebody is not kept
    try:
        mailer.send(mail)
    except MailRefused as error:
        final = error.permanent or attempts >= MOST_ATTEMPTS
        state = State.FAILED if final else State.WAITING
        facts = {"words": error.words, "due_at": clock() + pause_after(attempts)}
    with writing(), sessions.begin() as session:
        return state if claiming.settle(session, claim, state, clock(), **facts) else None
