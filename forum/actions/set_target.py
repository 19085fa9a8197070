"""Set which share of mentions should be answered within a time. The latest row of a network and a time holds; none is changed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from forum.kernel.errors import Invalid
from forum.kernel.messages import Message
from forum.ledger.report_view import ResponseTarget
from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import Act, require

MINUTES = (15, 60, 120, 1440, 0)  # 0: answered at all
FINEST = Decimal("0.0001")


def set_target(
    session: Session,
    by: Account,
    *,
    network: str,
    minutes: int | None,
    share: Decimal | None,
    known: Collection[str],
    now: datetime,
) -> ResponseTarget:
    """`network` is one of the `known` ones, or empty for every network without a target of its own; `share` from 0 to 1."""
    require(by, Act.SET_TARGETS)
    wrong: dict[str, Message] = {}
    if network and network not in known:
        wrong["network"] = Message("Please choose one of the networks.")
    if minutes not in MINUTES:
        wrong["minutes"] = Message("Please choose one of the times.")
    if share is None or not share.is_finite() or not 0 <= share <= 1 or share != share.quantize(FINEST):
        wrong["share"] = Message("Please enter a share from 0 to 100 percent, with at most two decimal places.")
    if wrong or minutes is None or share is None:
        raise Invalid(Message("This target was not set."), wrong)
    target = ResponseTarget(network=network, minutes=minutes, share=share, set_by_id=by.id, set_at=now)
    session.add(target)
    session.flush()
    session.add(LogEntry(act=Act.SET_TARGETS, about=f"response_target:{target.id}", by_id=by.id, at=now, details={}))
    session.flush()
    return target
