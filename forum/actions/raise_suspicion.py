"""Raise what a detection found, once: what is open is brought up to date, and what staff dismissed stays dismissed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from forum.actions.tell import About, tell
from forum.actions.void_kudos import void_kudos
from forum.kernel.database import take_turns
from forum.notices.events import SUSPICION
from forum.people.account import Account
from forum.people.permissions import Act, may
from forum.people.roles import STAFF
from forum.superfans.findings import Finding
from forum.superfans.serial_votes import LONGEST
from forum.superfans.suspicion import Suspicion, SuspicionKind, SuspicionMember, SuspicionState
from forum.threads.post import Kudos

QUIET_FOR = timedelta(days=180)  # after staff settled it, the same is not raised again
TURN = "gaming"


def raise_suspicion(session: Session, finding: Finding, now: datetime) -> Suspicion | None:
    """The new suspicion; None where it was known. Kudos that the finding names are voided at once."""
    take_turns(session, TURN)
    known = _known(session, finding, now)
    if known is None:
        return _raise(session, finding, now)
    if known.state == SuspicionState.OPEN:
        _bring_up_to_date(session, known, finding)
    elif known.state == SuspicionState.VOIDED and finding.kudos:
        _go_on(session, known, finding, now)
    return None


def _raise(session: Session, finding: Finding, now: datetime) -> Suspicion:
    made = Suspicion(
        kind=finding.kind, key=finding.key, score=finding.score, evidence=dict(finding.evidence), found_at=now
    )
    session.add(made)
    session.flush()
    session.add_all(SuspicionMember(suspicion_id=made.id, account_id=one) for one in sorted(set(finding.members)))
    if finding.kudos:
        made.state, made.settled_at = SuspicionState.VOIDED, now
        void_kudos(session, made, finding.kudos, now)
    session.flush()
    _tell_staff(session, now)
    return made


def _go_on(session: Session, known: Suspicion, finding: Finding, now: datetime) -> None:
    """A voided series has grown; of its beginning nothing is forgotten."""
    if void_kudos(session, known, finding.kudos, now):
        session.flush()
        voided = session.scalar(select(func.count()).where(Kudos.voided_by == known.id))
        first_at = min(known.evidence["first_at"], finding.evidence["first_at"])  # both in UTC, in the same form
        known.evidence = {**finding.evidence, "first_at": first_at, "kudos": voided}


def _known(session: Session, finding: Finding, now: datetime) -> Suspicion | None:
    same = session.scalars(select(Suspicion).where(Suspicion.key == finding.key)).one_or_none()
    if same is not None:
        return same
    for earlier, members in _earlier(session, finding):
        if finding.kind == SuspicionKind.SERIAL:
            if _touches(earlier, finding):
                return earlier
        elif _same_people(members, finding.members) and _is_kept(earlier, now):
            return earlier
    return None


def _earlier(session: Session, finding: Finding) -> Sequence[tuple[Suspicion, frozenset[int]]]:
    """Of the same kind, with any member in common; the latest first."""
    shared = select(SuspicionMember.suspicion_id).where(SuspicionMember.account_id.in_(finding.members))
    rows = session.execute(
        select(Suspicion, SuspicionMember.account_id)
        .join(SuspicionMember, SuspicionMember.suspicion_id == Suspicion.id)
        .where(Suspicion.kind == finding.kind, Suspicion.id.in_(shared))
        .order_by(Suspicion.id.desc())
    )
    members: Mapping[Suspicion, set[int]] = defaultdict(set)
    for suspicion, account_id in rows:
        members[suspicion].add(account_id)
    return [(suspicion, frozenset(people)) for suspicion, people in members.items()]


def _same_people(some: frozenset[int], others: Sequence[int]) -> bool:
    """A ring is seen a little larger one night and smaller the next: two thirds of the larger of both have to be the same."""
    return 3 * len(some & set(others)) >= 2 * max(len(some), len(set(others)))


def _is_kept(earlier: Suspicion, now: datetime) -> bool:
    """Still open, or settled lately. A ring whose kudos were voided was found by new ones, so it is raised anew."""
    if earlier.state == SuspicionState.OPEN:
        return True
    if earlier.kind == SuspicionKind.RING and earlier.state == SuspicionState.VOIDED:
        return False
    return earlier.settled_at is None or now - earlier.settled_at < QUIET_FOR


def _touches(earlier: Suspicion, finding: Finding) -> bool:
    """The same run: it goes on, or its beginning is no longer looked at."""
    was, now = earlier.evidence, finding.evidence
    if (was["giver"], was["receiver"]) != (now["giver"], now["receiver"]):
        return False
    begins, ended = datetime.fromisoformat(now["first_at"]), datetime.fromisoformat(was["last_at"])
    ends, began = datetime.fromisoformat(now["last_at"]), datetime.fromisoformat(was["first_at"])
    return began <= ends and begins <= ended + LONGEST


def _bring_up_to_date(session: Session, known: Suspicion, finding: Finding) -> None:
    known.score, known.evidence = finding.score, dict(finding.evidence)
    session.execute(delete(SuspicionMember).where(SuspicionMember.suspicion_id == known.id))
    session.add_all(SuspicionMember(suspicion_id=known.id, account_id=one) for one in sorted(set(finding.members)))
    session.flush()


def _tell_staff(session: Session, now: datetime) -> None:
    """Once a day, whatever is found."""
    staff = session.scalars(select(Account).where(Account.role.in_(STAFF), Account.closed_at.is_(None)))
    for account in [one for one in staff if may(one, Act.SETTLE_SUSPICIONS)]:
        tell(session, account.id, SUSPICION, About(key=f"gaming:{now.date().isoformat()}"), now)
