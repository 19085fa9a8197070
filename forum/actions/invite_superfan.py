"""Invite a member into the superfan programme, or take the invitation back before it is answered."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.tell import About, tell
from forum.kernel.database import lock
from forum.kernel.errors import Conflict
from forum.kernel.messages import Message
from forum.moderation.log import LogEntry
from forum.notices.events import INVITED
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.people.roles import Role
from forum.superfans.grant import Invitation, ProgrammeTerms, SuperfanGrant
from forum.threads.writing import clean_text

LASTS = timedelta(days=30)
LONGEST_WORDS = 1_000  # characters


def invite_superfan(session: Session, account: Account, by: Account, *, words: str, now: datetime) -> Invitation:
    """With the terms of now, good for 30 days. Inviting twice gives the invitation that waits.

    Raises Conflict for staff, for who left, and for who has a place in the programme already.
    """
    require(by, Act.NAME_SUPERFANS)
    words = clean_text(words.strip(), "words", LONGEST_WORDS) if words.strip() else ""
    lock(session, account)
    if account.role != Role.CUSTOMER or account.closed_at is not None:
        raise Conflict(Message("Only a customer can be a superfan."))
    if _has_place(session, account):
        raise Conflict(Message("This member has a place in the programme already."))
    if (waiting := open_invitation(session, account, now)) is not None:
        return waiting
    invitation = Invitation(
        account_id=account.id, by_id=by.id, at=now, words=words, terms_id=latest_terms(session).id,
        expires_at=now + LASTS,
    )  # fmt: skip
    session.add(invitation)
    session.flush()
    _log(session, account, by, "invited", now)
    tell(session, account.id, INVITED, About(f"invitation:{invitation.id}", by_id=by.id), now)
    return invitation


def take_invitation_back(session: Session, account: Account, by: Account, now: datetime) -> bool:
    """False where none waits."""
    require(by, Act.NAME_SUPERFANS)
    lock(session, account)
    invitation = open_invitation(session, account, now)
    if invitation is None:
        return False
    invitation.answer, invitation.answered_at = "withdrawn", now
    _log(session, account, by, "invitation taken back", now)
    return True


def open_invitation(session: Session, account: Account, now: datetime) -> Invitation | None:
    """The one that waits for an answer. One whose time is over is closed here; the caller holds the account's row."""
    waiting = session.scalar(
        select(Invitation).where(Invitation.account_id == account.id, Invitation.answered_at.is_(None))
    )
    if waiting is not None and waiting.expires_at <= now:
        waiting.answer, waiting.answered_at = "expired", waiting.expires_at
        session.flush()
        return None
    return waiting


def latest_terms(session: Session) -> ProgrammeTerms:
    """Raises Conflict where an installation has none yet."""
    terms = session.scalar(select(ProgrammeTerms).order_by(ProgrammeTerms.id.desc()).limit(1))
    if terms is None:
        raise Conflict(Message("The programme has no terms yet. An admin has to write them first."))
    return terms


def _has_place(session: Session, account: Account) -> bool:
    standing = select(SuperfanGrant.id).where(SuperfanGrant.account_id == account.id, SuperfanGrant.ended_at.is_(None))
    return session.scalar(standing) is not None


def _log(session: Session, account: Account, by: Account, what: str, now: datetime) -> None:
    about = f"account:{account.id}"
    session.add(LogEntry(act=Act.NAME_SUPERFANS, about=about, by_id=by.id, at=now, details={"superfan": what}))
    session.flush()
