"""Take contacts that another system sends by the API: all of a call, or none of it where one is wrong."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy.orm import Session

from forum.actions.confirm_contact_file import clean_source, wrong_days
from forum.actions.import_contacts import carried_by, settle_coverage
from forum.actions.match_contacts import CARRIES, CUSTOMERS, EMAILS, askers_by_hash, hold_contacts
from forum.actions.take_contacts import Taken, take_contacts
from forum.kernel.errors import ForumError
from forum.kernel.messages import Message
from forum.ledger.contact import ContactFile, FileState
from forum.ledger.contact_keys import ContactKeys
from forum.ledger.contact_rows import EARLIEST, LONGEST_ID, Row
from forum.ledger.cost import Channel
from forum.people.account import Account
from forum.people.permissions import Act, require

MOST = 5000
FIELDS = frozenset({"id", "happened_at", "channel", "customer_number", "email"})
LONGEST_KEY = 254


@dataclass(frozen=True)
class Fault:
    """`index` counts the contacts of a call from 0; None where the call itself is meant."""

    index: int | None
    field: str
    message: Message


class Faulty(ForumError):
    """Every fault of a call, up to the first hundred; nothing of it was taken."""

    status = 422

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(Message("Nothing was taken: some of it cannot be read."))
        self.faults = faults[:100]


@dataclass(frozen=True)
class Received:
    file_id: int | None  # None: nothing in it was new
    taken: int
    known: int


def receive_contacts(
    session: Session, sent: object, *, source: str, by: Account, keys: ContactKeys, zone: tzinfo, now: datetime
) -> Received:
    """`sent` is the call's JSON: an array of contacts, or an object that holds it as "contacts", with "source" and "covers"."""
    require(by, Act.IMPORT_CONTACTS)
    envelope = sent if isinstance(sent, dict) else {"contacts": sent}
    contacts, covers, source = _envelope(envelope, source, now.astimezone(zone).date())
    rows, faults = _rows(contacts, keys, now)
    if faults:
        raise Faulty(faults)
    hold_contacts(session)
    file = ContactFile(
        name=Message("Call of the API").text,
        source=source,
        arrived_by="api",
        sha256=hashlib.sha256(json.dumps(sent, sort_keys=True).encode()).hexdigest(),
        mapping={CARRIES: sorted(carried_by(rows)) if rows else [CUSTOMERS, EMAILS]},
        state=FileState.WAITING,
        by_id=by.id,
        arrived_at=now,
    )
    session.add(file)
    session.flush()
    taken = take_contacts(session, file, rows, askers_by_hash(session, keys), now)
    if taken.new == 0 and covers is None:
        session.delete(file)  # a call sent again leaves no trace
        session.flush()
        return Received(None, 0, taken.known)
    return _received(session, file, len(rows), taken, covers, keys, zone, now)


def _received(
    session: Session,
    file: ContactFile,
    read: int,
    taken: Taken,
    covers: tuple[date, date] | None,
    keys: ContactKeys,
    zone: tzinfo,
    now: datetime,
) -> Received:
    file.read, file.taken, file.known, file.refused = read, taken.new, taken.known, 0
    file.covers_from, file.covers_until = covers or (None, None)
    settle_coverage(session, file, keys, zone, now)
    return Received(file.id, taken.new, taken.known)


def _envelope(
    sent: Mapping[str, Any], source: str, today: date
) -> tuple[Sequence[object], tuple[date, date] | None, str]:
    faults = [
        Fault(None, key, Message("There is no such field."))
        for key in sent
        if key not in ("contacts", "covers", "source")
    ]
    contacts = sent.get("contacts")
    if not isinstance(contacts, list):
        faults.append(Fault(None, "contacts", Message("This has to be an array of contacts.")))
    elif len(contacts) > MOST:
        faults.append(Fault(None, "contacts", Message("A call holds at most %(most)s contacts.", {"most": MOST})))
    named = sent.get("source", source)
    source = clean_source(named) if isinstance(named, str) else ""
    if not source or len(source) > 60:
        faults.append(Fault(None, "source", Message("This has to be a name of up to 60 characters.")))
    covers, wrong = _covers(sent.get("covers"), today)
    faults += wrong
    if faults or not isinstance(contacts, list):
        raise Faulty(faults)
    return contacts, covers, source


def _covers(given: object, today: date) -> tuple[tuple[date, date] | None, list[Fault]]:
    if given is None:
        return None, []
    if not isinstance(given, dict) or set(given) != {"from", "until"}:
        return None, [Fault(None, "covers", Message("This has to hold two days, as from and until."))]
    first, last = _day(given["from"]), _day(given["until"])
    wrong = wrong_days(first, last, today)
    if wrong or first is None or last is None:
        return None, [Fault(None, "covers", message) for message in wrong.values()]
    return (first, last), []


def _day(given: object) -> date | None:
    try:
        return date.fromisoformat(given) if isinstance(given, str) and len(given) == 10 else None
    except ValueError:
        return None


def _rows(contacts: Sequence[object], keys: ContactKeys, now: datetime) -> tuple[list[Row], list[Fault]]:
    rows: list[Row] = []
    faults: list[Fault] = []
    for index, given in enumerate(contacts):
        if not isinstance(given, dict):
            faults.append(Fault(index, "", Message("This has to be an object.")))
            continue
        wrong = _wrong(given, now)
        faults += [Fault(index, field, message) for field, message in wrong]
        if not wrong:
            rows.append(_row(given, keys))
    return rows, faults


def _wrong(given: Mapping[str, Any], now: datetime) -> list[tuple[str, Message]]:
    wrong = [(str(key)[:40], Message("There is no such field.")) for key in given if key not in FIELDS]
    if given.get("channel") not in list(Channel):
        wrong.append(("channel", Message("This has to be one of phone, chat, email, store, network.")))
    happened_at = _moment(given.get("happened_at"))
    if happened_at is None:
        wrong.append(
            ("happened_at", Message("This has to be a time with its offset, such as 2026-03-04T15:30:00+01:00."))
        )
    elif not EARLIEST <= happened_at <= now:
        wrong.append(("happened_at", Message("This lies in the future, or too long ago to be right.")))
    for key, longest in (("id", LONGEST_ID), ("customer_number", LONGEST_KEY), ("email", LONGEST_KEY)):
        text = given.get(key)
        if text is not None and (
            not isinstance(text, str) or len(text) > longest or "\0" in text or not _writable(text)
        ):
            wrong.append((key, Message("This has to be a text of at most %(most)s characters.", {"most": longest})))
    if not str(given.get("id") or "").strip():
        wrong.append(("id", Message("Every contact needs the number that your system knows it by.")))
    if isinstance(given.get("email"), str) and given["email"].strip() and "@" not in given["email"]:
        wrong.append(("email", Message("This is no mail address.")))
    return wrong


def _row(given: Mapping[str, Any], keys: ContactKeys) -> Row:
    happened_at = _moment(given["happened_at"])
    assert happened_at is not None
    return Row(
        given["id"].strip(),
        given["channel"],
        happened_at,
        keys.of_customer(given.get("customer_number")),
        keys.of_email(given.get("email")),
    )


def _moment(given: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(given) if isinstance(given, str) else None
        return moment if moment is not None and moment.tzinfo is not None and moment.utctimetuple() else None
    except (ValueError, OverflowError):
        return None


def _writable(text: str) -> bool:
    """JSON may hold half of a pair of surrogates, which no database takes."""
    return not any("\ud800" <= character <= "\udfff" for character in text)
