"""Erase a person: cut the link from what happened to who it was. What they wrote stays, under nobody's name.

Everything that the ledger rests on stays as well: rows, matches and sums are the same before and after.
"""

from __future__ import annotations

import secrets
from datetime import datetime, tzinfo

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from forum.actions.forget_member import forget_member
from forum.actions.forget_reader import forget_reader
from forum.actions.match_contacts import hold_contacts, match_claims
from forum.kernel.database import lock
from forum.kernel.errors import Conflict, Invalid
from forum.kernel.messages import Message
from forum.ledger.claim import Claim, Kind
from forum.ledger.contact import Contact
from forum.ledger.contact_keys import ContactKeys
from forum.ledger.report_view import SavedView
from forum.moderation.log import LogEntry
from forum.outbox.delivery import Delivery, State
from forum.outbox.delivery import Kind as DeliveryKind
from forum.people.account import Account, BrowserSession, MailedToken
from forum.people.api_token import ApiToken
from forum.people.passwords import is_password
from forum.people.permissions import Act, require
from forum.people.roles import Role
from forum.threads.thread import Follow, Thread

SHOWN_NAME = "Former member"


def erase_self(session: Session, by: Account, *, password: str, keys: ContactKeys, zone: tzinfo, now: datetime) -> None:
    """One's own account, with one's password once more."""
    if not is_password(by.password_hash, password):
        raise Invalid(
            Message("Please check what is marked below."), {"erase_password": Message("This is not your password.")}
        )
    _erase(session, by, by, keys, zone, now)


def erase_person(
    session: Session, account: Account, by: Account, keys: ContactKeys, zone: tzinfo, now: datetime
) -> None:
    require(by, Act.ERASE_PEOPLE)
    _erase(session, account, by, keys, zone, now)


def _erase(session: Session, account: Account, by: Account, keys: ContactKeys, zone: tzinfo, now: datetime) -> None:
    hold_contacts(session)
    lock(session, account)
    if account.role == Role.ADMIN:
        raise Conflict(Message("An admin cannot be erased. Another admin has to take the role away first."))
    if account.closed_at is not None:
        raise Conflict(Message("This account is closed."))
    _keep_what_the_ledger_needs(session, account, keys, zone, now)
    forget_reader(session, account.id)
    _forget_contacts(session, account, keys)
    _forget_signs(session, account, now)
    _forget_mails(session, account)
    forget_member(session, account, by, now)
    _anonymise(session, account, now)
    session.add(LogEntry(act=Act.ERASE_PEOPLE, about=f"account:{account.id}", by_id=by.id, at=now, details={}))
    session.flush()


def _keep_what_the_ledger_needs(
    session: Session, account: Account, keys: ContactKeys, zone: tzinfo, now: datetime
) -> None:
    """Matches that nobody could make any more once the hashes are gone."""
    claims = select(Claim.id).join(Thread, Thread.id == Claim.thread_id)
    claims = claims.where(Thread.author_id == account.id, Claim.kind == Kind.DIRECT)
    match_claims(session, session.scalars(claims.order_by(Claim.id)).all(), keys, zone, now)


def _forget_contacts(session: Session, account: Account, keys: ContactKeys) -> None:
    known = [one for one in (keys.of_customer(account.customer_number), keys.of_email(account.email_key)) if one]
    session.execute(
        update(Contact)
        .where(or_(Contact.customer_hash.in_(known), Contact.email_hash.in_(known)))
        .values(customer_hash=None, email_hash=None)
        .execution_options(synchronize_session="fetch")
    )


def _forget_signs(session: Session, account: Account, now: datetime) -> None:
    """Where they were signed in, what they follow, the views they kept, the keys they made."""
    session.execute(delete(BrowserSession).where(BrowserSession.account_id == account.id))
    session.execute(delete(MailedToken).where(MailedToken.account_id == account.id))
    session.execute(delete(Follow).where(Follow.account_id == account.id))
    session.execute(delete(SavedView).where(SavedView.account_id == account.id))
    session.execute(
        update(ApiToken).where(ApiToken.made_by_id == account.id, ApiToken.revoked_at.is_(None)).values(revoked_at=now)
    )


def _forget_mails(session: Session, account: Account) -> None:
    """What went to their address, or would have."""
    mails = session.scalars(
        select(Delivery).where(Delivery.kind == DeliveryKind.MAIL, Delivery.payload["to"].as_string() == account.email)
    )
    for mail in mails:
        if mail.state in (State.WAITING, State.FAILED, State.PARKED, State.HELD):
            mail.state = State.CANCELLED
        if mail.state != State.SENDING:  # the worker that has it in hand will still read it
            mail.payload = {}


def _anonymise(session: Session, account: Account, now: datetime) -> None:
    name = f"former-member-{account.id}"
    if session.scalar(select(Account.id).where(Account.name_key == name)) is not None:
        name = f"former-{secrets.token_hex(8)}"
    address = f"{secrets.token_hex(16)}@erased.invalid"
    account.name = account.name_key = name
    account.display_name = SHOWN_NAME
    account.email = account.email_key = address
    account.email_confirmed_at = account.password_hash = account.customer_number = None
    account.language = account.theme = account.superfan_since = None
    account.bio, account.role, account.closed_at = "", Role.CUSTOMER, now
    session.flush()
