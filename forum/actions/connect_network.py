"""Connect an account on a network: read what was entered, check it with the network at once, store it sealed.

Three steps, since no transaction may be open while the network is asked: `propose`, `check`, `connect_network`. The
last takes only what `check` returned, so nothing is stored that its network has not accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forum.kernel.errors import Conflict, Invalid
from forum.kernel.messages import Message
from forum.kernel.sealing import Seal
from forum.listening.connection import Connection, Withdrawal
from forum.listening.credentials import Connectable, form_name, read_credentials
from forum.listening.storable import storable
from forum.moderation.log import LogEntry
from forum.networks.port import ConnectedAccount, NetworkError, Networks
from forum.people.account import Account
from forum.people.permissions import Act, require
from forum.threads.board import Board

DEAREST_REPLY = Decimal(1_000)


@dataclass(frozen=True)
class Terms:
    """What the community decides about a connection; the network has no part in it."""

    board_id: int
    withdrawal: Withdrawal
    cost_per_reply: Decimal | None


@dataclass(frozen=True)
class Proposal:
    kind: Connectable
    settings: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)
    terms: Terms


@dataclass(frozen=True)
class Checked:
    """A proposal that its network has accepted, and whose account it is."""

    proposal: Proposal
    account: ConnectedAccount


def propose(session: Session, kind: Connectable, form: Mapping[str, str], by: Account) -> Proposal:
    """Raises Invalid with a sentence for each field that cannot be taken."""
    require(by, Act.CONNECT_NETWORKS)
    entered = read_credentials(kind, form)
    terms, errors = read_terms(session, form)
    if terms is None or entered.errors:
        raise Invalid(Message("Please check what is marked below."), {**entered.errors, **errors})
    return Proposal(kind, entered.settings, entered.secrets, terms)


def check(networks: Networks, proposal: Proposal) -> Checked:
    """Ask the network whose credentials these are; the caller has no transaction open."""
    try:
        network = networks.open(proposal.kind.name, proposal.settings, proposal.secrets)
        return Checked(proposal, network.check())
    except NetworkError as error:
        words = {"network": proposal.kind.title, "words": _without(proposal.secrets, error.words)}
        if error.permanent:
            sentence = Message("%(network)s does not take this. Its words: %(words)s", words)
        else:
            sentence = Message("%(network)s could not be asked just now. Its words: %(words)s", words)
        raise Invalid(sentence, {_blamed(proposal.kind): sentence}) from error


def connect_network(session: Session, checked: Checked, by: Account, *, seal: Seal, now: datetime) -> Connection:
    """An account that was connected before and removed comes back as the same connection, so nothing is heard twice."""
    require(by, Act.CONNECT_NETWORKS)
    proposal, account = checked.proposal, checked.account
    connection = _known(session, proposal, account)
    if connection is None:
        connection = Connection(kind=proposal.kind.name, made_at=now, made_by_id=by.id)
        session.add(connection)
    elif connection.removed_at is None:
        sentence = Message("@%(handle)s is connected already.", {"handle": account.handle})
        raise Invalid(sentence, {_blamed(proposal.kind): sentence})
    connection.title = proposal.kind.title
    connection.poll_seconds = max(round(proposal.kind.poll_every.total_seconds()), 1)
    connection.removed_at = connection.paused_at = connection.poll_lease_until = None
    take(connection, checked, seal=seal, now=now)
    try:
        session.flush()
    except IntegrityError as twice:  # somebody else connected it at the same moment
        raise Conflict(Message("@%(handle)s is connected already.", {"handle": account.handle})) from twice
    session.add(log_entry(connection, "connected", by, now))
    session.flush()
    return connection


def read_terms(session: Session, form: Mapping[str, str]) -> tuple[Terms | None, Mapping[str, Message]]:
    """The terms, or None and a sentence for each field that cannot be taken."""
    errors: dict[str, Message] = {}
    chosen = form.get("board", "")
    board = session.get(Board, int(chosen)) if chosen.isdecimal() and len(chosen) < 18 else None
    if board is None:
        errors["board"] = Message("Please choose a board.")
    elif board.private_since is not None:  # who asked on a network has to be able to read the answer
        errors["board"] = Message("Please choose a board that everybody can read.")
    withdrawal = form.get("withdrawal", "")
    if withdrawal not in set(Withdrawal):
        errors["withdrawal"] = Message("Please choose one of these.")
    cost = _cost(form.get("cost", ""), errors)
    if board is None or errors:
        return None, errors
    return Terms(board.id, Withdrawal(withdrawal), cost), errors


def take(connection: Connection, checked: Checked, *, seal: Seal, now: datetime) -> None:
    """Write what was checked into the row, the secrets sealed, and have it read at once."""
    proposal, account = checked.proposal, checked.account
    connection.settings = dict(proposal.settings)
    connection.sealed_secrets = seal.close(proposal.secrets) if proposal.secrets else ""
    connection.account_remote_id = account.remote_id
    connection.account_handle = storable(account.handle, 300)
    connection.account_name = storable(account.name, 300)
    connection.failing_since = connection.failure = None
    connection.poll_due_at = now
    agree(connection, proposal.terms)


def agree(connection: Connection, terms: Terms) -> None:
    connection.board_id = terms.board_id
    connection.withdrawal = terms.withdrawal
    connection.cost_per_reply = terms.cost_per_reply


def log_entry(connection: Connection, step: str, by: Account, now: datetime, **more: object) -> LogEntry:
    """What was done to a connection, by the names of things, never by a secret."""
    details = {"step": step, "network": connection.kind, "account": connection.account_handle, **more}
    return LogEntry(act=Act.CONNECT_NETWORKS, about=f"connection:{connection.id}", by_id=by.id, at=now, details=details)


def _known(session: Session, proposal: Proposal, account: ConnectedAccount) -> Connection | None:
    return session.scalar(
        select(Connection)
        .where(Connection.kind == proposal.kind.name, Connection.account_remote_id == account.remote_id)
        .with_for_update()
    )


def _blamed(kind: Connectable) -> str:
    """The field that a refusal is shown at: the first secret, else the first of all."""
    secrets = [asked for asked in kind.credentials if asked.secret]
    return form_name((secrets or list(kind.credentials))[0]) if kind.credentials else ""


def _without(secrets: Mapping[str, str], words: str) -> str:
    """No network should repeat a secret in its answer; should one do so, nobody reads it here."""
    for secret in secrets.values():
        words = words.replace(secret, "…")
    return words


def _cost(text: str, errors: dict[str, Message]) -> Decimal | None:
    """Money with at most four decimals; a comma stands for the point."""
    text = text.strip().replace(",", ".")
    if not text:
        return None
    try:
        cost = Decimal(text)
    except InvalidOperation:
        cost = Decimal("NaN")
    exponent = cost.as_tuple().exponent
    if not cost.is_finite() or not 0 <= cost <= DEAREST_REPLY or not isinstance(exponent, int) or exponent < -4:
        errors["cost"] = Message("Please enter an amount such as 0.01, or nothing.")
        return None
    return cost
