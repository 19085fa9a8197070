"""Staff settle a suspicion: void its kudos, dismiss it, or open it again. Each can be undone by another, and each is logged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.actions.raise_suspicion import TURN
from forum.actions.void_kudos import AT_ONCE, kudos_inside, restore_kudos, void_kudos
from forum.kernel.database import lock, take_turns
from forum.kernel.errors import Conflict, Invalid
from forum.kernel.messages import Message
from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.superfans.suspicion import Suspicion, SuspicionKind, SuspicionMember, SuspicionState
from forum.threads.post import Kudos

LONGEST_WHY = 300
MOST_TURNS = 10  # a note of each stands in the points ledger for ever


class Verdict(StrEnum):
    VOID = "void"  # the kudos in it count no more
    DISMISS = "dismiss"  # nothing wrong; what was voided counts again
    REOPEN = "reopen"  # undecided again; what was voided counts again


LEADS_TO: Mapping[Verdict, SuspicionState] = {
    Verdict.VOID: SuspicionState.VOIDED,
    Verdict.DISMISS: SuspicionState.DISMISSED,
    Verdict.REOPEN: SuspicionState.OPEN,
}


def verdicts(kind: str, state: str) -> Sequence[Verdict]:
    """What staff may decide now. Signals alone are no ground to void anything."""
    return [
        verdict
        for verdict, to in LEADS_TO.items()
        if to != state and not (verdict == Verdict.VOID and kind == SuspicionKind.SOCK_PUPPET)
    ]


def settle_suspicion(
    session: Session, suspicion: Suspicion, verdict: Verdict, by: Account, *, seen: str, why: str = "", now: datetime
) -> int:
    """How many kudos it voids or restores, the first of them at once. `seen` is the state that `by` decided upon; Conflict where it has changed."""
    require(by, Act.SETTLE_SUSPICIONS)
    take_turns(session, TURN)
    lock(session, suspicion)
    _require_possible(session, suspicion, verdict, by, seen)
    why = why.strip()
    if len(why) > LONGEST_WHY:
        raise Invalid(Message("The reason may have %(most)s characters.", {"most": LONGEST_WHY}))
    was = suspicion.state
    suspicion.state, suspicion.why = LEADS_TO[verdict], why
    reopened = verdict == Verdict.REOPEN
    suspicion.settled_at, suspicion.settled_by_id = (None, None) if reopened else (now, by.id)
    changed = _bring_kudos(session, suspicion, now)
    details = {"verdict": verdict, "was": was, "kudos": changed, "why": suspicion.why}
    session.add(LogEntry(act=Act.SETTLE_SUSPICIONS, about=_about(suspicion), by_id=by.id, at=now, details=details))
    session.flush()
    return changed


def _require_possible(session: Session, suspicion: Suspicion, verdict: Verdict, by: Account, seen: str) -> None:
    if suspicion.state != seen:
        raise Conflict(Message("Somebody has decided this meanwhile. Please look again."))
    if verdict == Verdict.VOID and suspicion.kind == SuspicionKind.SOCK_PUPPET:
        raise Conflict(Message("Signals alone are no ground to void anything."))
    if verdict not in verdicts(suspicion.kind, suspicion.state):
        raise Conflict(Message("That is decided already."))
    if session.get(SuspicionMember, (suspicion.id, by.id)) is not None:
        raise Conflict(Message("This is about you, so somebody else has to decide it."))
    turns = select(func.count()).select_from(LogEntry).where(LogEntry.about == _about(suspicion))
    if (session.scalar(turns) or 0) >= MOST_TURNS:
        raise Conflict(Message("This was decided to and fro too often. It stays as it is."))


def _bring_kudos(session: Session, suspicion: Suspicion, now: datetime) -> int:
    """The first of them at once; of many the rest is left to a worker (finish_settling)."""
    if suspicion.state == SuspicionState.VOIDED:
        inside = kudos_inside(session, suspicion)
        void_kudos(session, suspicion, inside[:AT_ONCE], now)
        return len(inside)
    standing = select(func.count()).where(Kudos.voided_by == suspicion.id, Kudos.taken_back_at.is_(None))
    changed = session.scalar(standing) or 0
    restore_kudos(session, suspicion, now)
    return changed


def _about(suspicion: Suspicion) -> str:
    return f"suspicion:{suspicion.id}"
