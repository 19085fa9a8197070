"""Settle a delivery that only a person can judge: it stands on the network, it is sent again, or it is given up."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from forum.kernel.errors import Conflict, Invalid, NotFound
from forum.kernel.messages import Message
from forum.moderation.log import LogEntry
from forum.outbox.deciding import OUTCOME, Decision, Seen, decide, decisions
from forum.outbox.delivery import Delivery, Kind
from forum.people.account import Account
from forum.people.permissions import Act, require

LONGEST_LINK = 1_000


def settle_delivery(
    session: Session,
    delivery: Delivery,
    decision: str,
    by: Account,
    *,
    seen: Seen | None,
    permalink: str = "",
    now: datetime,
) -> bool:
    """`permalink` is where a reply stands that the network shows; a retraction needs none.

    False, and nothing changes, where the delivery is no longer what the person saw.
    """
    require(by, Act.SETTLE_DELIVERIES)
    if delivery.kind not in {Kind.REPLY, Kind.RETRACTION}:
        raise NotFound(Message("There is no such reply."))
    if decision not in set(Decision):
        raise Invalid(Message("Please choose what shall happen."), {"decision": Message("Please choose one of these.")})
    chosen = Decision(decision)
    if seen is None or chosen not in decisions(seen.state):
        raise Conflict(Message("This cannot be decided in its present state."))
    facts: dict[str, object] = {}
    if chosen == Decision.STANDS and delivery.kind == Kind.REPLY:
        facts = {"permalink": _link(permalink), "words": None}
    elif chosen == Decision.AGAIN:
        facts = {"due_at": now, "attempts": 0, "words": None}
    if not decide(session, delivery, seen, OUTCOME[chosen], now, **facts):
        return False
    details = {"before": str(seen.state), "decision": str(chosen)}
    about = f"delivery:{delivery.id}"
    session.add(LogEntry(act=Act.SETTLE_DELIVERIES, about=about, by_id=by.id, at=now, details=details))
    session.flush()
    return True


def _link(text: str) -> str:
    """An address of the web, since it is shown as a link."""
    text = text.strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"https", "http"} or not parts.hostname or len(text) > LONGEST_LINK or "\0" in text:
        sentence = Message("Please enter the address at which the reply stands, beginning with https.")
        raise Invalid(sentence, {"permalink": sentence})
    return text
