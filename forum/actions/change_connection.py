"""Change a connection: its terms, its settings, its secrets. Only what the network has accepted is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from forum.actions.connect_network import Checked, Proposal, agree, log_entry, read_terms, take
from forum.kernel.database import lock
from forum.kernel.errors import Conflict, Invalid
from forum.kernel.messages import Message
from forum.kernel.sealing import Seal
from forum.listening.connection import Connection
from forum.listening.credentials import Connectable, form_name, read_credentials
from forum.people.account import Account
from forum.people.permissions import Act, require


@dataclass(frozen=True)
class Change:
    proposal: Proposal
    changed: tuple[str, ...]  # the names of what changed, for the log
    asks_network: bool  # settings or secrets changed, so the network has to accept them first


def propose_change(
    session: Session, connection: Connection, kind: Connectable, form: Mapping[str, str], by: Account, *, seal: Seal
) -> Change:
    """A secret that is left empty stays. Raises Invalid with a sentence for each field that cannot be taken."""
    require(by, Act.CONNECT_NETWORKS)
    stored = _stored(connection, seal)
    entered = read_credentials(kind, form, stored)
    terms, errors = read_terms(session, form)
    if terms is None or entered.errors:
        raise Invalid(Message("Please check what is marked below."), {**entered.errors, **errors})
    settings = {**connection.settings, **entered.settings}
    names = {name for name, value in settings.items() if connection.settings.get(name, "") != value}
    before = (connection.board_id, connection.withdrawal, connection.cost_per_reply)
    after = (terms.board_id, terms.withdrawal, terms.cost_per_reply)
    words = ("board", "withdrawal", "cost_per_reply")
    changed = [word for word, old, new in zip(words, before, after, strict=True) if old != new]
    return Change(
        Proposal(kind, settings, {**stored, **entered.secrets}, terms),
        (*sorted(names | set(entered.secrets)), *changed),
        asks_network=bool(names or entered.secrets),
    )


def change_connection(
    session: Session,
    connection: Connection,
    change: Change,
    checked: Checked | None,
    by: Account,
    *,
    seal: Seal,
    now: datetime,
) -> None:
    """`checked` is what the network said of the change, where it had to be asked; the account stays the same one."""
    require(by, Act.CONNECT_NETWORKS)
    lock(session, connection)
    if connection.removed_at is not None:
        raise Conflict(Message("This connection has been removed meanwhile."))
    if not change.asks_network:
        agree(connection, change.proposal.terms)
    elif checked is None or checked.proposal is not change.proposal:
        raise ValueError("credentials are stored only after their network has accepted them")
    elif checked.account.remote_id != connection.account_remote_id:
        sentence = Message(
            "These credentials belong to @%(handle)s. Connect that account on its own.",
            {"handle": checked.account.handle},
        )
        raise Invalid(sentence, {form_name(change.proposal.kind.credentials[0]): sentence})
    else:
        take(connection, checked, seal=seal, now=now)
    if change.changed:
        session.add(log_entry(connection, "changed", by, now, changed=list(change.changed)))
    session.flush()


def _stored(connection: Connection, seal: Seal) -> Mapping[str, str]:
    """The stored secrets; none where their key is lost, so that they have to be entered anew."""
    try:
        return seal.open(connection.sealed_secrets)
    except Conflict:
        return {}
