"""Say how a contact file is read, and let it be imported."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy.orm import Session

from forum.actions.receive_contact_file import note
from forum.kernel.database import lock
from forum.kernel.errors import Conflict, Invalid
from forum.kernel.messages import Message
from forum.ledger.contact import ContactFile, ContactMapping, FileState
from forum.ledger.contact_dates import DateOrder
from forum.ledger.contact_keys import normal
from forum.ledger.contact_plan import LEFT_OUT, Meaning, Plan
from forum.ledger.contact_rows import guess_channel
from forum.ledger.contact_text import ENCODINGS, SEPARATORS
from forum.ledger.cost import Channel
from forum.people.account import Account
from forum.people.permissions import Act, require

LONGEST_SOURCE = 60
LONGEST_SPAN = timedelta(days=3 * 366)


def plan_contact_file(session: Session, file: ContactFile, plan: Plan, source: str, by: Account) -> None:
    """Keep a plan that is still being made, however much is missing in it."""
    require(by, Act.IMPORT_CONTACTS)
    _require_previewed(session, file)
    file.mapping, file.source = plan.as_kept(), clean_source(source)
    session.flush()


def confirm_contact_file(
    session: Session,
    file: ContactFile,
    plan: Plan,
    *,
    source: str,
    covers: tuple[date | None, date | None] | None,
    by: Account,
    today: date,
    now: datetime,
) -> None:
    """`covers`: the first and the last day that the file knows in full; None where nobody says so."""
    require(by, Act.IMPORT_CONTACTS)
    _require_previewed(session, file)
    source = clean_source(source)
    wrong = wrong_in_plan(plan) | wrong_source(source) | (wrong_days(*covers, today) if covers else {})
    if wrong:
        raise Invalid(Message("Please check what is marked below."), wrong)
    file.source, file.mapping, file.state = source, plan.as_kept(), FileState.WAITING
    file.covers_from, file.covers_until = covers or (None, None)
    keep_mapping(session, source, plan, by, now)
    note(session, file, "confirmed", by, now)


def keep_mapping(session: Session, source: str, plan: Plan, by: Account, now: datetime) -> None:
    """What the next file of this source is read by."""
    kept = session.get(ContactMapping, source, with_for_update=True) or ContactMapping(source=source)
    kept.mapping, kept.set_by_id, kept.set_at = plan.as_kept(), by.id, now
    session.add(kept)
    session.flush()


def clean_source(source: str) -> str:
    return normal(source)[: LONGEST_SOURCE + 1]


def wrong_source(source: str) -> dict[str, Message]:
    if source and len(source) <= LONGEST_SOURCE:
        return {}
    return {"source": Message("Please name the system that these contacts come from, in up to 60 characters.")}


def wrong_in_plan(plan: Plan) -> dict[str, Message]:
    """By field of the form; empty where the plan can be used."""
    wrong: dict[str, Message] = {}
    if plan.encoding not in ENCODINGS:
        wrong["encoding"] = Message("Please choose an encoding.")
    if plan.separator not in SEPARATORS:
        wrong["separator"] = Message("Please choose a separator.")
    if Meaning.HAPPENED_AT not in plan.columns:
        wrong["column-happened_at"] = Message("Please choose the column that says when a contact happened.")
    if Meaning.CUSTOMER not in plan.columns and Meaning.EMAIL not in plan.columns:
        wrong["column-customer"] = Message("Please choose the customer's number, the mail address, or both.")
    places = list(plan.columns.values())
    if len(set(places)) < len(places):
        wrong.setdefault(
            "column-happened_at", Message("Two meanings share one column. Please choose each column once.")
        )
    if plan.order not in set(DateOrder):
        wrong["order"] = Message("Please choose how days are written: the file alone does not tell.")
    if plan.zone not in available_timezones():
        wrong["zone"] = Message("There is no time zone of this name. One is called Europe/Berlin, say.")
    if Meaning.CHANNEL not in plan.columns and plan.channel not in set(Channel):
        wrong["channel"] = Message("Please choose a channel.")
    if any(channel not in {*Channel, LEFT_OUT} for channel in plan.channels.values()):
        wrong["channels"] = Message("Please choose a channel.")
    return wrong


def wrong_days(first: date | None, last: date | None, today: date) -> dict[str, Message]:
    if first is None or last is None:
        return {"covers_from": Message("Please enter the first and the last day that are complete.")}
    if last < first:
        return {"covers_until": Message("The last day lies before the first.")}
    if last >= today:
        return {"covers_until": Message("A day is complete when it is over: yesterday is the latest.")}
    if last - first > LONGEST_SPAN:
        return {"covers_from": Message("Please confirm at most three years at once.")}
    return {}


def plan_from(fields: Mapping[str, str], plan: Plan) -> Plan:
    """A plan as the form says it; `plan` knows the columns' names. An unknown word stays, and is refused later."""
    columns = {
        str(meaning): int(place)
        for meaning in Meaning
        if (place := fields.get(f"column-{meaning}", "")).isdecimal() and int(place) < max(len(plan.names), 1)
    }
    channels = {
        normal(word): channel
        for key, word in fields.items()
        if key.startswith("word-")
        and (channel := fields.get(f"channel-{key.removeprefix('word-')}", ""))
        and channel != guess_channel(normal(word))  # what we know anyway need not be kept
    }
    return Plan(
        encoding=plan.encoding,
        separator=plan.separator,
        has_head=plan.has_head,
        columns=columns,
        names=plan.names,
        order=fields.get("order", ""),
        zone=_zone(fields.get("zone", ""), plan.zone),
        channel=fields.get("channel", ""),
        channels=channels,
        complete_days="complete_days" in fields,
    )


def _zone(text: str, otherwise: str) -> str:
    """The name as tzdata spells it; what is no name stays, so that the form can say so."""
    names = {name.casefold(): name for name in available_timezones()}
    found = names.get(text.strip().casefold())
    return str(ZoneInfo(found)) if found else text.strip()[:60] or otherwise


def _require_previewed(session: Session, file: ContactFile) -> None:
    lock(session, file)
    if file.state != FileState.PREVIEWED or file.body is None:
        raise Conflict(Message("This file is not waiting to be confirmed any more."))
