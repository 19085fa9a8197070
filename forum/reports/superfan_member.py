"""One member as staff see them in the programme, and as the member sees it: place, invitation, thanks, what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from forum.moderation.log import LogEntry
from forum.people.account import Account
from forum.people.permissions import Act
from forum.reports.superfan_figures import Place, place_of
from forum.superfans.grant import Invitation, ProgrammeTerms, SuperfanGrant, Thanks

MOST = 50


@dataclass(frozen=True)
class InvitationView:
    """`answer` None: it waits. `terms` by language."""

    id: int
    name: str
    display_name: str
    by_name: str
    words: str
    terms: ProgrammeTerms
    at: datetime
    expires_at: datetime
    answer: str | None
    answered_at: datetime | None


@dataclass(frozen=True)
class ThanksView:
    by_name: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Done:
    """What staff did about the member's place; `what` is a word of the actions."""

    who: str
    at: datetime
    what: str
    why: str


@dataclass(frozen=True)
class Agreed:
    """The terms that stood in the invitation which the member accepted."""

    terms: ProgrammeTerms
    at: datetime


@dataclass(frozen=True)
class ProgrammePlace:
    place: Place
    invitation: InvitationView | None  # one that waits
    thanks: Sequence[ThanksView]
    agreed: Agreed | None  # to join; None for whom staff named without asking, and by rank


def programme_place(session: Session, account: Account, now: datetime) -> ProgrammePlace:
    """Four queries."""
    grant = session.scalar(
        select(SuperfanGrant).where(SuperfanGrant.account_id == account.id, SuperfanGrant.ended_at.is_(None))
    )
    thanks = session.execute(
        select(Account.display_name, Thanks.at, Thanks.reason)
        .join(Account, Account.id == Thanks.by_id)
        .where(Thanks.account_id == account.id)
        .order_by(Thanks.at.desc(), Thanks.id.desc())
        .limit(MOST)
    )
    return ProgrammePlace(
        place_of(account, grant, now),
        waiting_invitation(session, account, now),
        [ThanksView(*row) for row in thanks],
        _agreed(session, account) if grant is not None else None,
    )


def waiting_invitation(session: Session, account: Account, now: datetime) -> InvitationView | None:
    found = _invitations().where(
        Invitation.account_id == account.id, Invitation.answered_at.is_(None), Invitation.expires_at > now
    )
    row = session.execute(found).first()
    return _invitation(row, now) if row is not None else None


def list_invitations(session: Session, now: datetime) -> Sequence[InvitationView]:
    """Those that wait first, then the latest that were answered or ran out."""
    found = _invitations().order_by(Invitation.answered_at.is_not(None), Invitation.at.desc(), Invitation.id.desc())
    return [_invitation(row, now) for row in session.execute(found.limit(MOST * 2))]


def done_about(session: Session, account_id: int) -> Sequence[Done]:
    """The latest first."""
    acts = (Act.NAME_SUPERFANS, Act.THANK_MEMBERS)
    rows = session.execute(
        select(LogEntry, Account.display_name)
        .join(Account, Account.id == LogEntry.by_id)
        .where(LogEntry.about == f"account:{account_id}", LogEntry.act.in_(acts))
        .order_by(LogEntry.id.desc())
        .limit(MOST)
    )
    return [Done(name, one.at, _what(one), str(one.details.get("reason") or "")) for one, name in rows]


def _agreed(session: Session, account: Account) -> Agreed | None:
    """The latest, since somebody may have come back."""
    row = session.execute(
        select(ProgrammeTerms, Invitation.answered_at)
        .join(Invitation, Invitation.terms_id == ProgrammeTerms.id)
        .where(Invitation.account_id == account.id, Invitation.answer == "accepted")
        .order_by(Invitation.id.desc())
        .limit(1)
    ).first()
    return Agreed(row.ProgrammeTerms, row.answered_at) if row is not None else None


def _what(entry: LogEntry) -> str:
    return "thanked" if entry.act == Act.THANK_MEMBERS else str(entry.details.get("superfan", ""))


def _invitations() -> Select[*tuple[Any, ...]]:
    by = select(Account.id, Account.display_name).subquery()
    return (
        select(Invitation, ProgrammeTerms, Account.name, Account.display_name, by.c.display_name.label("by_name"))
        .join(ProgrammeTerms, ProgrammeTerms.id == Invitation.terms_id)
        .join(Account, Account.id == Invitation.account_id)
        .join(by, by.c.id == Invitation.by_id)
    )


def _invitation(row: Any, now: datetime) -> InvitationView:
    one = row.Invitation
    ran_out = one.answered_at is None and one.expires_at <= now
    return InvitationView(
        id=one.id,
        name=row.name,
        display_name=row.display_name,
        by_name=row.by_name,
        words=one.words,
        terms=row.ProgrammeTerms,
        at=one.at,
        expires_at=one.expires_at,
        answer="expired" if ran_out else one.answer,
        answered_at=one.expires_at if ran_out else one.answered_at,
    )
