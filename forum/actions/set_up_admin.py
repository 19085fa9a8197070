"""Set the community up: a link for the operator, and with it the first admin and the first board."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.actions.sign_up import sign_up
from forum.kernel.errors import Conflict
from forum.kernel.messages import Message
from forum.people.account import Account
from forum.people.roles import Role
from forum.people.sessions import begin_session
from forum.people.tokens import Purpose, make_token, use_token
from forum.threads.board import Board


def make_setup_link(session: Session, now: datetime) -> str:
    """The secret of a new link, which voids the older ones. Raises Conflict once there is an admin."""
    _require_no_admin(session)
    return make_token(session, Purpose.SETUP, None, now)[0]


def set_up_admin(
    session: Session,
    secret: str,
    *,
    name: str,
    email: str,
    password: str,
    language: str | None = None,
    browser: str,
    address: str,
    now: datetime,
) -> str:
    """The first admin; the new session's secret is returned. Makes the board General where there is none.

    What is wrong in the form leaves the link good, since the caller then commits nothing.
    """
    account = sign_up(session, name=name, email=email, password=password, language=language, role=Role.ADMIN, now=now)
    use_token(session, Purpose.SETUP, secret, now)
    _require_no_admin(session, but=account)
    if session.scalar(select(Board.id).limit(1)) is None:
        session.add(Board(slug="general", name="General", created_at=now))
    return begin_session(session, account, browser, address, now)


def _require_no_admin(session: Session, but: Account | None = None) -> None:
    admins = select(Account.id).where(Account.role == Role.ADMIN, Account.closed_at.is_(None))
    if but is not None:
        admins = admins.where(Account.id != but.id)
    if session.scalar(admins.limit(1)) is not None:
        raise Conflict(Message("This community has an admin already."))
